// biome-ignore-all lint/complexity/noUselessStringRaw: every pattern is written in the same way
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a pattern that the sources build is listed as it stands there
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { expectLinear, type Pumped } from "./testing/linear.js";

/**
 * Every regular expression of the package. A new one is in no list, and fails here: write it into the first one if it meets what a server, a vendor, a
 * file or a token says, with the worst that you can think of; into the second one, with the reason, if it meets only what is short, or what the user or we wrote.
 */
const FOREIGN: readonly (readonly [
  pattern: string,
  ...worst: (readonly [before: string, pump: string, after: string])[],
])[] = [
  [String.raw`/[\x80-\xff]/g`, ["", "\xe9", ""]],
  [String.raw`/^(|gzip|deflate|br)$/`, ["", "gzip", ""]],
  [
    String.raw`/^(text\/(html|plain|xml)|application\/(json|xml))$|\+(json|xml)$/`,
    ["text/html", "+json", "x"],
    ["", "+", ""],
  ],
  [
    String.raw`/^(text|application)\/(x-)?(csv|tab-separated-values|comma-separated-values|tsv)$/`,
    ["text/", "x-", ""],
  ],
  [String.raw`/^(text|application)\/(x-)?(ndjson|jsonl|jsonlines|json-lines)$/`, ["text/", "jsonl", ""]],
  [
    String.raw`/^(text\/plain|(application|binary)\/(octet-stream|download|x-download|force-download))$/`,
    ["application/", "download", ""],
  ],
  [String.raw`/\.(csv|tsv|ssv)$/i`, ["", ".csv", "_"]],
  [String.raw`/\.(ndjson|jsonl)$/i`, ["", ".jsonl", "_"]],
  [String.raw`/\.[a-z0-9]{1,9}$/i`, ["", ".a", "_"], [".", "a", ""]],
  [String.raw`/\.[a-z0-9]{1,9}(\.gz)?$/i`, ["", ".gz", "_"], [".", "a", ""]],
  [String.raw`/^x-/`, ["", "x-", ""]],
  [String.raw`/[/.-]/`, ["", "/", ""]],
  [String.raw`/^\.t/i`, [".", "t", ""]],
  [String.raw`/^\s*[[{]/`, ["", " ", "x"]],
  [
    String.raw`/(\bhttps?:\/\/[^\s"'<>?#]+)(\?[^\s"'<>]+)?/g`,
    ["", "http://", ""],
    ["http://a", "?", ""],
    ["", "http://?", ""],
  ],
  [String.raw`/\s+/g`, ["a", " ", "b"]],
  [
    String.raw`/<(script|style)\b[\s\S]*?(<\/\1>|$)/gi`,
    ["", "<script>", ""],
    ["<style>", "</script>", ""],
    ["<script>", "</", ""],
  ],
  [String.raw`/<[^<>]*>/g`, ["", "<", ""], ["<", "a", ""]],
  [String.raw`/\.[a-z][a-z0-9]{0,9}$/i`, ["", ".a", "_"], [".", "a", ""]],
  [
    String.raw`/(?:"(?:\\.|[^"\\])*"?[^;]*|([^;="]*)(?:=\s*(?:"((?:\\.|[^"\\])*)(?:"[^;]*|(\\?)$)|([^;]*)))?[^;]*)(?:;|$)/gsy`,
    ["filename=", '"', ""],
    ['filename="', "\\", ""],
    ["filename=", " ", '"'],
    ["", "=", ""],
    ["", ';filename="', ""],
  ],
  [String.raw`/,\s*(attachment|inline)\b.*$/is`, ["", ",", ""], [",", " ", "x"], ["", ",inline_", ""]],
  [String.raw`/\\(.)/gs`, ["", "\\", ""]],
  [
    String.raw`/^([^']+)'[^']*'((?:[^%]|%[\da-f]{2})*)$/i`,
    ["utf-8''", "%", ""],
    ["utf-8''", "%41", "%"],
    ["", "'", ""],
  ],
  [String.raw`/^=\?[^?]*\?[^?]*\?.*\?=/s`, ["=", "?", ""], ["=?", "?=x", ""], ["", "=?", ""]],
  [String.raw`/^[\0-\xff]*$/`, ["", "\xe9", "\u0100"]],
  [String.raw`/[\x80-\xff]/`, ["", "a", ""]],
  [String.raw`/[^\0-\x7f]/`, ["", "a", ""]],
  [
    String.raw`/=\?([^?]*)\?([bq])\?([^?]*)\?=(?:\s+(?==\?))?|=\?/gi`,
    ["=", "?", ""],
    ["", "=?a?b?", ""],
    ["=?a?b?c?=", " ", "x"],
    ["", "=?", ""],
  ],
  [String.raw`/b/i`, ["", "a", ""]],
  [String.raw`/=(?![\da-f]{2})/i`, ["", "=41", ""]],
  [String.raw`/_/g`, ["", "_", ""]],
  [String.raw`new RegExp(${"`${sign}(..)`"}, "g")`],
  [String.raw`/^iso-8859-1$/i`, ["iso-8859-1", " ", ""]],
  [String.raw`/[\x80-\x9f]/`, ["", "\xe9", ""]],
  [String.raw`/[\u200b-\u200d\u2060\ufeff]/g`, ["", "\u200b", ""]],
  [String.raw`/[\t \xa0]+/g`, ["a", " ", "b"]],
  [
    String.raw`/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069<>:"/\\|?*]/gu`,
    ["", "\u0000", ""],
    ["", "\ud800", ""],
  ],
  [String.raw`/^_*$/`, ["", "_", "a"]],
  [
    String.raw`/^(con|prn|aux|nul|clock\$|conin\$|conout\$|(com|lpt)[\d¹²³]) *(\.|$)|^(desktop\.ini|thumbs\.db)$/i`,
    ["con", " ", "x"],
  ],
  [
    String.raw`/\.(lnk|local|scf|url|desktop|library-ms|search-ms|\{[\da-f-]+\})$/i`,
    ["", ".{", ""],
    [".{", "a", ""],
    ["", ".{a}", ""],
  ],
  [String.raw`/.((?:\.tar)?\.[^. ]{1,16})$/`, ["", ".tar", "."], ["", ".", ""]],
  [String.raw`/^"[^"]*"$/`, ['"', '"', ""], ['"', "a", ""]],
  [String.raw`/^\d{1,15}$/`, ["", "1", ""]],
  [
    String.raw`/^bytes (?:(\d{1,15})-(\d{1,15})|\*)\/(\d{1,15}|\*)$/i`,
    ["bytes ", "1", ""],
    ["bytes 1-", "1", ""],
    ["bytes 1-2/", "1", ""],
  ],
  [String.raw`/[a-z]/i`, ["", "1", ""]],
  [String.raw`/^\s*\d{1,10}(\.\d+)?\s*$/`, ["", " ", "x"], ["1.", "1", "x"], ["1", " ", "x"]],
  [String.raw`/^(identity|aws-chunked|none)?$/`, ["", "none", ""]],
  [String.raw`/[\s,]+/`, ["a", ", ", "b"]],
  [String.raw`/json/`, ["", "jso", ""]],
  [String.raw`/^"(.*)"$/`, ['"', '"', "x"]],
  [String.raw`/^\s*\d{1,15}\s*$/`, ["1", " ", "x"]],
  [
    String.raw`/\s*"[^"]*"((?:\s*;\s*[a-z*][\w.*-]*=(?:\d+|"[^"]*"|:[\w+/=]*:))*)\s*(?:,|$)/y`,
    ['"a"', ";a=1", "x"],
    ['"a";a=', "1", "x"],
    ['"a"', " ", "x"],
    ['"a"', ' ;a="', ""],
    ["", '"', ""],
  ],
  [String.raw`/;\s*r=(\d+)/`, ["", ";", ""], [";", " ", ""], ["", "; r=", ""]],
  [String.raw`/;\s*t=(\d+)/`, ["", ";", ""], [";", " ", ""]],
  [String.raw`/^\..+\.[\da-f]{12}\.part$/`, [".", ".0123456789ab", ".par"]],
  [String.raw`/^\.(.+)\.[\da-f]{12}\.old$/`, [".", ".0123456789ab", ".ol"]],
  [String.raw`/^(\..+\.keep)\.(parts\.)?(json|lock)$/`, [".", ".keep", ".js"], [".", ".keep.parts", ".js"]],
  [String.raw`/json|html/`, ["", "jso", ""], ["", "htm", ""]],
  [String.raw`/^(v\d+)\.([\w-]+)\.(\w+)$/`, ["v", "1", ""], ["v1.", "a", "-"], ["v1.a", ".a", "."]],
  [String.raw`/^(inner_?error|cause|errors?|details)$/i`, ["", "error", ""]],
  [
    String.raw`/^\s*sha-(256|512)=:([a-z\d+/]{43,86}={1,2}):/i`,
    ["", " ", "x"],
    ["sha-256=:", "a", ""],
    ["sha-256=:", "=", ""],
  ],
  [String.raw`/^[\w+/]*={1,2}$/`, ["", "a", ":"], ["", "=", ":"]],
  [String.raw`/[^\da-f]/`, ["", "a", ""]],
  [String.raw`/\?[^\s"'<>?=]*=[^\s"'<>]*/g`, ["", "?", ""], ["?", "a", ""], ["", "?a", ""], ["?", "=", ""]],
  [String.raw`/^https?:$/`, ["http", ":", ""]],
  [String.raw`/[/+]json\b/i`, ["", "/", ""], ["", "+json_", ""]],
  [String.raw`/\d{16}/`, ["", "1", ""], ["", "123456789012345 ", ""]],
  [String.raw`/^-?\d{16,}$/`, ["", "1", "x"]],
  [
    String.raw`/^(application|binary)\/(octet-stream|download|x-download|force-download)$/`,
    ["application/", "x-", ""],
  ],
  [
    String.raw`/"[^"\\]*(?:\\.?[^"\\]*)*(?:"|$)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs`,
    ["", '\\"', ""],
    ["", '"', ""],
    ['"', "\\", ""],
    ["", "1", "."],
    ["", "1.", ""],
    ["", "1e", ""],
  ],
  [String.raw`/\.(t?)gz(ip)?$/i`, ["", ".gz", "x"], [".", "t", ""]],
  [String.raw`/^application\/(x-)?gzip$/`, ["application/", "x-", ""]],
  [String.raw`/^(none|no|false|identity|uncompressed)?$/i`, ["", "no", ""]],
  [String.raw`/gzip/i`, ["", "gzi", ""]],
  [String.raw`/^text|json/`, ["", "jso", ""], ["", "tex", ""]],
  [String.raw`/html/`, ["", "htm", ""]],
  [String.raw`/^text\/(?!json)/`, ["", "text/json", ""]],
  [String.raw`/^[\x20-\x7e]+$/`, ["", "a", "\n"]],
];

const OWN: Readonly<Record<string, string>> = {
  [String.raw`/^(stack|message|name|cause|errors|code|errno|syscall|address|port|hostname|library|reason)$/`]:
    "the names of an error's members",
  [String.raw`new RegExp(${"`\\\\.(${extension}|t${extension})$`"}, "i")`]:
    "a safe name of at most 255 bytes",
  [String.raw`/\.part-\d{4,}(\.[^/]*)?$/`]: "the name of a file on disk, of at most 255 bytes",
  [String.raw`/[\\/]$/`]: "the user's path",
  [String.raw`/^(auto|join|apart)$/`]: "the user's option",
  [String.raw`/^(401|403|404|410)$/`]: "a status code",
  [String.raw`/[\0-\x08\x0a-\x1f\x7f]|[^\0-\xff]/`]: "the user's credentials",
  [String.raw`/\?.*$/`]: "an address that we made",
  [String.raw`/^[\w-][\w.-]{0,150}$/`]: "a key that the user's program gives",
  [String.raw`/\{(\w+)\}/g`]: "a path of the spec",
  [String.raw`/^\.\.?$/`]: "the user's values",
  [String.raw`/^\.\.?$|\p{Cs}/u`]: "the user's values, and ids, character by character",
  [String.raw`/^https?:\/\/[^/]/i`]: "the user's options",
  [String.raw`/json|^text\/|urlencoded/`]: "the user's headers",
  [String.raw`/=+$/`]: "base64 that we made",
  [String.raw`/%\w\w/g`]: "the user's credentials",
  [String.raw`/^(\w+:\/\/[^/]+)(.*)$/`]: "an address of the spec",
  [String.raw`/^[\w.-]+(:\d+)?(\/[\w.-]+)*$/`]: "the user's options",
  [String.raw`/\/+$/`]: "the user's options",
  [String.raw`/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|FailedToOpenSocket|ERR_TLS_\w+|ERR_SSL_\w+|EPROTO|ERR_INVALID_URL|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/`]:
    "a code of the system",
  [String.raw`/^(EPERM|ENOTSUP|EOPNOTSUPP|ENOSYS|EMLINK|EXDEV|EINVAL|UNKNOWN|EISDIR)$/`]:
    "a code of the system",
  [String.raw`/^(DIGEST_MISMATCH|SIZE_MISMATCH|SOURCE_CHANGED|TOO_LARGE|DECODE_ERROR|UNEXPECTED_CONTENT)$/`]:
    "a code of ours",
  [String.raw`/^(EISDIR|EPERM|EACCES|EINVAL|ENOTSUP|EBADF)$/`]: "a code of the system",
  [String.raw`/^[ .]+|[ .]+$/g`]: "a name of at most 1024 characters",
  [String.raw`/[\s.]+$/`]: "what `short` returns, at most 200 characters",
  [String.raw`/^(accept|accept-language|user-agent)$/`]: "the user's headers",
  [String.raw`/[^\t\x20-\x7e\x80-\xff]/`]: "the user's headers",
  [String.raw`/^30[12378]$/`]: "a status",
  [String.raw`/^30[78]$/`]: "a status",
  [String.raw`/^(408|425|429|50[0234]|52[0-4])$/`]: "a status",
  [String.raw`/^(ERR_(?!STREAM|HTTP2|SOCKET)|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HPE_(?!INVALID_EOF))/`]:
    "a code of the system",
};

/** What finds most mistakes: a run of one thing, with and without something that ends it. */
const RUNS = [
  " ",
  ".",
  ",",
  ";",
  "=",
  '"',
  "\\",
  "'",
  "<",
  ">",
  "?",
  "/",
  "%",
  "-",
  "_",
  ":",
  "{",
  "a",
  "1",
  "\t",
  "a.",
  "a ",
  "=?",
];
const shapes: Pumped[] = RUNS.flatMap((pump) => [
  { before: "", pump, after: "" },
  { before: "a", pump, after: "\0" },
]);

const patterns = readdirSync(new URL(".", import.meta.url), { recursive: true, encoding: "utf8" })
  .filter((name) => /\.ts$/.test(name) && !/\.test(-d)?\.ts$|^testing\//.test(name))
  .flatMap((name) =>
    patternsOf(fileURLToPath(new URL(name, import.meta.url))).map((text) => ({ name, text })),
  );

function patternsOf(path: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) found.push(node.text);
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === "RegExp")
      found.push(node.getText());
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true));
  return found;
}

function toReader(pattern: string): ((text: string) => unknown) | undefined {
  const [, source = "", flags = ""] = /^\/(.*)\/([a-z]*)$/s.exec(pattern) ?? [];
  if (!source) return undefined;
  const regex = new RegExp(source, flags);
  if (regex.global) return (text) => text.replace(regex, "");
  return (text) => {
    regex.lastIndex = 0;
    return regex.exec(text);
  };
}

describe("regular expressions", () => {
  it("stand in one of the lists, and nothing else does", () => {
    const listed = new Set([...FOREIGN.map(([pattern]) => pattern), ...Object.keys(OWN)]);
    const unlisted = patterns.filter(({ text }) => !listed.has(text));
    expect(unlisted, "write them into one of the lists of this test").toEqual([]);
    const used = new Set(patterns.map(({ text }) => text));
    expect(
      [...listed].filter((pattern) => !used.has(pattern)),
      "no file has them any more",
    ).toEqual([]);
  });

  it.each(FOREIGN.map(([pattern, ...worst]) => ({ pattern, worst })))(
    "3.2 $pattern reads 100 kB of its worst in linear time",
    ({ pattern, worst }) => {
      const read = toReader(pattern);
      if (!read) return;
      const own = worst.map(([before, pump, after]) => ({ before, pump, after }));
      for (const shape of [...own, ...shapes]) expectLinear(read, shape);
    },
  );
});
