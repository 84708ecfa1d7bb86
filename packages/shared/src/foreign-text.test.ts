import fc from "fast-check";
import { describe, it } from "vitest";
import { plainText, short } from "./errors/text.js";
import { mediaType } from "./file/file-types.js";
import { contentRange, versionOf } from "./file/version.js";
import { fileNameOf } from "./file-name/file-name.js";
import { fileNameFromHeader } from "./file-name/header.js";
import { safeFileName } from "./file-name/safe.js";
import { createRedaction } from "./http/redaction.js";
import { redirectUrl } from "./http/redirect-url.js";
import { retryAfterMs } from "./http/retry-after.js";
import { contentEncoding } from "./http/transport.js";
import { expectLinear, type Pumped } from "./testing/linear.js";
import { createDigests, verifyContent } from "./transfer/digests.js";
import { withExactIntegers } from "./workflow/json.js";

const RUNS = { numRuns: Number(process.env["FUZZ_RUNS"] ?? 60) };

/** Texts that begin, go on and end with pieces of what a reader looks for. */
function pumped(...pieces: string[]): fc.Arbitrary<Pumped> {
  const common = [
    " ",
    "\t",
    '"',
    "'",
    "\\",
    "=",
    ";",
    ",",
    "/",
    "%",
    ".",
    "_",
    "-",
    "a",
    "0",
    "\xe9",
    "?",
    ":",
    "*",
  ];
  const piece = fc.constantFrom(...pieces, ...common);
  const some = (minLength: number) => fc.array(piece, { minLength, maxLength: 4 }).map((all) => all.join(""));
  return fc.record({ before: some(0), pump: some(1), after: some(0) });
}

/** A reply with one header, as it came: `Headers` itself would cut blanks off its ends. */
function having(name: string, value: string): Headers {
  return {
    get: (asked: string) => (asked === name ? value : null),
    has: (asked: string) => asked === name,
  } as Headers;
}

describe("3.2 what reads foreign text reads 100 kB within 50 ms, in linear time", () => {
  const url = new URL("https://v.example/file");

  it.each<[string, (text: string) => unknown, string[]]>([
    [
      "Content-Disposition",
      (text) => {
        fileNameFromHeader(text);
        fileNameOf({ headers: having("content-disposition", text), url }, {});
      },
      [
        "filename",
        "filename*=utf-8''",
        "attachment;",
        "=?",
        "?=",
        "?b?",
        "?q?",
        "=?utf-8?b?QQ==?=",
        "%41",
        "inline",
      ],
    ],
    [
      "file names",
      (text) => safeFileName(text),
      ["con", "\u0301", "\u0323", "\u200b", "\ud83d", "\ude00", ".tar", "..", "ä"],
    ],
    [
      "the end of an address",
      (text) => fileNameOf({ headers: new Headers(), url: { pathname: text } as URL }, {}),
      ["/", "%2f", "%", ".csv"],
    ],
    [
      "Content-Range",
      (text) => contentRange(having("content-range", text)),
      ["bytes", "bytes ", "1-2/3", "*", "0"],
    ],
    [
      "Repr-Digest",
      (text) => void createDigests({}, text),
      ["sha-256", "sha-512=:", "sha-256=:QUFB", "=:", ":", "AAAA", "unixsum=:", "==:"],
    ],
    [
      "Content-Digest",
      (text) =>
        void verifyContent({
          headers: having("content-digest", text),
          body: (async function* () {})(),
        } as unknown as Parameters<typeof verifyContent>[0]),
      ["sha-256", "sha-512=:", "=:", ":", "AAAA"],
    ],
    [
      "Retry-After",
      (text) => retryAfterMs(having("retry-after", text), 0),
      ["1", ".", "Mon, 05 Jan 2026", "GMT", "(", ")", "+", "10:00"],
    ],
    ["retry-after-ms", (text) => retryAfterMs(having("retry-after-ms", text), 0), ["1", "."]],
    [
      "the validators",
      (text) => {
        for (const name of ["etag", "last-modified", "date", "content-length", "accept-ranges"])
          versionOf({ headers: having(name, text) });
      },
      ['W/"', "Mon, 05 Jan 2026 10:00:00 GMT", "(", ")", "1"],
    ],
    [
      "Content-Encoding",
      (text) => contentEncoding(having("content-encoding", text)),
      ["gzip", "none", "identity"],
    ],
    ["Content-Type", (text) => mediaType(having("content-type", text)), ["text/csv", "charset"]],
    [
      "Location",
      (text) => redirectUrl(having("location", text), url),
      ["http://", "//", "..", "/../", "\xc3\xa9", "@", "[", "#"],
    ],
    [
      "what a refused reply says",
      (text) => short(plainText(text)),
      ["<script>", "</script>", "<", ">", "<style", "&"],
    ],
    [
      "JSON",
      (text) => withExactIntegers(`${text}1234567890123456`),
      ['"', '\\"', "1234567890123456", "1e", ".5", "[", "{"],
    ],
    [
      "words that a message quotes",
      (text) => createRedaction().redact(text),
      ["http://", "https://", "#", "\n"],
    ],
  ])(
    "%s",
    (_what, read, pieces) => {
      fc.assert(
        fc.property(pumped(...pieces), (shape) => expectLinear(read, shape)),
        RUNS,
      );
    },
    60_000,
  );
});
