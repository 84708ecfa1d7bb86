import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { SaveOptions } from "../file/options.js";
import { testClock } from "../testing/download-clock.js";
import { testFolder } from "../testing/folder.js";
import { type Answer, answer, chunked, part, rawServer, rest, whole } from "../testing/raw-server.js";
import { download, downloadTo, type RequestOptions } from "./download.js";

const S = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 31 + (index >> 8)) & 255));
const HALF = 50_000;
const TAG = ['ETag: "v1"'];
const CSV = Buffer.from("name,city\n".repeat(10_000));
const GZIP = gzipSync(CSV);
const PAGE = Buffer.from("<html>log in</html>");

/** Node's own transport, and a user's `fetch`. */
const transports: [string, RequestOptions][] = [
  ["node:http", {}],
  ["fetch", { fetch: (...call) => globalThis.fetch(...call) }],
];

async function save(
  answers: Answer[],
  {
    path = "/out.csv",
    name = "f",
    ...options
  }: SaveOptions & RequestOptions & { path?: string; name?: string } = {},
) {
  const server = await rawServer(...answers);
  const folder = await testFolder();
  const result = await downloadTo(server.url(path), folder.file(name), {
    clock: testClock(),
    ...options,
  }).catch((error: unknown) => error);
  const names = await folder.names();
  return {
    result,
    names,
    file: names[0] === undefined ? undefined : await folder.read(names[0]),
    ranges: server.requests.map(({ range }) => range),
  };
}

/** The first half, and a moment later the end: fetch throws away what comes together with it. */
function cut(headers = TAG): Answer {
  return (socket, request, index) => {
    whole(S, headers, HALF, "open")(socket, request, index);
    setTimeout(() => socket.end(), 50);
  };
}

/** A 200 with the bytes from `from` up to, not including, `to`, and what the header says of them. */
function partAs200(
  from: number,
  to: number,
  range = `bytes ${from}-${to - 1}/${S.length}`,
  headers: string[] = [],
) {
  return answer(
    ["200 OK", `Content-Range: ${range}`, `Content-Length: ${to - from}`, ...headers],
    S.subarray(from, to),
  );
}

describe.each(transports)("1.1 a part is a part, whatever its status says (%s)", (_name, transport) => {
  it.each<[string, Answer]>([
    ["the first half", partAs200(0, HALF)],
    ["the second half", partAs200(HALF, S.length)],
    ["a part of an unknown whole", partAs200(0, HALF, "bytes 0-49999/*")],
    ["a part that is counted in something else", partAs200(0, HALF, "rows 0-9/20")],
    ["no range", partAs200(0, HALF, "bytes */100000")],
    ["a range of another length than the body's", partAs200(0, HALF, "bytes 0-99999/100000")],
    ["something that nobody can read", partAs200(0, HALF, "half")],
    ["two ranges", partAs200(0, HALF, "bytes 0-49999/50000, bytes 0-49999/100000")],
  ])("is not the file: %s", async (_what, reply) => {
    const { result, names } = await save([reply], transport);
    expect(result).toMatchObject({
      name: "DownloadError",
      code: expect.stringMatching(/RANGE_MISMATCH|INCOMPLETE/),
    });
    expect(names).toEqual([]);
    const again = await save([reply, whole(S)], transport);
    expect(again.file?.equals(S)).toBe(true);
  });

  it("is taken where it is the whole, or joins what is held", async () => {
    const all = await save([partAs200(0, S.length)], transport);
    expect(all.result).toMatchObject({ attempts: 1, integrity: "length" });
    const joined = await save([cut(), partAs200(HALF, S.length, undefined, TAG)], transport);
    expect(joined.result).toMatchObject({ attempts: 2, resumed: 1, integrity: "length" });
    expect(joined.file?.equals(S)).toBe(true);
    const inHalves = await save([partAs200(0, HALF, undefined, TAG), rest(S, TAG)], transport);
    expect(inHalves.result).toMatchObject({ attempts: 2, integrity: "length" });
    expect(inHalves.file?.equals(S)).toBe(true);
  });

  it("is asked for again where it does not join", async () => {
    for (const wrong of [
      partAs200(0, HALF, undefined, TAG),
      partAs200(HALF + 10, S.length, undefined, TAG),
      partAs200(HALF, S.length, "bytes 50000-99999/200000", TAG),
      partAs200(HALF, S.length, undefined, ['ETag: "v2"']),
    ]) {
      const { file, result } = await save([cut(), wrong, rest(S, TAG)], transport);
      expect(result).toMatchObject({ integrity: "length" });
      expect(file?.equals(S)).toBe(true);
    }
  });
});

describe.each(transports)("1.2 a reset is a failure (%s)", (_name, transport) => {
  it.each(["rst", "fin"] as const)("without a length (%s)", async (ending) => {
    const { result, names, ranges } = await save([answer("200 OK", S.subarray(0, HALF), ending)], transport);
    if (ending === "fin") expect(result).toMatchObject({ integrity: "none", sizeBytes: HALF });
    else {
      expect(result).toMatchObject({ code: "INCOMPLETE", attempts: 5 });
      expect(names).toEqual([]);
      expect(ranges).toHaveLength(5);
    }
  });

  it("goes on behind the bytes that came before it", async () => {
    const { result, file, ranges } = await save(
      [answer(["200 OK", ...TAG], S.subarray(0, HALF), "rst"), rest(S, TAG)],
      transport,
    );
    expect(result).toMatchObject({ resumed: 1, integrity: "length" });
    expect(ranges).toEqual(["", 'bytes=50000- "v1"']);
    expect(file?.equals(S)).toBe(true);
  });

  it("fails a body that is read into memory or as a stream, also one that is encoded", async () => {
    const reset = answer("200 OK", S.subarray(0, HALF), "rst");
    const server = await rawServer(reset);
    const options = { clock: testClock(), ...transport };
    await expect((await download(server.url(), options)).bytes()).rejects.toMatchObject({
      code: "INCOMPLETE",
    });
    const { body } = await download(server.url(), options);
    await expect(new Response(body).arrayBuffer()).rejects.toMatchObject({ code: "CANNOT_RESTART" });
    const encoded = await save([answer(["200 OK", "Content-Encoding: gzip"], GZIP, "rst")], transport);
    expect(encoded.result).toMatchObject({ code: "INCOMPLETE" });
  });
});

describe.each(transports)("1.3 a later attempt sends the same kind of thing (%s)", (_name, transport) => {
  const csv = ["Content-Type: text/csv", ...TAG];

  it.each([
    "text/html; charset=utf-8",
    "application/json",
    "text/plain",
    "application/problem+json",
    "text/xml",
  ])("not %s in place of a CSV", async (type) => {
    const { result, names } = await save([cut(csv), whole(PAGE, [`Content-Type: ${type}`])], transport);
    expect(result).toMatchObject({ code: "UNEXPECTED_TYPE", attempts: 2, body: PAGE.toString() });
    expect(names).toEqual([]);
    const untyped = await save([cut(), whole(PAGE, [`Content-Type: ${type}`])], transport);
    expect(untyped.result).toMatchObject({ code: "UNEXPECTED_TYPE" });
  });

  it("but a range need not say what it is, and another word for a file is none for a page", async () => {
    const silent = await save([cut(csv), rest(S, TAG)], { ...transport, expectType: "text/csv" });
    expect(silent.result).toMatchObject({ contentType: "text/csv", resumed: 1 });
    const other = await save([cut(csv), whole(S, ["Content-Type: application/octet-stream"])], transport);
    expect(other.file?.equals(S)).toBe(true);
    const json = ["Content-Type: application/json"];
    const page = await save([cut([...json, ...TAG]), rest(S, [...json, ...TAG])], transport);
    expect(page.file?.equals(S)).toBe(true);
  });

  it("nor does the next run, which keeps what is there", async () => {
    const folder = await testFolder();
    const login = whole(PAGE, ["Content-Type: text/html"]);
    const server = await rawServer(cut(csv), login, rest(S, csv));
    const run = () =>
      downloadTo(server.url(), folder.file("f"), {
        clock: testClock(),
        keepPartial: true,
        retry: { attempts: 1 },
        ...transport,
      });
    await expect(run()).rejects.toMatchObject({ code: "INCOMPLETE" });
    await expect(run()).rejects.toMatchObject({ code: "UNEXPECTED_TYPE" });
    expect(await run()).toMatchObject({ resumed: 1 });
    expect((await folder.read("f")).equals(S)).toBe(true);
  });
});

describe.each(transports)("1.4 digests of a reply and of the whole (%s)", (_name, transport) => {
  const digest = (name: "sha256" | "sha512", data: Uint8Array) =>
    `sha-${name.slice(3)}=:${createHash(name).update(data).digest("base64")}:`;
  const other = Buffer.from(S.map((byte) => byte ^ 1));

  it.each(["sha256", "sha512"] as const)("proves what came by its %s", async (name) => {
    for (const field of ["Content-Digest", "Repr-Digest"]) {
      const right = await save([whole(S, [`${field}: unixsum=:AAAA:, ${digest(name, S)};q=1`])], transport);
      expect(right.result).toMatchObject({ integrity: "digest", attempts: 1 });
      const wrong = await save([whole(S, [`${field}: ${digest(name, other)}`])], transport);
      expect(wrong.result).toMatchObject({ code: "DIGEST_MISMATCH", attempts: 2 });
      expect(wrong.names).toEqual([]);
      const mended = await save([whole(S, [`${field}: ${digest(name, other)}`]), whole(S)], transport);
      expect(mended.result).toMatchObject({ restarted: 1 });
      expect(mended.file?.equals(S)).toBe(true);
    }
  });

  it.each(["Content-Digest", "Repr-Digest"])(
    "is asked for again where an empty file has another %s",
    async (field) => {
      const none = Buffer.alloc(0);
      const wrong = whole(none, [`${field}: ${digest("sha256", other)}`]);
      expect((await save([wrong], transport)).result).toMatchObject({ code: "DIGEST_MISMATCH", attempts: 2 });
      const right = whole(none, [`Repr-Digest: ${digest("sha256", none)}`]);
      const mended = await save([wrong, right], transport);
      expect(mended.result).toMatchObject({ integrity: "digest", attempts: 2, sizeBytes: 0 });
    },
  );

  it("ignores what it does not know", async () => {
    for (const value of ["md5=:AAAA:", "sha-256=AAAA", "sha-256=:AAAA:", ",,,", 'x="sha-256=:AAAA:"'])
      expect((await save([whole(S, [`Content-Digest: ${value}`])], transport)).result).toMatchObject({
        integrity: "length",
      });
  });

  it("checks each part by its own", async () => {
    const half = S.subarray(HALF);
    const parts = (tail: Buffer, claim: Buffer) => [
      cut(),
      answer(
        [
          "206 Partial Content",
          `Content-Range: bytes ${HALF}-${S.length - 1}/${S.length}`,
          `Content-Length: ${HALF}`,
          `Content-Digest: ${digest("sha256", claim)}`,
          ...TAG,
        ],
        tail,
      ),
    ];
    const right = await save(parts(half, half), transport);
    expect(right.result).toMatchObject({ resumed: 1, integrity: "length" });
    const bad = other.subarray(HALF);
    const mended = await save([...parts(bad, half), whole(S, TAG)], transport);
    expect(mended.result).toMatchObject({ restarted: 1 });
    expect(mended.file?.equals(S)).toBe(true);
    expect((await save(parts(bad, half), transport)).result).toBeInstanceOf(Error);
  });

  it("checks the whole by what a range promises of it", async () => {
    const right = ["Content-Type: a/b", `Repr-Digest: ${digest("sha512", S)}`, ...TAG];
    const wrong = [`Repr-Digest: ${digest("sha512", other)}`, ...TAG];
    const known = await save([cut(right), rest(S, right)], transport);
    expect(known.result).toMatchObject({ resumed: 1, integrity: "digest" });
    const late = await save([cut(), rest(S, wrong), whole(S, wrong)], transport);
    expect(late.result).toMatchObject({ code: "DIGEST_MISMATCH" });
    const changed = await save([cut(right), rest(S, wrong), whole(S, right)], transport);
    expect(changed.result).toMatchObject({ integrity: "digest" });
  });

  it("is about the content as it was sent", async () => {
    const headers = ["Content-Encoding: gzip", `Content-Digest: ${digest("sha256", GZIP)}`];
    const { result, file } = await save([whole(GZIP, headers)], transport);
    expect(result).toMatchObject({ integrity: transport.fetch ? "none" : "digest" });
    expect(file?.equals(CSV)).toBe(true);
    if (transport.fetch) return;
    const wrong = ["Content-Encoding: gzip", `Content-Digest: ${digest("sha256", CSV)}`];
    expect((await save([whole(GZIP, wrong)])).result).toMatchObject({ code: "DIGEST_MISMATCH" });
  });

  it("is the last reply's, where the one before broke off without a byte", async () => {
    const of = (data: Buffer) => [`Repr-Digest: ${digest("sha256", data)}`];
    const server = await rawServer(whole(other, of(other), 0), whole(S, of(S)));
    const { body } = await download(server.url(), { clock: testClock(), ...transport });
    expect(S.equals(Buffer.from(await new Response(body).arrayBuffer()))).toBe(true);
    const { result } = await save([whole(S, [], 0), whole(S, of(S))], transport);
    expect(result).toMatchObject({ integrity: "digest", attempts: 2 });
  });

  it("ends a stream whose part has another one", async () => {
    const server = await rawServer(whole(S, [`Content-Digest: ${digest("sha256", other)}`]));
    const { body } = await download(server.url(), { clock: testClock(), ...transport });
    await expect(new Response(body).arrayBuffer()).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
  });
});

describe.each(transports)("a file that is shorter than what came of it (%s)", (_name, transport) => {
  // A body that went on behind its end before it broke off.
  const tooLong = chunked([S, Buffer.from("more")], { headers: TAG, end: false, ending: "rst" });
  const refused = answer(["416 Range", `Content-Range: bytes */${S.length}`, "Content-Length: 0", ...TAG]);

  it("is no end of a stream", async () => {
    const server = await rawServer(tooLong, refused, whole(S, TAG));
    const { body } = await download(server.url(), { clock: testClock(), ...transport });
    await expect(new Response(body).arrayBuffer()).rejects.toMatchObject({ code: "INCOMPLETE" });
  });

  it("is no end of a range that overlaps", async () => {
    const short = answer(
      ["206 Partial Content", "Content-Range: bytes 0-0/1", "Content-Length: 1"],
      S.subarray(0, 1),
    );
    const long = chunked([S.subarray(0, 9)], { end: false, ending: "rst" });
    const { result, names } = await save([long, short], { ...transport, resume: "unsafe" });
    expect(result).toMatchObject({ code: "INCOMPLETE" });
    expect(names).toEqual([]);
  });
});

describe.each(transports)("1.5 an encoding that nobody knows (%s)", (_name, transport) => {
  it.each(["foo", "compress", "gzip, br", "GZIP,gzip", "br foo"])("is no file: %s", async (encoding) => {
    for (const reply of [
      whole(GZIP, [`Content-Encoding: ${encoding}`]),
      chunked([GZIP], { headers: [`Content-Encoding: ${encoding}`] }),
    ]) {
      const { result, names, ranges } = await save([reply], transport);
      expect(result).toMatchObject({ code: "UNSUPPORTED_ENCODING" });
      expect(names).toEqual([]);
      expect(ranges).toEqual([""]);
    }
  });

  it("nor in a later attempt", async () => {
    const { result } = await save([cut(), whole(S, ["Content-Encoding: foo"])], transport);
    expect(result).toMatchObject({ code: "UNSUPPORTED_ENCODING" });
  });
});

describe("1.7 the name and the bytes agree", () => {
  const gz = ["Content-Encoding: gzip", ...TAG];
  const named = (...headers: string[]) => [
    'Content-Disposition: attachment; filename="report.csv.gz"',
    ...headers,
  ];

  it("keeps what was sent where the name says so, and can go on in it", async () => {
    const { result, file } = await save([whole(GZIP, gz)], { path: "/report.csv.gz", name: "report.csv.gz" });
    expect(result).toMatchObject({ integrity: "length", sizeBytes: GZIP.length });
    expect(file?.equals(GZIP)).toBe(true);
    const cut = await save([whole(GZIP, gz, 100), rest(GZIP, gz)], { name: "r.tgz" });
    expect(cut.result).toMatchObject({ resumed: 1, integrity: "length" });
    expect(cut.file?.equals(GZIP)).toBe(true);
  });

  it("does not go on with bytes in another encoding", async () => {
    const { result, file } = await save(
      [whole(GZIP, gz, 100), part(GZIP, 100, GZIP.length, TAG), whole(GZIP, gz)],
      {
        name: "r.gz",
      },
    );
    expect(result).toMatchObject({ restarted: 1, resumed: 0 });
    expect(file?.equals(GZIP)).toBe(true);
  });

  it("decodes where the final name says so, whatever the address is", async () => {
    const { file } = await save([whole(GZIP, named(...gz))], { path: "/report.csv.gz", name: "out.csv" });
    expect(file?.equals(CSV)).toBe(true);
  });

  it.each<[string, RequestOptions, string[], SaveOptions, string, Buffer]>([
    ["kept", {}, named(...gz), {}, "report.csv.gz", GZIP],
    ["decoded", {}, named(...gz), { decompress: true }, "report.csv", CSV],
    ["kept under the name it has", {}, gz, { decompress: false, filename: "out" }, "out", GZIP],
    ["decoded by fetch", { fetch }, named(...gz), {}, "report.csv", CSV],
    ["decoded, as its name was chosen", {}, named(...gz), { filename: "my.csv" }, "my.csv", CSV],
    ["another encoding", {}, named("Content-Encoding: x-gzip"), {}, "report.csv.gz", GZIP],
  ])("in a directory: %s", async (_what, transport, headers, options, name, bytes) => {
    const folder = await testFolder();
    const server = await rawServer(whole(GZIP, headers));
    await downloadTo(server.url("/report.csv"), `${folder.path}/`, { ...transport, ...options });
    expect(await folder.names()).toEqual([name]);
    expect((await folder.read(name)).equals(bytes)).toBe(true);
  });

  it("of an open download as well, which is saved under another name", async () => {
    const server = await rawServer(whole(GZIP, named(...gz)));
    const folder = await testFolder();
    const kept = await download(server.url());
    expect(kept).toMatchObject({ filename: "report.csv.gz", sizeBytes: GZIP.length });
    expect(Buffer.from(await kept.bytes()).equals(GZIP)).toBe(true);
    await (await download(server.url())).save(folder.file("plain.csv"));
    expect((await folder.read("plain.csv")).equals(CSV)).toBe(true);
    await (await download(server.url("/plain.csv"))).save(folder.file("a.csv.gz"));
    expect((await folder.read("a.csv.gz")).equals(GZIP)).toBe(true);
  });

  it("or it is no file, where fetch has decoded what was to stay", async () => {
    const refused = { code: "UNSUPPORTED_ENCODING" };
    expect((await save([whole(GZIP, gz)], { fetch, name: "r.csv.gz" })).result).toMatchObject(refused);
    expect((await save([whole(GZIP, gz)], { fetch, decompress: false })).result).toMatchObject(refused);
    expect((await save([whole(GZIP, gz)], { fetch, name: "r.gz", decompress: true })).result).toMatchObject({
      sizeBytes: CSV.length,
    });
  });

  it("also in the next run, which goes on with what was sent", async () => {
    const folder = await testFolder();
    const server = await rawServer(whole(GZIP, gz, 100), rest(GZIP, gz));
    const run = () =>
      downloadTo(server.url(), folder.file("r.csv.gz"), {
        clock: testClock(),
        keepPartial: true,
        retry: { attempts: 1 },
      });
    await expect(run()).rejects.toMatchObject({ code: "INCOMPLETE" });
    expect(await run()).toMatchObject({ resumed: 1, integrity: "length" });
    expect((await folder.read("r.csv.gz")).equals(GZIP)).toBe(true);
  });
});

describe.each(transports)("5. (%s)", (_name, transport) => {
  it.each([
    ["/café.csv", "/caf%C3%A9.csv"],
    [Buffer.from("/café.csv").toString("latin1"), "/caf%C3%83%C2%A9.csv"],
    ["/caf%C3%A9.csv?q=1", "/caf%C3%A9.csv?q=1"],
  ])("5.9 follows raw UTF-8 in a Location as browsers do: %s", async (location, path) => {
    const server = await rawServer((socket, request, index) => {
      if (request.path === path) return whole(S)(socket, request, index);
      socket.write(Buffer.from(`HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`));
    });
    expect(await (await download(server.url("/file"), transport)).bytes()).toHaveLength(S.length);
  });

  it("5.9 and percent-encodes what is no UTF-8", async () => {
    const server = await rawServer(
      answer(["302 Found", "Location: /caf\xe9", "Content-Length: 0"]),
      whole(S),
    );
    const latin1 = await rawServer((socket) =>
      socket.write(
        Buffer.from(
          `HTTP/1.1 302 Found\r\nLocation: ${server.origin}/caf\xe9\r\nContent-Length: 0\r\n\r\n`,
          "latin1",
        ),
      ),
    );
    await rawServer();
    const { requests } = server;
    await (await download(latin1.url(), transport)).bytes().catch(() => {});
    expect(requests[0]?.path).toBe("/caf%E9");
  });

  it.each(["gzip", "br", "foo"])("5.11 an empty body in %s is an empty file", async (encoding) => {
    const { result, file } = await save(
      [whole(Buffer.alloc(0), [`Content-Encoding: ${encoding}`])],
      transport,
    );
    expect(result).toMatchObject({ attempts: 1, sizeBytes: 0, integrity: "length" });
    expect(file).toHaveLength(0);
  });
});
