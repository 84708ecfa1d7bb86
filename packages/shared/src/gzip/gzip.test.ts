import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { download, downloadTo, type RequestOptions } from "../download/download.js";
import { openDownload, saveDownload } from "../download/open.js";
import type { DownloadProgress, SaveOptions } from "../file/options.js";
import { testClock } from "../testing/download-clock.js";
import { testFolder } from "../testing/folder.js";
import { chunked, rawServer, rest, whole } from "../testing/raw-server.js";
import type { FileSource } from "../transfer/source.js";
import type { GzipFile } from "./claim.js";
import { gzipSource } from "./gzip-source.js";

const CSV = Buffer.from(Array.from({ length: 9000 }, (_, row) => `${row},${Math.sin(row)}\n`).join(""));
const GZIP = gzipSync(CSV);
const TAG = ['ETag: "v1"'];
const TYPE = ["Content-Type: application/gzip"];
const named = (name: string) => [`Content-Disposition: attachment; filename="${name}"`];
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

type Replies = Parameters<typeof rawServer>;

/** Saves into an empty folder, and tells what is there then. */
async function save(replies: Replies, options: SaveOptions & RequestOptions = {}, path = "/report.csv.gz") {
  const folder = await testFolder();
  const server = await rawServer(...replies);
  const result = await downloadTo(server.url(path), `${folder.path}/`, {
    clock: testClock(),
    decompress: true,
    ...options,
  }).catch((error: unknown) => error);
  const names = await folder.names();
  const file = names[0] === undefined ? undefined : await folder.read(names[0]);
  return { result, names, file, server };
}

describe("decompress: true, of a gzip file", () => {
  it.each<[string, string[], RequestOptions]>([
    ["as it is", [], {}],
    ["by fetch", [], { fetch }],
    ["that is encoded once more", ["Content-Encoding: gzip"], {}],
    ["that is encoded once more, by fetch", ["Content-Encoding: gzip"], { fetch }],
  ])("saves what is inside, under its name: %s", async (_what, headers, options) => {
    const sent = headers.length ? gzipSync(GZIP) : GZIP;
    const { names, file, result } = await save([whole(sent, [...TYPE, ...headers])], {
      sha256: true,
      ...options,
    });
    expect(names).toEqual(["report.csv"]);
    expect(file?.equals(CSV)).toBe(true);
    expect(result).toMatchObject({ sizeBytes: CSV.length, sha256: sha256(CSV), contentType: undefined });
  });

  it("that a server calls a content encoding, too, though it is packed once", async () => {
    const { names, file } = await save([whole(GZIP, [...TYPE, "Content-Encoding: gzip"])]);
    expect([names, file?.equals(CSV)]).toEqual([["report.csv"], true]);
  });

  it("keeps it by default", async () => {
    const { names, file, result } = await save([whole(GZIP, TYPE)], { decompress: "auto", sha256: true });
    expect([names, file?.equals(GZIP)]).toEqual([["report.csv.gz"], true]);
    expect(result).toMatchObject({ contentType: "application/gzip", sha256: sha256(GZIP) });
  });

  it("saves what nobody calls gzip as it is, and goes on where it broke off", async () => {
    const replies: Replies = [whole(CSV, TAG, 5000), rest(CSV, TAG)];
    const { names, file, result } = await save(replies, {}, "/report.csv");
    expect([names, file?.equals(CSV)]).toEqual([["report.csv"], true]);
    expect(result).toMatchObject({ resumed: 1, integrity: "length", sizeBytes: CSV.length });
  });

  it.each([
    ["plain text", CSV],
    ["a ZIP file", Buffer.from("PK\x03\x04")],
    ["a PDF", Buffer.from("%PDF-1.7")],
    ["compressed with zstd", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 2])],
    ["a page", Buffer.from("<html>")],
    ["other bytes", Buffer.from([1, 2, 3])],
    ["empty", Buffer.alloc(0)],
  ])("names what was found in its place: %s", async (found, sent) => {
    const { result, names } = await save([whole(sent)]);
    expect(names).toEqual([]);
    expect(result).toMatchObject({
      code: "UNEXPECTED_CONTENT",
      message: expect.stringMatching(new RegExp(`said to be gzip by its name or type, but it .*${found}`)),
    });
  });

  it("goes on after a cut where it broke off, in packed bytes", async () => {
    const { file, result, server } = await save([whole(GZIP, TAG, 30_000), rest(GZIP, TAG)]);
    expect(file?.equals(CSV)).toBe(true);
    expect(result).toMatchObject({ attempts: 2, resumed: 1, restarted: 0, sizeBytes: CSV.length });
    expect(server.requests.map(({ range }) => range)).toEqual(["", 'bytes=30000- "v1"']);
  });

  it("begins anew where the file does, and mixes nothing", async () => {
    const other = Buffer.from("other\n");
    const replies: Replies = [whole(GZIP, TAG, 30_000), whole(gzipSync(other), ['ETag: "v2"'])];
    const { file, result } = await save(replies);
    expect(file?.equals(other)).toBe(true);
    expect(result).toMatchObject({ restarted: 1, sizeBytes: other.length });
  });

  it("takes sizes and digests that somebody promises for those of the packed bytes", async () => {
    const expected = { sizeBytes: GZIP.length, sha256: sha256(GZIP) };
    expect((await save([whole(GZIP)], { expected })).result).toMatchObject({
      integrity: "digest",
      sizeBytes: CSV.length,
      sha256: undefined,
    });
    const wrong = await save([whole(GZIP), whole(GZIP)], { expected: { sha256: sha256(CSV) } });
    expect([wrong.result, wrong.names]).toMatchObject([{ code: "DIGEST_MISMATCH" }, []]);
  });

  it("proves that all packed bytes came, where their number or a digest of them was announced", async () => {
    const integrity = async (reply: Replies[0]) => (await save([reply])).result;
    expect(await integrity(whole(GZIP))).toMatchObject({ integrity: "length" });
    expect(await integrity(chunked([GZIP]))).toMatchObject({ integrity: "framing" });
    const digest = createHash("sha256").update(GZIP).digest("base64");
    expect(await integrity(whole(GZIP, [`Repr-Digest: sha-256=:${digest}:`]))).toMatchObject({
      integrity: "digest",
    });
  });

  it("reports the progress of the packed bytes", async () => {
    const seen: DownloadProgress[] = [];
    await save([whole(GZIP)], { onProgress: (progress) => seen.push(progress), progressIntervalMs: 0 });
    expect(seen.at(-1)).toMatchObject({ bytes: GZIP.length, totalBytes: GZIP.length, done: true });
    expect(Math.max(...seen.map(({ bytes }) => bytes))).toBe(GZIP.length);
  });

  it("ends a bomb at maxBytes, with little of it read", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const { result, names } = await save([whole(bomb)], { maxBytes: 1_000_000 });
    expect([result, names]).toMatchObject([{ code: "TOO_LARGE" }, []]);
    expect((result as { bytes: number }).bytes).toBeLessThan(2_000_000);
  });

  it.each<[string, Replies[0], string | RegExp]>([
    ["cut, though its reply is whole", whole(GZIP.subarray(0, 20_000)), "ends too early"],
    ["cut after its first byte", whole(GZIP.subarray(0, 1)), "ends too early"],
    [
      "damaged",
      whole(Buffer.concat([GZIP.subarray(0, 9000), Buffer.alloc(500, 7), GZIP.subarray(9500)])),
      "no valid gzip",
    ],
    [
      "followed by something else",
      whole(Buffer.concat([GZIP, Buffer.from("junk")])),
      /no valid gzip|goes on after the end/,
    ],
  ])("leaves no file of one that is %s", async (_what, reply, message) => {
    const { result, names } = await save([reply]);
    expect([result, names]).toMatchObject([
      { code: "DECODE_ERROR", message: expect.stringMatching(message) },
      [],
    ]);
  });

  it("ends with the caller's signal, and leaves nothing", async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error("enough"));
    const { result, names } = await save([whole(GZIP)], { signal: controller.signal, onProgress });
    expect([result, names]).toMatchObject([{ message: "enough" }, []]);
  });

  it("of an open download: as a text, as a stream, and where only its save asks for it", async () => {
    const reply = whole(GZIP, named("a.csv.gz"));
    const server = await rawServer(reply, reply, reply, reply);
    const options = { clock: testClock(), decompress: true };
    const file = await download(server.url(), options);
    expect([file.filename, file.sizeBytes]).toEqual(["a.csv", undefined]);
    expect(await file.text()).toBe(CSV.toString());
    expect(Buffer.from(await (await download(server.url(), options)).bytes()).equals(CSV)).toBe(true);
    const { body } = await download(server.url(), options);
    expect(await new Response(body).text()).toBe(CSV.toString());
    const folder = await testFolder();
    await (await download(server.url())).save(`${folder.path}/`, { decompress: true });
    expect(await folder.names()).toEqual(["a.csv"]);
    expect((await folder.read("a.csv")).equals(CSV)).toBe(true);
  });

  it("closes the connection when the stream is cancelled", async () => {
    const server = await rawServer(whole(GZIP, named("a.csv.gz"), 20_000));
    const { body } = await download(server.url(), { clock: testClock(), decompress: true });
    const reader = body.getReader();
    expect((await reader.read()).done).toBe(false);
    await expect(reader.cancel("enough")).resolves.toBeUndefined();
  });

  it.each([
    ["x.tgz", "x.tar"],
    ["x.CSV.GZ", "x.CSV"],
    ["x.csv", "x.csv"],
  ])("is called %s, then %s", async (name, plain) => {
    expect((await save([whole(GZIP, named(name))])).names).toEqual([plain]);
  });

  it("drops the ending of a name that a function makes of the one that is suggested", async () => {
    const filename = ({ suggested }: { suggested: string }) => `my-${suggested}`;
    expect((await save([whole(GZIP)], { filename })).names).toEqual(["my-report.csv"]);
    expect((await save([whole(GZIP)], { filename: "mine.gz" })).names).toEqual(["mine.gz"]);
  });

  it("into a stream that cannot take bytes back", async () => {
    const server = await rawServer(whole(GZIP, TAG, 30_000), rest(GZIP, TAG));
    const chunks: Uint8Array[] = [];
    const into = new WritableStream<Uint8Array>({ write: (chunk) => void chunks.push(chunk) });
    const saved = await downloadTo(server.url("/a.gz"), into, {
      clock: testClock(),
      decompress: true,
      keepPartial: true,
    });
    expect(Buffer.concat(chunks).equals(CSV)).toBe(true);
    expect(saved.sizeBytes).toBe(CSV.length);
  });
});

describe("keepPartial and decompress: true", () => {
  const run = async (
    folder: Awaited<ReturnType<typeof testFolder>>,
    url: string,
    options: SaveOptions = {},
  ) =>
    downloadTo(url, folder.file("out.csv"), {
      clock: testClock(),
      keepPartial: true,
      retry: { attempts: 1 },
      decompress: true,
      sha256: true,
      ...options,
    });

  it.each([
    ["an unpacking run after an unpacking one", true, true, CSV],
    ["a keeping run after an unpacking one", true, "auto", GZIP],
    ["an unpacking run after a keeping one", "auto", true, CSV],
  ] as const)("%s goes on with the packed bytes", async (_what, first, second, bytes) => {
    const folder = await testFolder();
    const server = await rawServer(whole(GZIP, TAG, 30_000), rest(GZIP, TAG));
    await expect(run(folder, server.url("/r.gz"), { decompress: first })).rejects.toMatchObject({
      code: "INCOMPLETE",
    });
    expect((await folder.read(".out.csv.keep.part")).equals(GZIP.subarray(0, 30_000))).toBe(true);
    const saved = await run(folder, server.url("/r.gz"), { decompress: second });
    expect(saved).toMatchObject({ resumed: 1, sizeBytes: bytes.length, sha256: sha256(bytes) });
    expect(server.requests.map(({ range }) => range)).toEqual(["", 'bytes=30000- "v1"']);
    expect((await folder.read("out.csv")).equals(bytes)).toBe(true);
    expect(await folder.names()).toEqual(["out.csv"]);
  });

  it("keeps the packed bytes when unpacking is aborted, and nothing of what came out", async () => {
    const folder = await testFolder();
    const server = await rawServer(whole(GZIP, TAG), whole(GZIP, TAG));
    await expect(run(folder, server.url("/r.gz"), { maxBytes: GZIP.length })).rejects.toMatchObject({
      code: "TOO_LARGE",
    });
    expect(await folder.names()).toEqual([]);
  });

  it("keeps nothing of a file that is damaged", async () => {
    const folder = await testFolder();
    const cut = GZIP.subarray(0, 20_000);
    const server = await rawServer(whole(cut, TAG), whole(GZIP, ['ETag: "v2"']));
    await expect(run(folder, server.url("/r.gz"))).rejects.toMatchObject({ code: "DECODE_ERROR" });
    expect(await folder.names()).toEqual([]);
    await run(folder, server.url("/r.gz"));
    expect((await folder.read("out.csv")).equals(CSV)).toBe(true);
  });
});

describe("a file that its vendor says is gzip", () => {
  const dependencies = { clock: testClock() };
  const always: GzipFile = { inside: { "application/gzip": "text/csv" } };
  async function saveFrom(
    sent: Buffer,
    headers: string[],
    options: SaveOptions = {},
    gzip: GzipFile = always,
    path = "/file",
  ) {
    const folder = await testFolder();
    const server = await rawServer(whole(sent, headers), whole(sent, headers));
    const isAtAddress = Object.hasOwn(gzip.inside, "*/*") || gzip.compression;
    const source = gzipSource<FileSource>(
      {
        allowHttp: true,
        types: isAtAddress ? { "*/*": "" } : { "application/gzip": "" },
        fileName: "acme-1",
        locate: async () => ({
          url: new URL(server.url(path)),
          trusted: true,
          reply: { status: 200, ok: true, headers: new Headers(), body: undefined },
        }),
      },
      gzip,
    );
    const saved = await saveDownload(source, `${folder.path}/`, options, dependencies).catch(
      (error: unknown) => error,
    );
    const opened = await openDownload(source, options, dependencies).catch(() => undefined);
    const blob = await opened?.blob().catch(() => undefined);
    return { saved, names: await folder.names(), type: blob?.type };
  }

  it.each<[string[], SaveOptions, string, string]>([
    [TYPE, {}, "acme-1.csv.gz", "application/gzip"],
    [TYPE, { decompress: true }, "acme-1.csv", "text/csv"],
    [[], {}, "acme-1.csv.gz", ""],
    [["Content-Type: application/octet-stream"], { decompress: true }, "acme-1.csv", "text/csv"],
    [[...TYPE, ...named("sales.csv")], {}, "sales.csv.gz", "application/gzip"],
    [[...TYPE, ...named("sales.csv.gz")], { decompress: true }, "sales.csv", "text/csv"],
  ])("of %j, with %j, is called %s", async (headers, options, name, contentType) => {
    const { names, type } = await saveFrom(GZIP, headers, options);
    expect([names, type]).toEqual([[name], contentType]);
  });

  it.each<[string, SaveOptions]>([
    ["where it is unpacked", { decompress: true }],
    ["where it is kept", {}],
  ])("is no file where it is not gzip, %s", async (_what, options) => {
    const { saved, names } = await saveFrom(CSV, [], options);
    expect([saved, names]).toMatchObject([
      {
        code: "UNEXPECTED_CONTENT",
        message: expect.stringContaining("the file is said to be gzip by its vendor, but it is plain text"),
      },
      [],
    ]);
  });

  const atAddress = (compression?: unknown): GzipFile => ({
    ...always,
    inside: { "*/*": "text/csv" },
    ...(compression === undefined ? {} : { compression: () => compression }),
  });
  it.each<[unknown, string, string]>([
    [undefined, "acme-1.csv.gz", "acme-1.csv"],
    ["GZIP", "acme-1.csv.gz", "acme-1.csv"],
    ["GZIP_JSON", "acme-1.csv.gz", "acme-1.csv"],
    [null, "acme-1", "acme-1"],
    ["none", "acme-1", "acme-1"],
  ])("at an address, by the word %j", async (word, kept, plain) => {
    const names = async (options: SaveOptions) => (await saveFrom(GZIP, [], options, atAddress(word))).names;
    expect([await names({}), await names({ decompress: true })]).toEqual([[kept], [plain]]);
  });

  it("of another compression is kept, and refused where it is to be unpacked", async () => {
    const zstd = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1]);
    expect((await saveFrom(zstd, [], {}, atAddress("ZSTD"))).names).toEqual(["acme-1"]);
    const { saved, names } = await saveFrom(zstd, [], { decompress: true }, atAddress("ZSTD"));
    expect([saved, names]).toMatchObject([
      { code: "UNSUPPORTED_ENCODING", message: expect.stringContaining('"ZSTD"') },
      [],
    ]);
  });
});

it.each<[string, Record<string, string>, string[], boolean]>([
  ["text is documented, and sent", { "text/csv": "" }, ["Content-Type: text/csv"], false],
  ["text is documented, and the type says nothing", { "text/csv": "" }, [], false],
  ["JSON is documented", { "application/json": "" }, [], false],
  ["a ZIP is documented, too", { "text/csv": "", "application/zip": "PK" }, [], true],
  ["nothing is documented", { "*/*": "" }, ["Content-Type: text/csv"], true],
])("gzip where %s", async (_what, types, headers, isFile) => {
  const folder = await testFolder();
  const server = await rawServer(whole(GZIP, headers));
  const locate = async () => ({ url: new URL(server.url("/file")), trusted: true });
  const source: FileSource = { allowHttp: true, types, fileName: "a.csv", locate };
  const result = await saveDownload(source, `${folder.path}/`, {}, { clock: testClock() }).catch(
    (error: unknown) => error,
  );
  expect(result).toMatchObject(
    isFile
      ? { sizeBytes: GZIP.length }
      : { code: "UNEXPECTED_CONTENT", message: expect.stringContaining("sent gzip that does not begin") },
  );
  expect((await folder.names()).length).toBe(isFile ? 1 : 0);
});

it("unpacks without a file system, by fetch", async () => {
  vi.resetModules();
  vi.doMock("#platform", () => import("../platform/web/index.js"));
  vi.doMock("#gunzip", () => import("../platform/web/gunzip.js"));
  const { download: ofWeb } = await import("../download/download.js");
  const server = await rawServer(whole(GZIP));
  const file = await ofWeb(server.url("/a.csv.gz"), { clock: testClock(), decompress: true, sha256: true });
  expect([file.filename, await file.text()]).toEqual(["a.csv", CSV.toString()]);
  vi.doUnmock("#platform");
  vi.doUnmock("#gunzip");
});
