/** Parameters of a header, one match each: quoted junk, or a name, and its value, quoted or not. */
const PARAMETER =
  /(?:"(?:\\.|[^"\\])*"?[^;]*|([^;="]*)(?:=\s*(?:"((?:\\.|[^"\\])*)(?:"[^;]*|(\\?)$)|([^;]*)))?[^;]*)(?:;|$)/gsy;

/**
 * The file name in a Content-Disposition header, as the server meant it: not yet safe to use. Lenient where browsers agree, strict where leniency
 * would invent text. RFC 6266, RFC 8187; also RFC 2047 words, raw UTF-8 and percent-encoded UTF-8, which servers send against the rules.
 */
export function fileNameFromHeader(header: string): string | undefined {
  let plain: string | undefined;
  let extended: string | undefined;
  for (const [, name = "", quoted, stray = "", bare] of header.matchAll(PARAMETER)) {
    const value =
      quoted === undefined
        ? bare?.replace(/,\s*(attachment|inline)\b.*$/is, "").trim()
        : quoted.replace(/\\(.)/gs, "$1") + stray;
    const key = name.trim().toLowerCase();
    if (key === "filename") plain ??= value;
    if (key === "filename*") extended ??= value;
  }
  return (extended && decodeExtended(extended)) || (plain && decodePlain(plain)) || undefined;
}

/** RFC 8187: charset, two quotes, percent-encoded bytes. */
function decodeExtended(value: string): string | undefined {
  const [, charset, text] = /^([^']+)'[^']*'((?:[^%]|%[\da-f]{2})*)$/i.exec(value) ?? [];
  return charset && text && decodeBytes(unescapeBytes(text, "%"), charset);
}

function decodePlain(value: string): string | undefined {
  const word = value.indexOf("=?");
  if (word >= 0 && /^=\?[^?]*\?[^?]*\?.*\?=/s.test(value.slice(word))) return decodeWords(value);
  // fetch and node:http hand a header's bytes over as one character each.
  const bytes = /^[\0-\xff]*$/.test(value) && /[\x80-\xff]/.test(value);
  const text = (bytes && (decodeBytes(value, "utf-8") ?? decodeBytes(value, "windows-1252"))) || value;
  try {
    const unescaped = decodeURIComponent(text);
    return /[^\0-\x7f]/.test(unescaped) ? unescaped : text;
  } catch {
    return text;
  }
}

/** RFC 2047: all words well-formed, or nothing. */
function decodeWords(value: string): string | undefined {
  let bad = false;
  const text = value.replace(
    /=\?([^?]*)\?([bq])\?([^?]*)\?=(?:\s+(?==\?))?|=\?/gi,
    (_, charset?: string, kind?: string, data = "") => {
      const word = charset && kind && decodeWord(charset, kind, data);
      bad ||= word === undefined || word === "";
      return word ?? "";
    },
  );
  return bad ? undefined : text;
}

function decodeWord(charset: string, kind: string, data: string): string | undefined {
  try {
    if (/b/i.test(kind)) return decodeBytes(atob(data), charset);
    return /=(?![\da-f]{2})/i.test(data)
      ? undefined
      : decodeBytes(unescapeBytes(data.replace(/_/g, " "), "="), charset);
  } catch {
    return undefined;
  }
}

function unescapeBytes(text: string, sign: "%" | "="): string {
  return text.replace(new RegExp(`${sign}(..)`, "g"), (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Text from bytes that stand as one character each; `undefined` where they are none in this charset, or nobody knows it. */
function decodeBytes(bytes: string, charset: string): string | undefined {
  if (/^iso-8859-1$/i.test(charset)) return /[\x80-\x9f]/.test(bytes) ? undefined : bytes;
  try {
    const all = new Uint8Array(bytes.length);
    for (let at = 0; at < all.length; at++) all[at] = bytes.charCodeAt(at);
    return new TextDecoder(charset, { fatal: true }).decode(all);
  } catch {
    return undefined;
  }
}
