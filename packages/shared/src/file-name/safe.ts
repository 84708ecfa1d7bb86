/** How long a name may be, in bytes of UTF-8, on every file system in use. */
const MAX_BYTES = 255;

/**
 * A name that is safe on every system, the same on all of them; `undefined` where nothing is left of it. Separators are replaced, not cut at:
 * `Sales 01/02/2024.csv` keeps its beginning.
 */
export function safeFileName(name: string): string | undefined {
  const clean = name
    .normalize("NFC")
    .replace(/[\u200b-\u200d\u2060\ufeff]/g, "")
    .replace(/[\t \xa0]+/g, " ")
    .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069<>:"/\\|?*]/gu, "_")
    .replace(/^[ .]+|[ .]+$/g, "");
  if (/^_*$/.test(clean)) return undefined;
  const device =
    /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³]) *(\.|$)|^(desktop\.ini|thumbs\.db)$/i.test(clean);
  const opened = /\.(lnk|local|scf|url|desktop|library-ms|search-ms|\{[\da-f-]+\})$/i.test(clean);
  return fitFileName((device ? "_" : "") + clean + (opened ? ".download" : ""));
}

/** Shortens a name to what file systems allow, between characters, and keeps its extension; `insert` is put before that. */
export function fitFileName(name: string, insert = "", maxBytes: number = MAX_BYTES): string {
  const extension = /.((?:\.tar)?\.[^. ]{1,16})$/.exec(name)?.[1] ?? "";
  const end = insert + extension;
  return truncate(name.slice(0, name.length - extension.length), maxBytes - size(end)) + end;
}

function size(text: string): number {
  return new TextEncoder().encode(text).length;
}

function truncate(text: string, maxBytes: number): string {
  let left = maxBytes;
  let kept = "";
  for (const char of text) {
    left -= size(char);
    if (left < 0) break;
    kept += char;
  }
  return kept;
}
