import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { DownloadEvent, SaveOptions } from "../file/options.js";
import { testClock } from "../testing/download-clock.js";
import { testFolder } from "../testing/folder.js";
import { type Answer, answer, chunked, part, rawServer, rest, whole } from "../testing/raw-server.js";
import { type DownloadSource, download, downloadTo, type RequestOptions } from "./download.js";

const S = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 31 + (index >> 8)) & 255));
const V2 = Buffer.from(S.map((byte) => byte ^ 255));
const HALF = 50_000;
const TAG = ['ETag: "v1"'];
const DAY = "Date: Mon, 05 Jan 2026 12:00:00 GMT";
const OLD = "Last-Modified: Mon, 05 Jan 2026 10:00:00 GMT";

async function save(
  answers: Answer[],
  options: SaveOptions & RequestOptions = {},
  source?: (origin: string) => DownloadSource,
) {
  const server = await rawServer(...answers);
  const folder = await testFolder();
  const clock = testClock();
  const events: DownloadEvent[] = [];
  const result = await downloadTo(source?.(server.origin) ?? server.url(), folder.file("f"), {
    clock,
    random: () => 0.5,
    onEvent: (event) => events.push(event),
    ...options,
  }).catch((error: unknown) => error);
  const names = await folder.names();
  return {
    result,
    names,
    clock,
    restarts: events.filter((event) => event.type === "restarted").map((event) => event.reason),
    ranges: server.requests.map(({ range }) => range),
    file: names.includes("f") ? await folder.read("f") : undefined,
  };
}

describe("cut bodies", () => {
  it.each(["fin", "rst"] as const)(
    "19, 20. goes on after a cut (%s) with the bytes that are missing",
    async (ending) => {
      const { result, ranges, file } = await save([whole(S, TAG, HALF, ending), rest(S, TAG)]);
      expect(result).toMatchObject({
        attempts: 2,
        resumed: 1,
        restarted: 0,
        integrity: "length",
        etag: '"v1"',
      });
      expect(ranges).toEqual(["", 'bytes=50000- "v1"']);
      expect(file?.equals(S)).toBe(true);
    },
  );

  it("21. begins anew where the range is ignored, digest included", async () => {
    const sha256 = createHash("sha256").update(S).digest("hex");
    const { result, restarts, file } = await save([whole(S, TAG, HALF), whole(S, TAG)], {
      expected: { sha256 },
    });
    expect(result).toMatchObject({ restarted: 1, resumed: 0, integrity: "digest", sha256 });
    expect(restarts).toEqual(["rangeIgnored"]);
    expect(file?.equals(S)).toBe(true);
  });

  it("22. takes the new version whole, or refuses it", async () => {
    const answers = [whole(S, TAG, HALF), whole(V2, ['ETag: "v2"'])];
    const { result, restarts, file } = await save(answers);
    expect(result).toMatchObject({ restarted: 1, etag: '"v2"', integrity: "length" });
    expect(restarts).toEqual(["changed"]);
    expect(file?.equals(V2)).toBe(true);
    const refused = await save(answers, { onChange: "error" });
    expect(refused.result).toMatchObject({ code: "SOURCE_CHANGED" });
    expect(refused.names).toEqual([]);
  });

  it.each<[string, string, Answer[], Buffer]>([
    ["24", "starts later than asked", [part(S, 60_000, S.length, TAG), whole(S, TAG)], S],
    ["24", "starts earlier than asked", [part(S, 49_152, S.length, TAG), whole(S, TAG)], S],
    [
      "26",
      "is of another version, as the condition was ignored",
      [part(V2, HALF, S.length, ['ETag: "v2"']), whole(V2, ['ETag: "v2"'])],
      V2,
    ],
    ["26", "does not say of which version it is", [part(V2, HALF, S.length), whole(V2)], V2],
    [
      "26",
      "is of a file of another size",
      [part(Buffer.concat([V2, V2]), HALF, S.length, TAG), whole(V2, ['ETag: "v2"'])],
      V2,
    ],
    [
      "32",
      "is refused, as the file has no more",
      [
        answer(["416 Range Not Satisfiable", "Content-Range: bytes */100000", "Content-Length: 0"]),
        whole(S, TAG),
      ],
      S,
    ],
    [
      "37",
      "is encoded",
      [
        answer(
          [
            "206 Partial Content",
            "Content-Range: bytes 50000-99999/100000",
            "Content-Encoding: gzip",
            ...TAG,
            "Content-Length: 9",
          ],
          "x".repeat(9),
        ),
        whole(S, TAG),
      ],
      S,
    ],
    [
      "38",
      "is in several parts",
      [
        answer(
          [
            "206 Partial Content",
            "Content-Type: multipart/byteranges; boundary=x",
            ...TAG,
            "Content-Length: 9",
          ],
          "x".repeat(9),
        ),
        whole(S, TAG),
      ],
      S,
    ],
    [
      "40",
      "fails its condition",
      [answer(["412 Precondition Failed", "Content-Length: 0"]), whole(V2, ['ETag: "v2"'])],
      V2,
    ],
    [
      "24",
      "has another length",
      [
        answer(
          ["206 Partial Content", "Content-Range: bytes 50000-99999/100000", ...TAG, "Content-Length: 9"],
          "x".repeat(9),
        ),
        whole(S, TAG),
      ],
      S,
    ],
    [
      "24",
      "is longer than it says",
      [
        answer(
          [
            "206 Partial Content",
            "Content-Range: bytes 50000-50009/100000",
            ...TAG,
            "Transfer-Encoding: chunked",
          ],
          "14\r\n01234567890123456789\r\n0\r\n\r\n",
        ),
        whole(S, TAG),
      ],
      S,
    ],
  ])("%s. begins anew when the range %s", async (_line, _what, answers, expected) => {
    const { result, file, ranges } = await save([whole(S, TAG, HALF), ...answers]);
    expect(result).toMatchObject({ restarted: 1, integrity: "length" });
    expect(ranges).toEqual(["", 'bytes=50000- "v1"', ""]);
    expect(file?.equals(expected)).toBe(true);
  });

  it("22. leaves nothing of a longer version behind a shorter one", async () => {
    const long = Buffer.alloc(4 * 2 ** 20, "x");
    const { result, file } = await save([whole(long, TAG, 3 * 2 ** 20), whole(S, ['ETag: "v2"'])]);
    expect(result).toMatchObject({ restarted: 1, sizeBytes: S.length });
    expect(file?.equals(S)).toBe(true);
  });

  it.each(["26", "40"])(
    "%s. a change ends the download where the caller wants one version or none",
    async (line) => {
      const second =
        line === "26"
          ? part(V2, HALF, S.length, ['ETag: "v2"'])
          : answer(["412 Precondition Failed", "Content-Length: 0"]);
      const { result, names } = await save([whole(S, TAG, HALF), second], { onChange: "error" });
      expect(result).toMatchObject({ code: "SOURCE_CHANGED" });
      expect(names).toEqual([]);
    },
  );

  it("28. begins anew where nothing tells the version", async () => {
    const { ranges, restarts, file } = await save([whole(S, [], HALF), whole(S)]);
    expect(ranges).toEqual(["", ""]);
    expect(restarts).toEqual(["notResumable"]);
    expect(file?.equals(S)).toBe(true);
  });

  it("28. goes on without a version where that is asked for, and compares the end of what it has", async () => {
    const small = S.subarray(0, HALF);
    const same = await save(
      [
        whole(S, [], HALF),
        (socket, request, index) =>
          part(S, Number(request.range.slice(6, -1)), S.length)(socket, request, index),
      ],
      { resume: "unsafe" },
    );
    expect(same.ranges).toEqual(["", "bytes=0-"]); // all of the 50,000 bytes are within the last 64 KiB
    expect(same.result).toMatchObject({ resumed: 1, restarted: 0 });
    expect(same.file?.equals(S)).toBe(true);
    const other = Buffer.concat([
      small.map((byte, index) => (index === 49_999 ? byte ^ 1 : byte)),
      V2.subarray(HALF),
    ]);
    const changed = await save([whole(S, [], HALF), part(other, 0, S.length), whole(other)], {
      resume: "unsafe",
    });
    expect(changed.restarts).toEqual(["changed"]);
    expect(changed.file?.equals(other)).toBe(true);
    const twice = await save(
      [whole(S, [], HALF), part(other, 0, S.length), whole(other, [], 100), part(other, 0, S.length)],
      {
        resume: "unsafe",
      },
    );
    expect(twice.ranges).toEqual(["", "bytes=0-", "", "bytes=0-"]);
    expect(twice.file?.equals(other)).toBe(true);
    const long = Buffer.concat([S, S, S]);
    const ranges = (await save([whole(long, [], 200_000), rest(long)], { resume: "unsafe" })).ranges;
    expect(ranges).toEqual(["", `bytes=${200_000 - 65_536}-`]);
  });

  it.each<[string, string, string[], string]>([
    ["29", "a weak tag alone", ['ETag: W/"v1"'], ""],
    [
      "29",
      "a weak tag and an old date",
      ['ETag: W/"v1"', OLD, DAY],
      "bytes=50000- Mon, 05 Jan 2026 10:00:00 GMT",
    ],
    ["29", "a date that is hardly over", ["Last-Modified: Mon, 05 Jan 2026 11:59:30 GMT", DAY], ""],
    ["30", "an old date alone", [OLD, DAY], "bytes=50000- Mon, 05 Jan 2026 10:00:00 GMT"],
    ["42", "a tag, but no ranges", [...TAG, "Accept-Ranges: none"], ""],
  ])("%s. asks for the right thing with %s", async (_line, _what, headers, second) => {
    const { ranges, file } = await save([whole(S, headers, HALF), rest(S, headers)]);
    expect(ranges).toEqual(["", second]);
    expect(file?.equals(S)).toBe(true);
  });

  it("31. knows that it has all bytes, where the size or the tag agrees", async () => {
    const cut = (tag: string[]) => chunked([S], { headers: tag, end: false, ending: "fin" });
    const refusal = (tag: string[]) =>
      answer(["416 Range Not Satisfiable", "Content-Range: bytes */100000", "Content-Length: 0", ...tag]);
    const byTag = await save([cut(TAG), refusal(TAG)]);
    expect(byTag.result).toMatchObject({ integrity: "length", sizeBytes: 100_000, restarted: 0 });
    expect(byTag.ranges).toEqual(["", 'bytes=100000- "v1"']);
    const bySize = await save([cut(TAG), refusal([])], { expected: { sizeBytes: 100_000 } });
    expect(bySize.result).toMatchObject({ restarted: 0 });
    const neither = await save([cut(TAG), refusal([]), whole(S, TAG)]);
    expect(neither.result).toMatchObject({ restarted: 1 });
    for (const { file } of [byTag, bySize, neither]) expect(file?.equals(S)).toBe(true);
  });

  it("34. goes on after a part of the range, without a pause", async () => {
    const { result, ranges, file, clock } = await save([
      whole(S, TAG, HALF),
      part(S, HALF, 60_000, TAG),
      rest(S, TAG),
    ]);
    expect(ranges).toEqual(["", 'bytes=50000- "v1"', 'bytes=60000- "v1"']);
    expect(clock.waits).toEqual([375, 0]);
    expect(result).toMatchObject({ resumed: 2 });
    expect(file?.equals(S)).toBe(true);
  });

  it("34. counts attempts from the last progress", async () => {
    let at = 0;
    const inch: Answer = (socket, request, index) => {
      const from = at;
      at = Math.min(at + 10_000, S.length);
      if (index === 0) return whole(S, TAG, at)(socket, request, index);
      return answer(
        [
          "206 Partial Content",
          `Content-Range: bytes ${from}-99999/100000`,
          `Content-Length: ${100_000 - from}`,
          ...TAG,
        ],
        S.subarray(from, at),
        "fin",
      )(socket, request, index);
    };
    const { result, file } = await save([inch], { retry: { attempts: 2 } });
    expect(result).toMatchObject({ attempts: 10, resumed: 9 });
    expect(file?.equals(S)).toBe(true);
  });

  it("41. never takes a chunked body without its last chunk for whole", async () => {
    const cut = chunked([S.subarray(0, HALF)], { headers: ["Connection: close"], end: false, ending: "fin" });
    const { result, file } = await save([
      cut,
      chunked([S], { headers: ["Connection: close"], ending: "fin" }),
    ]);
    expect(result).toMatchObject({ attempts: 2, restarted: 1, integrity: "framing" });
    expect(file?.equals(S)).toBe(true);
    const byFetch = await save([cut], { fetch, requireIntegrity: "framing" });
    expect(byFetch.result).toBeInstanceOf(Error);
    expect(byFetch.names).toEqual([]);
  });

  it("42. learns the size from the range of a chunked body", async () => {
    const first = chunked([S.subarray(0, HALF)], {
      headers: [...TAG, "Accept-Ranges: bytes"],
      end: false,
      ending: "fin",
    });
    const { result, ranges, file } = await save([first, rest(S, TAG)]);
    expect(ranges).toEqual(["", 'bytes=50000- "v1"']);
    expect(result).toMatchObject({ integrity: "length" });
    expect(file?.equals(S)).toBe(true);
  });

  it("43. gives up on a chunked body that is cut each time", async () => {
    const { result, ranges, names } = await save([
      chunked([S.subarray(0, HALF)], { end: false, ending: "fin" }),
    ]);
    expect(result).toMatchObject({ code: "INCOMPLETE", bytes: HALF, attempts: 5 });
    expect(ranges).toEqual(["", "", "", "", ""]);
    expect(names).toEqual([]);
  });

  it("45. gives up on a server that never says anything, with longer and longer pauses", async () => {
    const { result, names, clock } = await save([(socket) => socket.end()]);
    expect(result).toMatchObject({ code: "INCOMPLETE", attempts: 5, bytes: 0 });
    expect(clock.waits).toEqual([375, 750, 1500, 3000]); // 0.5, 1, 2 and 4 s, less a quarter: half of the most that chance takes
    expect(names).toEqual([]);
    const capped = await save([(socket) => socket.end()], {
      retry: { minDelayMs: 1000, maxDelayMs: 1500 },
      random: () => 0,
    });
    expect(capped.clock.waits).toEqual([1000, 1500, 1500, 1500]);
    const hurried = await save([(socket) => socket.end()], { retry: { maxElapsedMs: 2000 } });
    expect(hurried.clock.waits).toEqual([375, 750]);
  });

  it("46. waits as long as the server asks, but not for a day", async () => {
    const busy = (after: string) =>
      answer(["503 Service Unavailable", `Retry-After: ${after}`, DAY, "Content-Length: 0"]);
    expect((await save([busy("2"), whole(S)])).clock.waits).toEqual([2000]);
    expect((await save([busy("Mon, 05 Jan 2026 12:00:02 GMT"), whole(S)])).clock.waits).toEqual([2000]);
    const { result, ranges } = await save([busy("86400"), whole(S)]);
    expect(result).toMatchObject({ code: "HTTP_STATUS", status: 503, retryAfterMs: 86_400_000 });
    expect(ranges).toHaveLength(1);
  });

  it.each([408, 425, 429, 500, 502, 503, 504, 522, 524])("47. tries again after a %i", async (status) => {
    const { result, ranges } = await save([answer([`${status} X`, "Content-Length: 0"]), whole(S)]);
    expect(result).toMatchObject({ attempts: 2 });
    expect(ranges).toHaveLength(2);
  });

  it.each([400, 401, 403, 404, 410, 451])("47. does not try again after a %i", async (status) => {
    const { result, ranges } = await save([answer([`${status} X`, "Content-Length: 0"]), whole(S)]);
    expect(result).toMatchObject({ code: "HTTP_STATUS", status, attempts: 1 });
    expect(ranges).toHaveLength(1);
  });

  it.each([
    ["ENOTFOUND", 2],
    ...[
      "ECONNREFUSED",
      "ECONNRESET",
      "ETIMEDOUT",
      "EPIPE",
      "UND_ERR_SOCKET",
      "UND_ERR_BODY_TIMEOUT",
      "UND_ERR_HEADERS_TIMEOUT",
    ].map((code) => [code, 5] as const),
    ...["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "HPE_INVALID_EOF_STATE", ""].map(
      (code) => [code, 5] as const,
    ),
    ...[
      "CERT_HAS_EXPIRED",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "SELF_SIGNED_CERT_IN_CHAIN",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    ].map((code) => [code, 1] as const),
    ...["ERR_TLS_CERT_ALTNAME_INVALID", "ERR_INVALID_URL", "HPE_INVALID_CONSTANT"].map(
      (code) => [code, 1] as const,
    ),
  ] as const)("48. asks after %s so many times: %i", async (code, times) => {
    let calls = 0;
    const fetch = async () => {
      calls++;
      throw new TypeError(code ? "fetch failed" : "terminated", {
        cause: code ? Object.assign(new Error(code), { code }) : undefined,
      });
    };
    await expect(download("https://v.example/f", { fetch, clock: testClock() })).rejects.toMatchObject({
      code: "INCOMPLETE",
      attempts: times,
    });
    expect(calls).toBe(times);
  });

  it("49. repeats what is not a GET only where that is said to be safe", async () => {
    const once = await save([whole(S, TAG, HALF), whole(S, TAG)], { method: "POST", body: "{}" });
    expect(once.result).toMatchObject({
      code: "INCOMPLETE",
      message: expect.stringContaining("retry.unsafeMethods"),
    });
    expect(once.ranges).toHaveLength(1);
    const twice = await save([whole(S, TAG, HALF), whole(S, TAG)], {
      method: "POST",
      body: "{}",
      retry: { unsafeMethods: true },
    });
    expect(twice.ranges).toEqual(["", ""]);
    expect(twice.file?.equals(S)).toBe(true);
  });
});
