import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { openDownload, saveDownload } from "../download/open.js";
import type { DownloadProgress, SaveOptions } from "../file/options.js";
import type { SavedFile } from "../file/result.js";
import { gzipSource } from "../gzip/gzip-source.js";
import { checkTarget } from "../job/check-target.js";
import { testClock } from "../testing/download-clock.js";
import { FakeClock } from "../testing/fake-clock.js";
import { type TestFolder, testFolder } from "../testing/folder.js";
import { type Answer, answer, chunked, rawServer, rest, whole } from "../testing/raw-server.js";
import type { Clock } from "../time/clock.js";
import type { FileSource, LocateOptions } from "../transfer/source.js";
import { at } from "../workflow/reply.js";
import type { PartsDefinition } from "./definition.js";
import { partsSource } from "./parts-source.js";

const CSV = ["Content-Type: text/csv"];
const job = { id: "1", snapshot: {} };
const rows = (from: number, to: number) =>
  `id,name\n${Array.from({ length: to - from }, (_, row) => `${from + row},${Math.sin(from + row)}\n`).join("")}`;
const [FIRST, SECOND, THIRD] = [rows(0, 500), rows(500, 1000), rows(1000, 1500)].map((text) =>
  Buffer.from(text),
);
const ALL = Buffer.from(rows(0, 1500));
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const notFound = answer(["404 Not Found", "Content-Length: 0"]);

/** A vendor whose export is a list of files. `lists` are its answers, one after the other; the last one repeats. */
async function listVendor(files: Record<string, Answer[]>, ...lists: unknown[]) {
  const counts: Record<string, number> = {};
  const server = await rawServer((socket, request, index) => {
    const name = request.path.replace(/\?.*/, "").slice(1);
    const answers = files[name] ?? [notFound];
    const count = counts[name] ?? 0;
    counts[name] = count + 1;
    return answers[Math.min(count, answers.length - 1)]?.(socket, request, index);
  });
  let asked = 0;
  const source = (definition: PartsDefinition = { files: ({ body }) => body }) =>
    partsSource<FileSource>(
      {
        allowHttp: true,
        async locate() {
          const body = lists[Math.min(asked++, lists.length - 1)];
          const reply = { status: 200, ok: true, headers: new Headers(), body };
          const url = new URL(`${server.origin}/nothing`);
          return { url, trusted: false, reply };
        },
      },
      { clock: testClock(), baseUrl: server.origin },
      definition,
      job,
    );
  return { server, source, asked: () => asked, paths: () => server.requests.map(({ path }) => path) };
}

const three = {
  "1.csv": [whole(FIRST as Buffer, CSV)],
  "2.csv": [whole(SECOND as Buffer, CSV)],
  "3.csv": [whole(THIRD as Buffer, CSV)],
};
const LIST = ["/1.csv", "/2.csv", "/3.csv"];

/** Saves, and tells what is there then. */
async function save(source: FileSource, options: SaveOptions = {}, name = "all.csv", folder?: TestFolder) {
  const into = folder ?? (await testFolder());
  const to = name.endsWith("/") ? `${into.path}/` : into.file(name);
  const result = await saveDownload(source, to, options, { clock: testClock(), random: () => 0.5 }).catch(
    (error: unknown) => error as SavedFile,
  );
  return { result, folder: into, names: await into.names() };
}

describe("a list of files", () => {
  it("is joined into one file, with one heading row, and a proof of each part and of the whole", async () => {
    const { source, asked, paths } = await listVendor(three, LIST);
    const { result, folder, names } = await save(source(), { sha256: true });
    expect(names).toEqual(["all.csv"]);
    expect(await folder.read("all.csv")).toEqual(ALL);
    expect(result).toMatchObject({
      path: folder.file("all.csv"),
      sizeBytes: ALL.length,
      sha256: sha256(ALL),
      integrity: "length",
      contentType: "text/csv",
      attempts: 3,
      parts: [FIRST, SECOND, THIRD].map((part = Buffer.alloc(0)) => ({
        sizeBytes: part.length,
        sha256: sha256(part),
        integrity: "length",
      })),
    });
    expect([asked(), paths()]).toEqual([1, LIST]);
  });

  it("is kept apart in a folder, where that is asked for", async () => {
    const { source } = await listVendor(three, LIST);
    const { result, folder, names } = await save(source(), { parts: "apart", sha256: true });
    expect(names).toEqual(["all.csv"]);
    const parts = ["all.part-0001.csv", "all.part-0002.csv", "all.part-0003.csv"];
    expect((await readdir(folder.file("all.csv"))).sort()).toEqual(parts);
    expect(await readFile(folder.file("all.csv/all.part-0002.csv"))).toEqual(SECOND);
    expect(result.path).toBe(folder.file("all.csv"));
    expect(result.sha256).toBeUndefined();
    expect(result.parts?.map(({ path, sha256 }) => [path, sha256])).toEqual(
      [FIRST, SECOND, THIRD].map((part = Buffer.alloc(0), index) => [
        folder.file(`all.csv/${parts[index]}`),
        sha256(part),
      ]),
    );
  });

  it("gets its name from the first part in a directory", async () => {
    const { source } = await listVendor(three, LIST);
    expect((await save(source(), {}, "/")).names).toEqual(["1.csv"]);
    const { folder, names } = await save(source(), { parts: "apart" }, "/");
    expect([names, await readdir(folder.file("1"))]).toEqual([
      ["1"],
      ["1.part-0001.csv", "1.part-0002.csv", "1.part-0003.csv"],
    ]);
  });

  it("with addresses inside of objects, and relative ones", async () => {
    const { source } = await listVendor(
      three,
      LIST.map((url) => ({ file: { url } })),
    );
    const { result } = await save(source({ files: ({ body }) => body, item: ["file", "url"] }));
    expect(result).toMatchObject({ sizeBytes: ALL.length });
  });

  it("is a plain file where it has one file, of any type", async () => {
    const zip = Buffer.from("PK\x03\x04 and so on");
    const { source } = await listVendor({ "a.zip": [whole(zip, ["Content-Type: application/zip"])] }, [
      "/a.zip",
    ]);
    const { result, folder } = await save(source(), {}, "a.zip");
    expect([result.sizeBytes, await folder.read("a.zip")]).toEqual([zip.length, zip]);
  });

  it.each([
    ["JSON", "application/json", "1.json"],
    ["ZIP files", "application/zip", "1.zip"],
  ])("of %s is kept apart, and not joined", async (_what, type, name) => {
    const body = Buffer.from("PK {}");
    const files = {
      [name]: [whole(body, [`Content-Type: ${type}`])],
      [`2${name}`]: [whole(body, [`Content-Type: ${type}`])],
    };
    const { source } = await listVendor(files, [`/${name}`, `/2${name}`]);
    const { folder } = await save(source(), {}, "all");
    expect(await readdir(folder.file("all"))).toEqual([1, 2].map((n) => `all.part-000${n}.${name.slice(2)}`));
    const joined = await save(source(), { parts: "join" }, "all");
    expect([joined.result, joined.names]).toMatchObject([
      { code: "UNEXPECTED_CONTENT", message: expect.stringContaining(`parts of ${type}`) },
      [],
    ]);
    await expect(openDownload(source(), {}, { clock: testClock() })).rejects.toMatchObject({
      code: "UNEXPECTED_CONTENT",
    });
  });

  it("of gzip files is kept apart as it is, and joined when it is unpacked", async () => {
    const type = ["Content-Type: application/gzip"];
    const files = {
      "1.csv.gz": [whole(gzipSync(FIRST as Buffer), type)],
      "2.csv.gz": [whole(gzipSync(SECOND as Buffer), type)],
    };
    const { source, server } = await listVendor(files, ["/1.csv.gz", "/2.csv.gz"]);
    const gzipped = () => {
      const { wrap: _, ...plain } = source();
      return partsSource(
        gzipSource<FileSource>(plain, { inside: { "*/*": "text/csv" } }),
        { clock: testClock(), baseUrl: server.origin },
        { files: ({ body }) => body },
        job,
      );
    };
    const apart = await save(gzipped(), {}, "all");
    expect(await readdir(apart.folder.file("all"))).toEqual(["all.part-0001.csv.gz", "all.part-0002.csv.gz"]);
    const joined = await save(gzipped(), { decompress: true, sha256: true });
    const expected = Buffer.from(rows(0, 1000));
    expect(await joined.folder.read("all.csv")).toEqual(expected);
    expect(joined.result).toMatchObject({ sizeBytes: expected.length, sha256: sha256(expected) });
  });

  it("goes as a stream, joined", async () => {
    const { source } = await listVendor(three, LIST);
    const download = await openDownload(source(), {}, { clock: testClock() });
    expect([download.filename, download.contentType, download.sizeBytes]).toEqual([
      "1.csv",
      "text/csv",
      undefined,
    ]);
    expect(Buffer.from(await download.bytes())).toEqual(ALL);
    const chunks: Uint8Array[] = [];
    const target = new WritableStream<Uint8Array>({ write: (chunk) => void chunks.push(chunk) });
    const saved = await saveDownload(source(), target, { sha256: true }, { clock: testClock() });
    expect(Buffer.concat(chunks)).toEqual(ALL);
    expect(saved).toMatchObject({ sizeBytes: ALL.length, sha256: sha256(ALL), integrity: "length" });
    expect(saved.parts).toHaveLength(3);
    const apart = saveDownload(source(), new WritableStream(), { parts: "apart" }, { clock: testClock() });
    await expect(apart).rejects.toThrow("the target has to be a path");
  });

  it("leaves nothing when a part does not come", async () => {
    const { source } = await listVendor(
      { ...three, "3.csv": [answer(["500 Broken", "Content-Length: 0"])] },
      LIST,
    );
    for (const parts of ["join", "apart"] as const) {
      const { result, names } = await save(source(), { parts, retry: { attempts: 2 } });
      expect([result, names]).toMatchObject([{ code: "HTTP_STATUS", status: 500 }, []]);
    }
  });

  it.each([true, false])("goes on inside of a part that broke off: to a path: %s", async (toPath) => {
    const tag = [...CSV, 'ETag: "v1"'];
    const files = { ...three, "2.csv": [whole(SECOND as Buffer, tag, 1000), rest(SECOND as Buffer, tag)] };
    const { source, server } = await listVendor(files, LIST);
    const chunks: Uint8Array[] = [];
    const target = new WritableStream<Uint8Array>({ write: (chunk) => void chunks.push(chunk) });
    const to = toPath ? (await testFolder()).file("all.csv") : target;
    const saved = await saveDownload(source(), to, {}, { clock: testClock() });
    expect(saved).toMatchObject({ sizeBytes: ALL.length, resumed: 1, attempts: 4 });
    expect(toPath ? await readFile(to as string) : Buffer.concat(chunks)).toEqual(ALL);
    expect(server.requests.map(({ range }) => range)).toEqual(["", "", 'bytes=1000- "v1"', ""]);
  });

  it("asks for the list again when an address has expired since, and takes the rest from there", async () => {
    const files = {
      ...three,
      "2.csv": [answer(["403 Forbidden", "Content-Length: 0"]), whole(SECOND as Buffer, CSV)],
    };
    for (const toPath of [true, false]) {
      const { source, asked, paths } = await listVendor(
        files,
        LIST,
        LIST.map((path) => `${path}?again`),
      );
      const chunks: Uint8Array[] = [];
      const target = new WritableStream<Uint8Array>({ write: (chunk) => void chunks.push(chunk) });
      const to = toPath ? (await testFolder()).file("all.csv") : target;
      const saved = await saveDownload(source(), to, {}, { clock: testClock() });
      expect(saved.sizeBytes).toBe(ALL.length);
      expect(asked()).toBe(2);
      expect(paths()).toEqual(["/1.csv", "/2.csv", "/2.csv?again", "/3.csv?again"]);
    }
  });

  it("is refused when it changes between two asks", async () => {
    const files = {
      ...three,
      "2.csv": [answer(["403 Forbidden", "Content-Length: 0"]), whole(SECOND as Buffer, CSV)],
    };
    for (const other of [LIST.slice(0, 2), [...LIST, "/4.csv"], ["/1.csv", "/2.csv", "/4.csv"]]) {
      const { source } = await listVendor(files, LIST, other);
      const { result, names } = await save(source());
      expect([result, names]).toMatchObject([{ code: "SOURCE_CHANGED" }, []]);
    }
  });

  it.each([
    ["an address that is there twice", ["/1.csv", "/2.csv", "/1.csv"], "file 3 of the 3"],
    ["a file without an address", ["/1.csv", null], "file 2 of the 2 in the vendor's list has no address"],
  ])("is refused with %s", async (_what, list, says) => {
    const { source } = await listVendor(three, list);
    const { result, names } = await save(source());
    expect([result, names]).toMatchObject([{ message: expect.stringContaining(says) }, []]);
  });

  it("is refused with another heading row, and nothing is left", async () => {
    const { source } = await listVendor(
      { ...three, "3.csv": [whole(Buffer.from("id,mail\n1,2\n"), CSV)] },
      LIST,
    );
    const { result, names } = await save(source(), { keepPartial: true });
    expect([result, names]).toMatchObject([{ code: "UNEXPECTED_CONTENT" }, []]);
    expect((await save(source(), { parts: "apart" })).result.parts).toHaveLength(3);
  });

  it("limits and expectations are about all parts together", async () => {
    const { source } = await listVendor(three, LIST);
    const good = { expected: { sizeBytes: ALL.length, sha256: sha256(ALL) }, minBytes: ALL.length };
    expect((await save(source(), good)).result).toMatchObject({ integrity: "digest", sha256: sha256(ALL) });
    const failures: [SaveOptions, string][] = [
      [{ expected: { sizeBytes: 5 } }, "SIZE_MISMATCH"],
      [{ expected: { sha256: sha256(FIRST as Buffer) } }, "DIGEST_MISMATCH"],
      [{ minBytes: ALL.length + 1 }, "SIZE_MISMATCH"],
      [{ maxBytes: (FIRST as Buffer).length + 10 }, "TOO_LARGE"],
    ];
    for (const [options, code] of failures) {
      const { result, names } = await save(source(), options);
      expect([result, names]).toMatchObject([{ code }, []]);
    }
  });

  it("tells of the weakest proof", async () => {
    const { source } = await listVendor(
      { ...three, "2.csv": [chunked([SECOND as Buffer], { headers: CSV })] },
      LIST,
    );
    expect((await save(source())).result).toMatchObject({ integrity: "framing" });
    const { result, names } = await save(source(), { requireIntegrity: "length" });
    expect([result, names]).toMatchObject([{ code: "INCOMPLETE_UNVERIFIABLE" }, []]);
  });

  it("counts the parts in its progress, and never goes back", async () => {
    const { source } = await listVendor(three, LIST);
    const told: DownloadProgress[] = [];
    await save(source(), { onProgress: (progress) => told.push(progress), progressIntervalMs: 0 });
    expect([...new Set(told.map(({ part, parts }) => part && `${part}/${parts}`))]).toEqual([
      "1/3",
      "2/3",
      "3/3",
      undefined,
    ]);
    const bytes = told.slice(0, -1).map(({ bytes }) => bytes);
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
    expect(told.filter(({ done }) => done)).toMatchObject([{ bytes: ALL.length }]);
  });

  it("replaces nothing unasked, and a folder of parts only where it holds nothing else", async () => {
    const { source } = await listVendor(three, LIST);
    const folder = await testFolder();
    const again = (options: SaveOptions) => save(source(), { parts: "apart", ...options }, "all", folder);
    expect((await again({})).result.path).toBe(folder.file("all"));
    expect((await again({})).result).toMatchObject({ code: "TARGET_EXISTS" });
    // That is known before anything is started.
    await expect(checkTarget(folder.file("all"), { parts: "apart" })).rejects.toMatchObject({
      code: "TARGET_EXISTS",
    });
    await checkTarget(folder.file("all"), { parts: "apart", overwrite: "replace" });
    await checkTarget(`${folder.file("all")}/`, { parts: "apart" });
    await checkTarget(folder.file("."), { parts: "apart" });
    expect((await again({ overwrite: "rename" })).result.path).toBe(folder.file("all (1)"));
    expect((await again({ overwrite: "replace" })).result.path).toBe(folder.file("all"));
    expect(await folder.names()).toEqual(["all", "all (1)"]);
    for (const name of ["all", "all (1)"])
      expect((await readdir(folder.file(name))).sort()).toEqual(
        [1, 2, 3].map((part) => `all.part-000${part}.csv`),
      );
    await writeFile(folder.file("all/notes.txt"), "mine");
    await mkdir(folder.file("all/1"));
    await writeFile(folder.file("all/1/notes.txt"), "mine");
    expect((await again({ overwrite: "replace" })).result).toMatchObject({ code: "TARGET_EXISTS" });
    expect(await readdir(folder.file("all/1"))).toEqual(["notes.txt"]);
  });
});

describe("keepPartial", () => {
  it.each(["join", "apart"] as const)("goes on after the last part that is there: %s", async (parts) => {
    const tag = [...CSV, 'ETag: "v1"'];
    const broken = whole(SECOND as Buffer, tag, 1000);
    const files = { ...three, "2.csv": [broken, rest(SECOND as Buffer, tag)] };
    const { source, server } = await listVendor(files, LIST);
    const options = { parts, keepPartial: true, sha256: true, retry: { attempts: 1 } };
    const { result, folder, names } = await save(source(), options);
    expect(result).toMatchObject({ code: expect.stringMatching(/INCOMPLETE|HTTP_STATUS/) });
    expect(names).toEqual([".all.csv.keep.parts", ".all.csv.keep.parts.json"]);
    const before = server.requests.length;
    const { result: saved, names: left } = await save(source(), options, "all.csv", folder);
    expect(
      server.requests
        .slice(before)
        .map(({ path, range }) => [path, range])
        .slice(-2),
    ).toEqual([
      ["/2.csv", 'bytes=1000- "v1"'],
      ["/3.csv", ""],
    ]);
    expect(server.requests.slice(before).map(({ path }) => path)).not.toContain("/1.csv");
    expect(left).toEqual(["all.csv"]);
    expect(saved.parts?.map(({ sha256 }) => sha256)).toEqual(
      [FIRST, SECOND, THIRD].map((part = Buffer.alloc(0)) => sha256(part)),
    );
    if (parts === "join") {
      expect(await folder.read("all.csv")).toEqual(ALL);
      expect(saved.sha256).toBe(sha256(ALL));
    } else expect(await readdir(folder.file("all.csv"))).toHaveLength(3);
  });

  it("begins anew where the list is another one, and mixes nothing", async () => {
    const files = {
      ...three,
      "3.csv": [answer(["500 Broken", "Content-Length: 0"])],
      "4.csv": [whole(THIRD as Buffer, CSV)],
    };
    const options = { keepPartial: true, retry: { attempts: 1 } };
    const { source, server } = await listVendor(files, LIST);
    const { folder } = await save(source(), options);
    const other = await listVendor({ ...files, "1.csv": [whole(SECOND as Buffer, CSV)] }, [
      "/1.csv",
      "/4.csv",
    ]);
    const { result } = await save(other.source(), options, "all.csv", folder);
    expect(await folder.read("all.csv")).toEqual(
      Buffer.concat([Buffer.from(rows(500, 1000)), Buffer.from(rows(1000, 1500).replace("id,name\n", ""))]),
    );
    expect(result.parts).toHaveLength(2);
    expect(server.requests.length).toBeGreaterThan(2);
  });

  it("begins anew for another job, though its addresses differ in their queries alone", async () => {
    const broken = answer(["500 Broken", "Content-Length: 0"]);
    const csv = (text: string) => whole(Buffer.from(`id\n${text}\n`), CSV);
    const answers: Record<string, Answer> = { "1a": csv("1a"), "2a": csv("2a"), "2b": csv("2b") };
    const server = await rawServer((socket, request, index) => {
      const name = request.path.replace("/part?", "");
      return (answers[name] ?? broken)(socket, request, index);
    });
    const source = (jobId: string) =>
      partsSource<FileSource>(
        {
          allowHttp: true,
          async locate() {
            const body = ["a", "b"].map((part) => `/part?${jobId}${part}`);
            const reply = { status: 200, ok: true, headers: new Headers(), body };
            return { url: new URL(`${server.origin}/part`), trusted: false, reply };
          },
        },
        { clock: testClock(), baseUrl: server.origin },
        { files: ({ body }) => body },
        { id: jobId, snapshot: {} },
      );
    const options = { keepPartial: true, retry: { attempts: 1 } };
    const { result, folder } = await save(source("1"), options);
    expect(result).toMatchObject({ code: "HTTP_STATUS" });
    await save(source("2"), options, "all.csv", folder);
    expect((await folder.read("all.csv")).toString()).toBe("id\n2a\n2b\n");
  });

  it.each([
    ["pages of another request", ["1", "2"], ["job", "job"]],
    [
      "the same request of a later job, as its first pages may have other rows by then",
      ["1", "1"],
      ["a", "b"],
    ],
  ])("begins anew for %s", async (_what, days, ids) => {
    let broken = true;
    const server = await rawServer((socket, { path }, index) => {
      const day = new URL(path, "http://x").searchParams.get("day");
      const next = path.includes("next");
      const reply =
        broken && next
          ? answer(["500 Broken", "Content-Length: 0"])
          : page(Buffer.from(`id\n${broken ? "before" : day}${next}\n`), next ? "null" : "next");
      return reply(socket, undefined as never, index); // they look at no request
    });
    const source = (run: number) =>
      partsSource<FileSource>(
        {
          allowHttp: true,
          locate: async ({ nextPage = "" }) => ({
            url: new URL(`${server.origin}/events?day=${days[run]}&page=${nextPage}`),
            trusted: true,
          }),
        },
        { clock: testClock(), baseUrl: server.origin },
        byHeader,
        { id: ids[run] as string, snapshot: {} }, // there are two
      );
    const options = { keepPartial: true, retry: { attempts: 1 } };
    const { result, folder } = await save(source(0), options);
    expect(result).toMatchObject({ code: "HTTP_STATUS" });
    broken = false;
    await save(source(1), options, "all.csv", folder);
    expect((await folder.read("all.csv")).toString()).toBe(`id\n${days[1]}false\n${days[1]}true\n`);
  });

  it("lets one process at a time save", async () => {
    const { source } = await listVendor(three, LIST);
    const folder = await testFolder();
    const both = await Promise.all(
      [1, 2].map(() => save(source(), { keepPartial: true }, "all.csv", folder)),
    );
    expect(both.map(({ result }) => (result as { code?: string }).code).sort()).toEqual(
      expect.arrayContaining([expect.stringMatching(/LOCKED|TARGET_EXISTS/)]),
    );
    expect(await folder.read("all.csv")).toEqual(ALL);
  });
});

/** A vendor whose export comes in pages. */
async function pageVendor(answerTo: (page: string, count: number) => Answer, clock: Clock = testClock()) {
  const asked: LocateOptions[] = [];
  let count = 0;
  const server = await rawServer((socket, request, index) => {
    const page = new URL(request.path, "http://x").searchParams.get("page") ?? "";
    return answerTo(page, count++)(socket, request, index);
  });
  const source = (definition: PartsDefinition, of: object = job) =>
    partsSource<FileSource>(
      {
        allowHttp: true,
        async locate(options) {
          asked.push(options);
          const query = options.nextPage ? `?page=${options.nextPage}` : "";
          return { url: new URL(`${server.origin}/results${query}`), trusted: true };
        },
      },
      { clock, baseUrl: server.origin },
      definition,
      of,
    );
  return { source, server, asked, pages: () => server.requests.map(({ path }) => path.split("=")[1] ?? "") };
}

const byHeader: PartsDefinition = {
  nextPage: ({ headers }) => (headers.get("locator") !== "null" ? headers.get("locator") : undefined),
};
const byCursor: PartsDefinition = { nextPage: ({ body }) => at(body, "paging", "after"), inBody: true };
const page = (body: Buffer, next: string, cut?: number) =>
  whole(body, [...CSV, `Locator: ${next}`, 'ETag: "v1"'], cut);

describe("pages by a header", () => {
  const answers: Record<string, Answer> = {
    "": page(FIRST as Buffer, "two"),
    two: page(SECOND as Buffer, "three"),
    three: page(THIRD as Buffer, "null"),
  };

  it.each(["path", "stream"])("are joined without their heading rows: %s", async (target) => {
    const { source, pages } = await pageVendor((name) => answers[name] ?? notFound);
    const folder = await testFolder();
    const chunks: Uint8Array[] = [];
    const to =
      target === "path"
        ? folder.file("all.csv")
        : new WritableStream<Uint8Array>({ write: (chunk) => void chunks.push(chunk) });
    const saved = await saveDownload(source(byHeader), to, { sha256: true }, { clock: testClock() });
    expect(target === "path" ? await folder.read("all.csv") : Buffer.concat(chunks)).toEqual(ALL);
    expect(saved).toMatchObject({ sha256: sha256(ALL), sizeBytes: ALL.length });
    expect(pages()).toEqual(["", "two", "three"]);
  });

  it("go on in the middle of a page, and know the next one though the rest does not name it", async () => {
    let cut = false;
    const { source, pages } = await pageVendor((name) => {
      if (name !== "two") return answers[name] ?? notFound;
      if (cut) return rest(SECOND as Buffer, [...CSV, 'ETag: "v1"']);
      cut = true;
      return page(SECOND as Buffer, "three", 900);
    });
    const { result, folder } = await save(source(byHeader));
    expect(result).toMatchObject({ resumed: 1 });
    expect([await folder.read("all.csv"), pages()]).toEqual([ALL, ["", "two", "two", "three"]]);
  });

  it("an empty last page, and one with nothing but the heading row", async () => {
    const { source } = await pageVendor(
      (name) =>
        ({
          "": page(ALL, "two"),
          two: page(Buffer.from("id,name\n"), "three"),
          three: page(Buffer.alloc(0), "null"),
        })[name] ?? notFound,
    );
    const { result, folder } = await save(source(byHeader));
    expect([await folder.read("all.csv"), result.parts?.length]).toEqual([ALL, 3]);
  });

  it("that are many leave no listener behind on their connection", async () => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error) => warnings.push(name);
    process.on("warning", onWarning);
    onTestFinished(() => void process.off("warning", onWarning));
    const { source, pages } = await pageVendor((name) =>
      page(Buffer.from(`id,name\n${name},x\n`), name === "30" ? "null" : String(Number(name) + 1)),
    );
    const { result } = await save(source(byHeader));
    expect([result.parts?.length, pages().length, warnings]).toEqual([31, 31, []]);
  });

  it("that never end are an error", async () => {
    const { source, pages } = await pageVendor(() => page(FIRST as Buffer, "two"));
    const { result, names } = await save(source(byHeader));
    expect([result, names]).toMatchObject([
      { code: "UNEXPECTED_CONTENT", message: expect.stringContaining("the pages never end") },
      [],
    ]);
    expect(pages()).toEqual(["", "two"]);
  });

  it("keepPartial: another run goes on with the page that did not come", async () => {
    let broken = true;
    const { source, pages } = await pageVendor((name) =>
      name === "three" && broken ? answer(["500 Broken", "Content-Length: 0"]) : (answers[name] ?? notFound),
    );
    const options = { keepPartial: true, retry: { attempts: 1 } };
    const { result, folder } = await save(source(byHeader), options);
    expect(result).toMatchObject({ code: "HTTP_STATUS" });
    broken = false;
    const before = pages().length;
    const { result: saved } = await save(source(byHeader), options, "all.csv", folder);
    expect([await folder.read("all.csv"), pages().slice(before)]).toEqual([ALL, ["three"]]);
    expect([saved.parts?.length, await folder.names()]).toEqual([3, ["all.csv"]]);
  });

  it("have the time of the whole, not each its own", async () => {
    const clock = new FakeClock();
    const { source, pages } = await pageVendor(
      (name) => async (socket, request, index) => {
        await clock.advance(25);
        return (answers[name] ?? notFound)(socket, request, index);
      },
      clock,
    );
    const folder = await testFolder();
    const options = { timeouts: { totalMs: 60_000 } };
    const saving = saveDownload(source(byHeader), folder.file("all.csv"), options, { clock });
    await expect(saving).rejects.toMatchObject({ code: "TIMEOUT", phase: "total" });
    expect([pages(), await folder.names()]).toEqual([["", "two", "three"], []]);
  });
});

describe("pages by a cursor in JSON", () => {
  const json = (body: unknown) =>
    whole(Buffer.from(JSON.stringify(body)), ["Content-Type: application/json"]);

  it("are kept apart, each as it was sent", async () => {
    const { source, pages } = await pageVendor((name) =>
      json({ data: [name], paging: name === "c" ? {} : { after: name === "" ? "b" : "c" } }),
    );
    const { folder, result } = await save(source(byCursor), {}, "all");
    const names = ["all.part-0001.json", "all.part-0002.json", "all.part-0003.json"];
    expect(await readdir(folder.file("all"))).toEqual(names);
    expect(JSON.parse(await readFile(folder.file("all/all.part-0003.json"), "utf8"))).toEqual({
      data: ["c"],
      paging: {},
    });
    expect([pages(), result.parts?.length]).toEqual([["", "b", "c"], 3]);
  });

  it.each([
    ["a page that is no JSON", "oops"],
    ["a page that is cut", '{"data":['],
  ])("%s is an error, as nobody knows the next one", async (_what, text) => {
    const { source } = await pageVendor(() => whole(Buffer.from(text), ["Content-Type: application/json"]));
    const { result, names } = await save(source(byCursor), {}, "all");
    expect([result, names]).toMatchObject([
      { code: "UNEXPECTED_CONTENT", message: expect.stringContaining("page 1 is no valid JSON") },
      [],
    ]);
  });
});

describe("parts by number", () => {
  /** A vendor whose export has three parts, from 1 on. `counts` are what its polls say, one for each look. */
  async function numberVendor(...counts: unknown[]) {
    const { source, pages } = await pageVendor(
      (number) => whole([FIRST, SECOND, THIRD][Number(number) - 1] as Buffer, CSV), // it has three
    );
    let looks = 0;
    const job = {
      get snapshot() {
        return { raw: { parts: counts[Math.min(looks++, counts.length - 1)] } };
      },
    };
    const definition: PartsDefinition = { count: ({ body }) => at(body, "parts"), first: 1 };
    return { source: () => source(definition, job), pages };
  }

  it.each([
    ["a number", 3],
    ["the length of a list", [{}, {}, {}]],
  ])("are joined, as many as %s says", async (_what, count) => {
    const { source, pages } = await numberVendor(count);
    const told: DownloadProgress[] = [];
    const { result, folder } = await save(source(), { onProgress: (progress) => told.push(progress) });
    expect([await folder.read("all.csv"), pages()]).toEqual([ALL, ["1", "2", "3"]]);
    expect([result.parts?.length, told.at(-1)]).toMatchObject([3, { phase: "done" }]);
    expect(told.find(({ part }) => part === 2)).toMatchObject({ parts: 3 });
  });

  it.each([
    ["more", 4],
    ["fewer", 2],
    ["none", undefined],
  ])(
    "are an error when the vendor says that there are %s in between, and leave nothing",
    async (_what, after) => {
      const { source, pages } = await numberVendor(3, 3, after);
      const { result, names } = await save(source());
      const code = after === undefined ? "UNEXPECTED_CONTENT" : "SOURCE_CHANGED";
      expect([result, names]).toMatchObject([{ code, message: expect.stringContaining("parts") }, []]);
      expect(pages()).not.toContain("3");
    },
  );
});
