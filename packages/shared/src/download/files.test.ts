import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import * as nodeFs from "node:fs/promises";
import { lstat, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkTarget } from "../job/check-target.js";
import type { FileSystem } from "../platform/node/files/file-system.js";
import { openFileSink } from "../platform/node/files/sink.js";
import { createFileWriter } from "../platform/node/files/writer.js";
import { testClock } from "../testing/download-clock.js";
import { testFolder } from "../testing/folder.js";
import { soon } from "../testing/poll.js";
import { rawServer, rest, whole } from "../testing/raw-server.js";
import { cleanupStale } from "./cleanup.js";
import { downloadTo } from "./download.js";

const S = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
const TAG = ['ETag: "v1"'];
const transfer = { name: async () => "f", sourceKey: async () => "key" };

/** Node's file system, but for some calls, with a list of them. */
function fakeFs(log: string[], own: Partial<FileSystem> = {}): FileSystem {
  const { link, rename, unlink } = { ...nodeFs, ...own };
  const logged =
    <Args extends unknown[]>(name: string, call: (...args: Args) => Promise<void>) =>
    async (...args: Args) => {
      log.push(name);
      await call(...args);
    };
  return {
    ...nodeFs,
    ...own,
    link: logged("link", link),
    rename: logged("rename", rename),
    unlink: logged("unlink", unlink),
    async open(path, ...rest) {
      const file = await nodeFs.open(path, ...rest);
      const what = (await file.stat()).isDirectory() ? "directory" : "file";
      log.push(`open ${what}`);
      return new Proxy(file, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name);
          if (typeof value !== "function") return value;
          return (...args: unknown[]) => {
            log.push(`${String(name)} ${what}`);
            return value.apply(target, args);
          };
        },
      });
    },
  };
}

async function writeThrough(to: string, options: Parameters<typeof openFileSink>[1], fs: FileSystem) {
  const sink = await openFileSink(to, options, transfer, fs);
  await sink.write(S);
  return sink.finish({ signal: new AbortController().signal, race: (work) => work });
}

describe("files", () => {
  it("87. needs the directory, before anything is asked for, or makes it", async () => {
    const folder = await testFolder();
    const server = await rawServer(whole(S));
    const to = folder.file("a/b/f");
    await expect(downloadTo(server.url(), to)).rejects.toMatchObject({
      code: "FILE_ERROR",
      systemCode: "ENOENT",
    });
    expect(server.requests).toEqual([]);
    await checkTarget(to, { createDirs: true });
    expect(await folder.names()).toEqual([]);
    expect(await downloadTo(server.url(), to, { createDirs: true })).toMatchObject({ path: to });
    expect(
      await downloadTo(server.url(), pathToFileURL(folder.file("c/")), { createDirs: true }),
    ).toMatchObject({ path: folder.file("c/file.csv") });
  });

  it("87. finds out that a target is none, before anything is asked for", async () => {
    const folder = await testFolder();
    await writeFile(folder.file("file"), "");
    await symlink(folder.file("loop"), folder.file("loop"));
    const server = await rawServer(whole(S));
    for (const [to, systemCode] of [
      [folder.file("file/f"), "ENOTDIR"],
      [folder.file("file/"), "ENOTDIR"],
      [folder.file("loop/f"), "ELOOP"],
      [new URL("https://example.com/f"), "ENOTSUP"],
      [folder.file("x\0y"), "ERR_INVALID_ARG_VALUE"],
    ] as const) {
      await expect(downloadTo(server.url(), to, { createDirs: true })).rejects.toMatchObject({
        code: "FILE_ERROR",
        systemCode,
      });
    }
    expect(server.requests).toEqual([]);
  });

  it.runIf(process.platform === "linux")(
    "takes no place of a device or a pipe, and says of a folder that cannot be made why",
    async () => {
      const folder = await testFolder();
      execFileSync("mkfifo", [folder.file("pipe")]);
      await symlink("/dev/null", folder.file("null"));
      const server = await rawServer(whole(S));
      for (const overwrite of ["error", "replace", "rename"] as const)
        for (const to of ["/dev/null", folder.file("null"), folder.file("pipe")])
          await expect(downloadTo(server.url(), to, { overwrite })).rejects.toMatchObject({
            code: "FILE_ERROR",
            message: expect.stringContaining(`${to} is no file but a device, a pipe or a socket`),
          });
      expect(server.requests).toEqual([]);
      // Node's recursive mkdir would never come back from here.
      await expect(downloadTo(server.url(), "/proc/none/f", { createDirs: true })).rejects.toMatchObject({
        code: "FILE_ERROR",
        systemCode: "ENOENT",
      });
    },
  );

  it("88. does not overwrite, neither what is there before nor what comes meanwhile", async () => {
    const folder = await testFolder();
    await writeFile(folder.file("f"), "old");
    const server = await rawServer(whole(S), async (socket, request, index) => {
      await writeFile(folder.file("g"), "theirs");
      whole(S)(socket, request, index);
    });
    await expect(downloadTo(server.url(), folder.file("f"))).rejects.toMatchObject({
      code: "TARGET_EXISTS",
      path: folder.file("f"),
    });
    await symlink(folder.file("nowhere"), folder.file("link"));
    await expect(downloadTo(server.url(), folder.file("link"))).rejects.toMatchObject({
      code: "TARGET_EXISTS",
    });
    expect(server.requests).toEqual([]);
    await downloadTo(server.url(), folder.file("first"));
    await expect(downloadTo(server.url(), folder.file("g"))).rejects.toMatchObject({ code: "TARGET_EXISTS" });
    expect(await folder.names()).toEqual(["f", "first", "g", "link"]);
    expect((await folder.read("g")).toString()).toBe("theirs");
  });

  it("88. does not overwrite where the file system knows no links", async () => {
    const folder = await testFolder();
    const link = async () => {
      throw Object.assign(new Error("no links"), { code: "EPERM" });
    };
    expect(await writeThrough(folder.file("f"), {}, fakeFs([], { link }))).toBe(folder.file("f"));
    expect((await folder.read("f")).equals(S)).toBe(true);
    const log: string[] = [];
    const late = await openFileSink(folder.file("g"), {}, transfer, fakeFs(log, { link }));
    await late.write(S);
    await writeFile(folder.file("g"), "theirs");
    const error: unknown = await late
      .finish({ signal: new AbortController().signal, race: (work) => work })
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "TARGET_EXISTS" });
    await late.abort(error);
    expect((await folder.read("g")).toString()).toBe("theirs");
    expect(await folder.names()).toEqual(["f", "g"]);
  });

  it("89. replaces a file when the new one is whole, and leaves it where that fails", async () => {
    const folder = await testFolder();
    await writeFile(folder.file("f"), "old");
    let during = "";
    const server = await rawServer(async (socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234");
      await soon(folder.names).toHaveLength(2);
      during = (await folder.read("f")).toString();
      socket.write("56789");
    });
    await downloadTo(server.url(), folder.file("f"), { overwrite: "replace" });
    expect(during).toBe("old");
    expect((await folder.read("f")).toString()).toBe("0123456789");
    const broken = await rawServer(whole(S, [], 50_000));
    await expect(
      downloadTo(broken.url(), folder.file("f"), { overwrite: "replace", clock: testClock() }),
    ).rejects.toMatchObject({ code: "INCOMPLETE" });
    expect((await folder.read("f")).toString()).toBe("0123456789");
    expect(await folder.names()).toEqual(["f"]);
  });

  it("90. finds a free name beside the taken ones, also for several at once", async () => {
    const folder = await testFolder();
    const server = await rawServer(whole(S));
    const save = async (name: string) =>
      (await downloadTo(server.url(), folder.file(name), { overwrite: "rename" })).path;
    expect([
      await save("a.csv"),
      await save("a.csv"),
      await save("a.tar.gz"),
      await save("a.tar.gz"),
      await save("a"),
      await save("a"),
    ]).toEqual(["a.csv", "a (1).csv", "a.tar.gz", "a (1).tar.gz", "a", "a (1)"].map(folder.file));
    expect(new Set(await Promise.all(Array.from({ length: 8 }, () => save("b.csv")))).size).toBe(8);
    const long = `${"x".repeat(251)}.csv`;
    expect([await save(long), await save(long)]).toEqual([
      folder.file(long),
      folder.file(`${"x".repeat(247)} (1).csv`),
    ]);
  });

  it("92. replaces a link, not what it leads to, and does not write through one", async () => {
    const folder = await testFolder();
    await writeFile(folder.file("precious"), "precious");
    await symlink(folder.file("precious"), folder.file("f"));
    const server = await rawServer(whole(S));
    await downloadTo(server.url(), folder.file("f"), { overwrite: "replace" });
    expect((await lstat(folder.file("f"))).isSymbolicLink()).toBe(false);
    expect((await folder.read("precious")).toString()).toBe("precious");
    const opened: string[] = [];
    const trap: FileSystem = {
      ...nodeFs,
      async open(path, ...rest) {
        // Somebody guessed the first temporary name.
        if (opened.push(String(path)) === 1) await symlink(folder.file("precious"), path);
        return nodeFs.open(path, ...rest);
      },
    };
    await writeThrough(folder.file("g"), {}, trap);
    expect(new Set(opened).size).toBe(2);
    expect((await folder.read("precious")).toString()).toBe("precious");
  });

  it.runIf(process.getuid?.() === 0)("93. ends on a full disk, at once and without a trace", async () => {
    const folder = await testFolder();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.path]);
    onTestFinished(() => void execFileSync("umount", [folder.path]));
    const server = await rawServer(whole(Buffer.alloc(5 * 2 ** 20, 1)));
    await expect(downloadTo(server.url(), folder.file("f"))).rejects.toMatchObject({
      code: "FILE_ERROR",
      systemCode: "ENOSPC",
      attempts: 1,
    });
    expect(await folder.names()).toEqual([]);
    expect(server.requests).toHaveLength(1);
    await soon(() => server.open.size).toBe(0);
  });

  it("93. goes on after a short write, and tells what the next one says", async () => {
    const written: Buffer[] = [];
    let room = 150_000;
    const file = {
      async writev(chunks: readonly NodeJS.ArrayBufferView[]) {
        if (room === 0) throw Object.assign(new Error("full"), { code: "ENOSPC" });
        const taken = Buffer.concat(chunks as Uint8Array[]).subarray(0, Math.min(7001, room));
        room -= taken.length;
        written.push(taken);
        return { bytesWritten: taken.length, buffers: [] };
      },
    } as unknown as Parameters<typeof createFileWriter>[0];
    const writer = createFileWriter(file, 0);
    writer.write(S);
    await writer.flush();
    expect(Buffer.concat(written).equals(S)).toBe(true);
    writer.write(S);
    await expect(writer.flush()).rejects.toMatchObject({ code: "ENOSPC" });
  });

  it("93. writes batches of a MiB, one at a time", async () => {
    const sizes: number[] = [];
    let atOnce = 0;
    const file = {
      async writev(chunks: readonly NodeJS.ArrayBufferView[]) {
        expect(++atOnce).toBe(1);
        const bytesWritten = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
        sizes.push(bytesWritten);
        await new Promise((resolve) => setImmediate(resolve));
        atOnce--;
        return { bytesWritten, buffers: [] };
      },
    } as unknown as Parameters<typeof createFileWriter>[0];
    const writer = createFileWriter(file, 0);
    for (let i = 0; i < 100; i++) await writer.write(Buffer.alloc(65_536));
    await writer.flush();
    expect(sizes).toEqual([...Array(6).fill(2 ** 20), 4 * 65_536]);
  });

  it("98. puts all on the disk in the right order, where that is asked for", async () => {
    for (const [overwrite, commit] of [
      ["error", ["link", "unlink"]],
      ["replace", ["rename"]],
    ] as const) {
      const folder = await testFolder();
      const log: string[] = [];
      await writeThrough(folder.file("f"), { fsync: true, overwrite }, fakeFs(log));
      expect(log).toEqual([
        "open file",
        "writev file",
        "sync file",
        "close file",
        ...commit,
        "open directory",
        "sync directory",
        "close directory",
      ]);
    }
    const folder = await testFolder();
    const log: string[] = [];
    await writeThrough(folder.file("f"), {}, fakeFs(log));
    expect(log).not.toContain("sync file");
  });

  it("102. gives the usual permissions, or those that are asked for", async () => {
    const folder = await testFolder();
    const server = await rawServer(whole(S));
    const umask = process.umask();
    await downloadTo(server.url(), folder.file("f"));
    await downloadTo(server.url(), folder.file("g"), { mode: 0o606 });
    expect((await stat(folder.file("f"))).mode & 0o777).toBe(0o666 & ~umask);
    expect((await stat(folder.file("g"))).mode & 0o777).toBe(0o606);
  });

  it("tells that it may not write there, before anything is asked for", async () => {
    const folder = await testFolder();
    const fs: FileSystem = {
      ...nodeFs,
      access: async () => {
        throw Object.assign(new Error("denied"), { code: "EACCES" });
      },
    };
    let asked = false;
    const name = async () => {
      asked = true;
      return "f";
    };
    const asking = { ...transfer, name };
    await expect(openFileSink(folder.file("f"), {}, asking, fs)).rejects.toMatchObject({
      code: "FILE_ERROR",
      systemCode: "EACCES",
    });
    await expect(openFileSink(`${folder.path}/`, {}, asking, fs)).rejects.toMatchObject({
      code: "FILE_ERROR",
      systemCode: "EACCES",
    });
    expect(asked).toBe(false);
  });

  it.each([
    [
      "106. a traversal in the header",
      ['Content-Disposition: attachment; filename="../../x"'],
      "/file",
      "_.._x",
    ],
    [
      "107. the address's last part, without its query",
      [],
      "/exports/2024%20Q1.csv?X-Amz-Signature=a/b",
      "2024 Q1.csv",
    ],
    ["108. an extension by the type", ["Content-Type: text/csv; charset=utf-8"], "/download", "download.csv"],
    ["108. no name at all", ["Content-Type: application/zip"], "/", "download.zip"],
    ["a separator in the address", [], "/a%2F..%2F..%2Fb.csv", "a_.._.._b.csv"],
    ["nothing that can be used", ['Content-Disposition: attachment; filename=".."'], "/", "download"],
  ])("%s", async (_what, headers, path, name) => {
    const folder = await testFolder();
    const body = headers.some((header) => header.includes("zip")) ? Buffer.from("PK") : S;
    const server = await rawServer(whole(body, headers));
    const saved = await downloadTo(server.url(path), `${folder.path}/`);
    expect(saved.path).toBe(folder.file(name));
    expect(dirname(saved.path ?? "")).toBe(folder.path);
    await expect(downloadTo(server.url(path), folder.path)).rejects.toMatchObject({ code: "TARGET_EXISTS" });
    expect(await folder.names()).toEqual([name]);
  });

  it("110. shows the names to the caller and makes the chosen one safe", async () => {
    const folder = await testFolder();
    const server = await rawServer(
      whole(S, ["Content-Type: text/csv", 'Content-Disposition: attachment; filename="a/b.csv"']),
    );
    const seen: unknown[] = [];
    const saved = await downloadTo(server.url("/x%20y"), `${folder.path}/`, {
      filename(names) {
        seen.push(names);
        return `../${names.suggested}`;
      },
    });
    expect(seen).toEqual([
      { fromHeader: "a/b.csv", fromUrl: "x y", contentType: "text/csv", suggested: "a_b.csv" },
    ]);
    expect(saved.path).toBe(folder.file("_a_b.csv"));
    expect((await downloadTo(server.url(), `${folder.path}/`, { filename: "con" })).path).toBe(
      folder.file("_con"),
    );
    expect((await downloadTo(server.url(), `${folder.path}/`, { filename: ".." })).path).toBe(
      folder.file("a_b.csv"),
    );
  });
});

/** Starts a download in a process of its own. */
function inProcess(url: string, to: string, options: object) {
  const script = join(import.meta.dirname, "../testing/download-process.ts");
  return spawn(process.execPath, ["--import", "tsx/esm", script, url, to, JSON.stringify(options)], {
    cwd: join(import.meta.dirname, "../../../.."),
    env: { ...process.env, TSX_TSCONFIG_PATH: join(import.meta.dirname, "../../tsconfig.json") },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

describe("a process that is killed", () => {
  it("99. leaves nothing but a temporary file, which can be cleaned up", async () => {
    const folder = await testFolder();
    const server = await rawServer(whole(Buffer.alloc(3 * 2 ** 20), [], 2 * 2 ** 20, "open"));
    const child = inProcess(server.url(), folder.file("f"), {});
    await soon(async () => (await folder.names()).length).toBe(1);
    child.kill("SIGKILL");
    await once(child, "exit");
    const names = await folder.names();
    expect(names).toEqual([expect.stringMatching(/^\.f\.[\da-f]{12}\.part$/)]);
    await writeFile(folder.file(".mine.part"), "");
    await writeFile(folder.file(".g.keep.part"), "");
    expect(await cleanupStale(folder.path, { olderThanMs: 60_000 })).toEqual([]);
    for (const name of await folder.names()) await utimes(folder.file(name), 0, 0);
    expect(await cleanupStale(pathToFileURL(folder.path))).toEqual(names.map(folder.file));
    expect(await folder.names()).toEqual([".g.keep.part", ".mine.part"]);
    await expect(cleanupStale(folder.file("none"))).rejects.toMatchObject({
      code: "FILE_ERROR",
      systemCode: "ENOENT",
    });
  }, 20_000);

  it("100. is followed by one that goes on, while a third one is kept out", async () => {
    const folder = await testFolder();
    const big = Buffer.from(
      Array.from({ length: 3 * 2 ** 20 }, (_, index) => (index * 7 + (index >> 12)) & 255),
    );
    const server = await rawServer(whole(big, TAG, 2 ** 21 + 5, "open"), rest(big, TAG));
    const child = inProcess(server.url(), folder.file("f"), { keepPartial: true });
    const size = async () => (await stat(folder.file(".f.keep.part")).catch(() => undefined))?.size ?? 0;
    await soon(size).toBeGreaterThanOrEqual(2 ** 20);
    await expect(downloadTo(server.url(), folder.file("f"), { keepPartial: true })).rejects.toMatchObject({
      code: "LOCKED",
    });
    const synced = async () => JSON.parse(await readFile(folder.file(".f.keep.json"), "utf8")).synced;
    await soon(synced).toBeGreaterThanOrEqual(2 ** 20);
    child.kill("SIGKILL");
    await once(child, "exit");
    const held = await synced();
    expect(await folder.names()).toEqual([".f.keep.json", ".f.keep.lock", ".f.keep.part"]);
    expect(await readFile(folder.file(".f.keep.json"), "utf8")).not.toContain("127.0.0.1");
    const saved = await downloadTo(server.url("/file.csv?signature=new"), folder.file("f"), {
      keepPartial: true,
      sha256: true,
    });
    expect(saved).toMatchObject({
      attempts: 1,
      resumed: 1,
      sha256: (await import("node:crypto")).createHash("sha256").update(big).digest("hex"),
    });
    expect(server.requests.map(({ range }) => range)).toEqual(["", `bytes=${held}- "v1"`]);
    expect((await folder.read("f")).equals(big)).toBe(true);
    expect(await folder.names()).toEqual(["f"]);
  }, 20_000);
});

describe("a partial file that is kept", () => {
  const keep = { keepPartial: true, clock: testClock(), retry: { attempts: 1 } };

  it("100. is used by the next download, also into a directory and of an open download", async () => {
    const folder = await testFolder();
    const server = await rawServer(whole(S, TAG, 50_000), rest(S, TAG));
    await expect(downloadTo(server.url(), `${folder.path}/`, keep)).rejects.toMatchObject({
      code: "INCOMPLETE",
    });
    expect(await folder.names()).toEqual([".file.csv.keep.json", ".file.csv.keep.part"]);
    expect(await downloadTo(server.url(), `${folder.path}/`, { ...keep, retry: {} })).toMatchObject({
      resumed: 1,
    });
    expect((await folder.read("file.csv")).equals(S)).toBe(true);
    expect(await folder.names()).toEqual(["file.csv"]);
  });

  it.each([
    ["changed", whole(S, ['ETag: "v2"']), "/file.csv", ['bytes=50000- "v1"']],
    ["is another one", whole(S, TAG), "/other.csv", [""]],
  ] as const)("100. is not used where the file %s", async (_what, second, path, ranges) => {
    const folder = await testFolder();
    const server = await rawServer(whole(Buffer.alloc(100_000, 1), TAG, 50_000), second);
    await expect(downloadTo(server.url(), folder.file("f"), keep)).rejects.toMatchObject({
      code: "INCOMPLETE",
    });
    await downloadTo(server.url(path), folder.file("f"), keep);
    expect(server.requests.slice(1).map(({ range }) => range)).toEqual(ranges);
    expect((await folder.read("f")).equals(S)).toBe(true);
    expect(await folder.names()).toEqual(["f"]);
  });

  it("100. is thrown away where its bytes are of no use", async () => {
    const folder = await testFolder();
    const server = await rawServer(whole(S, TAG));
    await expect(
      downloadTo(server.url(), folder.file("f"), {
        ...keep,
        retry: {},
        expected: { sha256: "0".repeat(64) },
      }),
    ).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
    expect(await folder.names()).toEqual([]);
  });

  it.each([
    [
      "a sidecar that was cut",
      async (file: (name: string) => string) => writeFile(file(".f.keep.json"), '{"v":1,"sou'),
    ],
    ["no sidecar", async (file: (name: string) => string) => nodeFs.rm(file(".f.keep.json"))],
    [
      "more bytes than the file has",
      async (file: (name: string) => string) => nodeFs.truncate(file(".f.keep.part"), 200_000),
    ],
  ])("100. is not used with %s", async (_what, spoil) => {
    const folder = await testFolder();
    const server = await rawServer(whole(Buffer.alloc(100_000, 1), TAG, 50_000), whole(S, TAG));
    await expect(downloadTo(server.url(), folder.file("f"), keep)).rejects.toMatchObject({
      code: "INCOMPLETE",
    });
    await spoil(folder.file);
    await downloadTo(server.url(), folder.file("f"), keep);
    expect(server.requests[1]?.range).toBe("");
    expect((await folder.read("f")).equals(S)).toBe(true);
    expect(await folder.names()).toEqual(["f"]);
  });

  it("100. is kept from two downloads of one process as well", async () => {
    const folder = await testFolder();
    const server = await rawServer(whole(S, TAG, 50_000, "open"), whole(S, TAG));
    const controller = new AbortController();
    let received = 0;
    const first = downloadTo(server.url(), folder.file("f"), {
      ...keep,
      signal: controller.signal,
      progressIntervalMs: 0,
      onProgress: ({ bytes }) => {
        received = bytes;
      },
    }).catch((error: unknown) => error);
    await soon(() => server.requests.length).toBe(1);
    await expect(downloadTo(server.url(), folder.file("f"), keep)).rejects.toMatchObject({ code: "LOCKED" });
    await soon(() => received).toBe(50_000);
    controller.abort("enough");
    expect(await first).toBe("enough");
    expect(await folder.names()).toEqual([".f.keep.json", ".f.keep.part"]);
    await downloadTo(server.url(), folder.file("f"), { ...keep, retry: {} });
    expect((await folder.read("f")).equals(S)).toBe(true);
  });

  it("100. is not written through a link", async () => {
    const folder = await testFolder();
    await writeFile(folder.file("precious"), "precious");
    await symlink(folder.file("precious"), folder.file(".f.keep.part"));
    const server = await rawServer(whole(S, TAG));
    await expect(downloadTo(server.url(), folder.file("f"), keep)).rejects.toMatchObject({
      code: "FILE_ERROR",
      systemCode: "ELOOP",
    });
    expect((await folder.read("precious")).toString()).toBe("precious");
    expect(await folder.names()).toEqual([".f.keep.part", "precious"]);
  });
});
