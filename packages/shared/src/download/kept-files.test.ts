import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import nodeFs, {
  appendFile,
  chown,
  lstat,
  readFile,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { hostname } from "node:os";
import { describe, expect, it, onTestFinished } from "vitest";
import { openFileSink } from "../platform/node/files/sink.js";
import { testClock } from "../testing/download-clock.js";
import { type TestFolder, testFolder } from "../testing/folder.js";
import { soon } from "../testing/poll.js";
import { type Answer, answer, rawServer, rest, whole } from "../testing/raw-server.js";
import { downloadTo } from "./download.js";

const S = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 31 + (index >> 8)) & 255));
const TAG = ['ETag: "v1"'];
const HALF = 50_000;
const keep = { keepPartial: true, clock: testClock(), retry: { attempts: 1 } };

/** A folder in which a download broke off in the middle, and a server that goes on. */
async function interrupted(...answers: Answer[]) {
  const folder = await testFolder();
  const server = await rawServer(whole(S, TAG, HALF), ...(answers.length ? answers : [rest(S, TAG)]));
  const run = (more = {}) => downloadTo(server.url(), folder.file("f"), { ...keep, ...more });
  await expect(run()).rejects.toMatchObject({ code: "INCOMPLETE" });
  return { folder, server, run, ranges: () => server.requests.map(({ range }) => range) };
}

async function expectWhole(folder: TestFolder, name = "f") {
  expect((await folder.read(name)).equals(S)).toBe(true);
  expect(await folder.names()).toEqual([name]);
}

describe("1.6 what was not synced is not believed", () => {
  it("goes on behind the synced bytes where the file got longer", async () => {
    const { folder, run, ranges } = await interrupted();
    await appendFile(folder.file(".f.keep.part"), Buffer.alloc(10_000));
    expect(await run()).toMatchObject({ resumed: 1 });
    expect(ranges()).toEqual(["", 'bytes=50000- "v1"']);
    await expectWhole(folder);
  });

  it.each([
    ["got shorter", 40_000],
    ["is empty", 0],
  ])("begins anew where the file %s", async (_what, size) => {
    const { folder, run, ranges } = await interrupted();
    await truncate(folder.file(".f.keep.part"), size);
    await run();
    expect(ranges()).toEqual(["", ""]);
    await expectWhole(folder);
  });

  it.each(["-1", "1e9", '"50000"', "null", "50000.5"])(
    "nor does it believe the note: synced %s",
    async (synced) => {
      const { folder, run } = await interrupted();
      const note = await readFile(folder.file(".f.keep.json"), "utf8");
      await writeFile(folder.file(".f.keep.json"), note.replace('"synced":50000', `"synced":${synced}`));
      await run();
      await expectWhole(folder);
    },
  );

  it("syncs before it promises, and a new version takes the promise back first", async () => {
    const folder = await testFolder();
    const log: string[] = [];
    const open = (async (path: string, ...rest: [number, number]) => {
      const file = await nodeFs.open(path, ...rest);
      const isNote = /\.json\./.test(path);
      const { datasync, truncate: cut, writeFile: write } = file;
      file.datasync = async () => {
        log.push(isNote ? "sync note" : "sync");
        return datasync.call(file);
      };
      file.truncate = async (size) => {
        log.push(`truncate ${size}`);
        return cut.call(file, size);
      };
      file.writeFile = async (data) => {
        log.push(`note ${JSON.parse(String(data)).synced}`);
        return write.call(file, data);
      };
      return file;
    }) as typeof nodeFs.open;
    const info = { name: async () => "f", sourceKey: async () => "x" };
    const sink = await openFileSink(folder.file("f"), { keepPartial: true }, info, { ...nodeFs, open });
    const version = { etag: '"v1"', encoded: false, noRanges: false };
    await sink.begin?.(version);
    await sink.write(Buffer.alloc(2 ** 21));
    await soon(() => log.length).toBe(6);
    await sink.restart?.();
    await sink.begin?.({ ...version, etag: '"v2"' });
    await sink.write(Buffer.alloc(1000));
    await sink.abort("enough");
    expect(log).toEqual([
      ...["truncate 0", "note 0", "sync note"],
      ...["sync", "note 2097152", "sync note"],
      ...["truncate 0", "note 0", "sync note"],
      ...["sync", "note 1000", "sync note"],
    ]);
  });
});

describe("3.4 what is held is read again only for a digest", () => {
  /** Calls back when a partial file is read again. */
  async function onRead(called: () => void) {
    const probe = await nodeFs.open("/dev/null");
    const prototype = Object.getPrototypeOf(probe);
    await probe.close();
    const { createReadStream } = prototype;
    prototype.createReadStream = function (...given: unknown[]) {
      called();
      return createReadStream.apply(this, given);
    };
    onTestFinished(() => {
      prototype.createReadStream = createReadStream;
    });
  }

  it("not without one", async () => {
    const { folder, run } = await interrupted();
    let reads = 0;
    await onRead(() => reads++);
    expect(await run()).toMatchObject({ resumed: 1, integrity: "length" });
    expect(reads).toBe(0);
    await expectWhole(folder);
  });

  it("but for one that is demanded, and before the request is sent", async () => {
    const { run, server } = await interrupted();
    let requests = 0;
    await onRead(() => {
      requests = server.requests.length;
    });
    const sha256 = createHash("sha256").update(S).digest("hex");
    expect(await run({ expected: { sha256 } })).toMatchObject({ resumed: 1, integrity: "digest" });
    expect(requests).toBe(1);
  });

  it("and for one that the server promises, in the first run or in this one", async () => {
    const promise = `Repr-Digest: sha-256=:${createHash("sha256").update(S).digest("base64")}:`;
    const first = await interrupted();
    const { run, server } = first;
    expect(server.requests).toHaveLength(1);
    await writeFile(
      first.folder.file(".f.keep.json"),
      (await readFile(first.folder.file(".f.keep.json"), "utf8")).replace(
        '"v":2',
        `"v":2,"digest":${JSON.stringify(promise.slice(13))}`,
      ),
    );
    expect(await run()).toMatchObject({ attempts: 1, resumed: 1, integrity: "digest" });
    const late = await interrupted(rest(S, [...TAG, promise]));
    expect(await late.run({ retry: {} })).toMatchObject({ attempts: 2, resumed: 1, integrity: "digest" });
    expect(late.ranges()).toEqual(["", 'bytes=50000- "v1"', 'bytes=50000- "v1"']);
    const wrong = `Repr-Digest: sha-256=:${createHash("sha256").update("x").digest("base64")}:`;
    const lying = await interrupted(rest(S, [...TAG, wrong]));
    await expect(lying.run({ retry: {} })).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
  });

  it("and that can be aborted", async () => {
    const { run } = await interrupted();
    const controller = new AbortController();
    const reason = new Error("enough");
    const result = run({ sha256: true, signal: controller.signal }).catch((error: unknown) => error);
    controller.abort(reason);
    expect(await result).toBe(reason);
  });
});

describe("4.5 a folder that others can write to", () => {
  it("does not write through links at the names it uses", async () => {
    const { folder, run } = await interrupted();
    await writeFile(folder.file("precious"), "precious");
    for (const name of [".f.keep.json~", ".f.keep.json.tmp"])
      await symlink(folder.file("precious"), folder.file(name));
    await nodeFs.rm(folder.file(".f.keep.json"));
    await symlink(folder.file("precious"), folder.file(".f.keep.json"));
    await run();
    expect((await folder.read("precious")).toString()).toBe("precious");
    expect((await folder.read("f")).equals(S)).toBe(true);
  });

  it.runIf(process.getuid?.() === 0).each([".f.keep.part", ".f.keep.json"])(
    "does not go on with what another user has put there: %s",
    async (name) => {
      const { folder, run, ranges } = await interrupted(whole(S, TAG));
      await chown(folder.file(name), 12_345, 12_345);
      await run();
      expect(ranges()).toEqual(["", ""]);
      await expectWhole(folder);
      expect((await lstat(folder.file("f"))).uid).toBe(0);
    },
  );

  it.runIf(process.platform === "linux")("waits for no pipe", async () => {
    for (const name of [".f.keep.json", ".f.keep.part"]) {
      const { folder, run } = await interrupted(whole(S, TAG));
      await nodeFs.rm(folder.file(name));
      execFileSync("mkfifo", [folder.file(name)]);
      await run();
      await expectWhole(folder);
    }
    const { folder, run } = await interrupted();
    execFileSync("mkfifo", [folder.file(".f.keep.lock")]);
    await expect(run()).rejects.toMatchObject({ code: "LOCKED" });
    expect((await lstat(folder.file(".f.keep.lock"))).isFIFO()).toBe(true);
    await nodeFs.rm(folder.file(".f.keep.lock"));
    await symlink("/dev/zero", folder.file(".f.keep.lock"));
    await expect(run()).rejects.toMatchObject({ code: "LOCKED" });
  });
});

describe("4.6 the lock of a process that is no more", () => {
  const WEEK_MS = 7 * 86_400_000;

  async function locked(owner: string, ageMs = 0) {
    const { folder, run } = await interrupted();
    await writeFile(folder.file(".f.keep.lock"), owner);
    const at = (Date.now() - ageMs) / 1000;
    await utimes(folder.file(".f.keep.lock"), at, at);
    return { folder, run };
  }

  it.each([
    ["this process's number, another life", `${process.pid} ${hostname()} 0b6c 17`, 0],
    ["this process's number, nothing more", `${process.pid} ${hostname()} 0b6c`, 0],
    ["another container, a week old", "1 5f0c2d 0b6c 17", WEEK_MS],
    ["a number that lives again", `${process.ppid} ${hostname()} 0b6c 17`, 0],
    [
      "a number that lives again, of which nothing more is known",
      `${process.ppid} ${hostname()} 0b6c`,
      WEEK_MS,
    ],
    ["nothing that can be read", "", WEEK_MS],
  ])("is taken over: %s", async (_what, owner, ageMs) => {
    const { folder, run } = await locked(owner, ageMs);
    expect(await run()).toMatchObject({ resumed: 1 });
    await expectWhole(folder);
  });

  it.each([
    ["another computer, which has just said that it lives", "1 5f0c2d 0b6c 17"],
    ["another process, of which nothing more is known", `${process.ppid} ${hostname()} 0b6c`],
  ])("is not that of %s", async (_what, owner) => {
    const { folder, run } = await locked(owner);
    await expect(run()).rejects.toMatchObject({ code: "LOCKED" });
    expect((await folder.read(".f.keep.lock")).toString()).toBe(owner);
  });

  it("nor that of a process that was only stopped", async () => {
    const child = spawn("sleep", ["30"]);
    onTestFinished(() => void child.kill("SIGKILL"));
    await once(child, "spawn");
    const stat = await readFile(`/proc/${child.pid}/stat`, "utf8");
    const start = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    const { run } = await locked(`${child.pid} ${hostname()} 0b6c ${start}`, WEEK_MS);
    await expect(run()).rejects.toMatchObject({ code: "LOCKED" });
  });

  it("ends a download whose lock was taken over", async () => {
    const folder = await testFolder();
    let send = (): unknown => undefined;
    const server = await rawServer((socket, request, index) => {
      answer(["200 OK", `Content-Length: ${S.length}`, ...TAG], S.subarray(0, HALF))(socket, request, index);
      send = () => socket.write(S.subarray(HALF));
    });
    const result = downloadTo(server.url(), folder.file("f"), keep).catch((error: unknown) => error);
    await soon(() => folder.names()).toContain(".f.keep.json");
    await writeFile(folder.file(".f.keep.lock"), "1 elsewhere 0b6c 17");
    send();
    expect(await result).toMatchObject({ code: "LOCKED" });
    expect(await folder.names()).toContain(".f.keep.lock");
  });
});

describe("5.10 names", () => {
  it.each([227, 240, 251, 255])("of %i bytes fit with all that is put beside them", async (size) => {
    const name = `${"ä".repeat((size - 4) >> 1)}${size % 2 ? "b" : ""}.csv`;
    expect(Buffer.byteLength(name)).toBe(size);
    const folder = await testFolder();
    const server = await rawServer(whole(S, TAG, HALF), rest(S, TAG));
    const run = () => downloadTo(server.url(), folder.file(name), keep);
    await expect(run()).rejects.toMatchObject({ code: "INCOMPLETE" });
    expect(await run()).toMatchObject({ resumed: 1 });
    await expectWhole(folder, name);
  });

  it("that are long and begin alike do not share a partial file", async () => {
    const folder = await testFolder();
    const server = await rawServer(whole(S, TAG, HALF), whole(S, TAG, HALF), rest(S, TAG));
    const names = ["a", "b"].map((end) => `${"x".repeat(240)}${end}.csv`);
    for (const name of names)
      await expect(downloadTo(server.url(), folder.file(name), keep)).rejects.toMatchObject({
        code: "INCOMPLETE",
      });
    for (const name of names)
      expect(await downloadTo(server.url(), folder.file(name), keep)).toMatchObject({ resumed: 1 });
    expect(await folder.names()).toEqual(names);
  });
});
