import { cp, link, mkdir, readdir, readFile, rename, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cleanupStale } from "../download/cleanup.js";
import { saveDownload } from "../download/open.js";
import type { SaveOptions } from "../file/options.js";
import { cleanupPartials } from "../platform/node/files/cleanup.js";
import { testClock } from "../testing/download-clock.js";
import { type TestFolder, testFolder } from "../testing/folder.js";
import { soon } from "../testing/poll.js";
import { rawServer, whole } from "../testing/raw-server.js";
import type { FileSource } from "../transfer/source.js";
import { partsSource } from "./parts-source.js";

const CSV = ["Content-Type: text/csv", 'ETag: "v1"'];
const FIRST = Buffer.from(`id\n${"1\n".repeat(20_000)}`);
const SECOND = Buffer.from(`id\n${"2\n".repeat(20_000)}`);
const BOTH = Buffer.concat([FIRST, SECOND.subarray(3)]);

/** A vendor with a list of two files; the second one hangs in the middle when it is asked for first. */
async function vendor() {
  const server = await rawServer((socket, request, index) => {
    const second = index < 2 ? whole(SECOND, CSV, 30_000, "open") : whole(SECOND, CSV);
    const answer = request.path === "/1.csv" ? whole(FIRST, CSV) : second;
    return answer(socket, request, index);
  });
  const source = partsSource<FileSource>(
    {
      allowHttp: true,
      async locate() {
        const reply = { status: 200, ok: true, headers: new Headers(), body: ["/1.csv", "/2.csv"] };
        return { url: new URL(`${server.origin}/nothing`), trusted: false, reply };
      },
    },
    { clock: testClock(), baseUrl: server.origin },
    { files: ({ body }) => body },
    { id: "1", snapshot: {} },
  );
  return { source, server };
}

const save = async (source: FileSource, to: string, options: SaveOptions) =>
  saveDownload(source, to, options, { clock: testClock(), random: () => 0.5 });

/** What is on the disk when a process is killed in the middle of the second part. */
async function killed(options: SaveOptions): Promise<{ folder: TestFolder; source: FileSource }> {
  const { source, server } = await vendor();
  const [alive, left] = [await testFolder(), await testFolder()];
  const aborted = new AbortController();
  const saving = save(source, alive.file("all.csv"), { ...options, signal: aborted.signal }).catch(() => {});
  await soon(() => server.requests.at(-1)?.path).toBe("/2.csv");
  const inside = async () => (await alive.names()).flatMap((name) => (/parts?$/.test(name) ? [name] : []));
  await soon(async () => (await readdir(alive.file((await inside())[0] ?? ""))).length).toBeGreaterThan(1);
  // A file may go away under its copy's eyes.
  const copy = () => cp(alive.path, left.path, { recursive: true }).then(() => "copied", String);
  await soon(copy).toBe("copied");
  aborted.abort();
  await saving;
  await removeOwner(left);
  return { folder: left, source };
}

/** Makes locks look like those of a process that is no more. */
async function removeOwner(folder: TestFolder): Promise<void> {
  for (const name of await readdir(folder.path, { recursive: true })) {
    if (!name.endsWith(".lock")) continue;
    await writeFile(folder.file(name), "1 elsewhere x");
    await utimes(folder.file(name), 0, 0);
  }
}

/** Makes all of it look old. */
async function age(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await age(join(path, entry.name));
    await utimes(join(path, entry.name), 0, 0);
  }
}

describe("a process that is killed while it saves a file in parts", () => {
  it.each(["join", "apart"] as const)("leaves a folder, which can be cleaned up: %s", async (parts) => {
    const { folder } = await killed({ parts });
    const names = await folder.names();
    expect(names).toEqual([expect.stringMatching(/^\.all\.csv\.[\da-f]{12}\.part$/)]);
    const [left = ""] = names;
    await age(folder.path);
    // As long as a file in it is written to, the folder is in use, though it looks old itself.
    const [one = ""] = await readdir(folder.file(left));
    await utimes(folder.file(join(left, one)), new Date(), new Date());
    await utimes(folder.file(left), 0, 0);
    expect(await cleanupStale(folder.path)).toEqual([]);
    await age(folder.path);
    expect(await cleanupStale(folder.path)).toEqual([folder.file(left)]);
    expect(await folder.names()).toEqual([]);
  });

  it("leaves what another run goes on with, and that is not cleaned up", async () => {
    const { folder } = await killed({ keepPartial: true });
    const names = await folder.names();
    await age(folder.path);
    expect(await cleanupStale(folder.path)).toEqual([]);
    expect(await folder.names()).toEqual(names);
  });

  it("leaves nothing in the folder that another run gives its name", async () => {
    const { folder, source } = await killed({ keepPartial: true, parts: "apart" });
    const temporary = ".all.part-0002.csv.0123456789ab.part";
    await writeFile(folder.file(join(".all.csv.keep.parts", temporary)), "id\n2");
    const saved = await save(source, folder.file("all.csv"), { keepPartial: true, parts: "apart" });
    expect(saved.sizeBytes).toBe(FIRST.length + SECOND.length);
    expect(await readdir(folder.file("all.csv"))).toEqual(["all.part-0001.csv", "all.part-0002.csv"]);
    expect(await folder.names()).toEqual(["all.csv"]);
  });

  it("right after the file has its name, shares it with no other run", async () => {
    const { folder, source } = await killed({ keepPartial: true });
    const kept = folder.file(".all.csv.keep.parts");
    const joined = join(kept, "joined");
    await link(joined, folder.file("all.csv"));
    const before = await readFile(folder.file("all.csv"));
    const saved = await save(source, folder.file("all.csv"), { keepPartial: true, overwrite: "rename" });
    expect([saved.path, await folder.read("all (1).csv")]).toEqual([folder.file("all (1).csv"), BOTH]);
    expect(await folder.read("all.csv")).toEqual(before);
  });
});

describe("cleanupStale", () => {
  it.each([
    ["a file of somebody else", async (folder: string) => writeFile(join(folder, "notes.txt"), "mine")],
    ["a folder", async (folder: string) => mkdir(join(folder, "all.part-0001.csv"))],
  ])("leaves a folder with %s in it", async (_what, fill) => {
    const folder = await testFolder();
    const name = ".all.0123456789ab.part";
    await mkdir(folder.file(name));
    await writeFile(folder.file(join(name, "joined")), "id\n");
    await fill(folder.file(name));
    await age(folder.path);
    expect(await cleanupStale(folder.path)).toEqual([]);
    expect(await readdir(folder.file(name))).toHaveLength(2);
  });

  it("gives a folder its name back that was to be replaced, and removes it where the new one is there", async () => {
    const folder = await testFolder();
    const name = ".all.0123456789ab.old";
    await mkdir(folder.file(name));
    await writeFile(folder.file(join(name, "all.part-0001.csv")), "id\n1\n");
    expect(await cleanupStale(folder.path)).toEqual([]);
    expect(await folder.names()).toEqual([name]);
    const tomorrow = () => cleanupPartials(folder.path, 3_600_000, Date.now() + 86_400_000);
    expect(await tomorrow()).toEqual([]);
    expect(await folder.names()).toEqual(["all"]);
    await cp(folder.file("all"), folder.file(name), { recursive: true });
    expect(await tomorrow()).toEqual([folder.file(name)]);
    expect(await folder.names()).toEqual(["all"]);
  });

  it("removes the note and the lock of a partial file that has its final name already", async () => {
    const folder = await testFolder();
    for (const end of ["json", "lock", "parts.json", "parts.lock"])
      await writeFile(folder.file(`.f.keep.${end}`), "{}");
    for (const end of ["json", "lock", "part"]) await writeFile(folder.file(`.g.keep.${end}`), "{}");
    await mkdir(folder.file(".f.keep.parts"));
    await writeFile(folder.file("f"), "whole");
    await link(folder.file("f"), folder.file(".f.keep.parts/joined"));
    await age(folder.path);
    await cleanupStale(folder.path);
    expect(await folder.names()).toEqual([".g.keep.json", ".g.keep.lock", ".g.keep.part", "f"]);
    await rename(folder.file(".g.keep.part"), folder.file("g"));
    await link(folder.file("g"), folder.file(".g.keep.part"));
    await age(folder.path);
    await cleanupStale(folder.path);
    expect(await folder.names()).toEqual(["f", "g"]);
    expect(await folder.read("g")).toEqual(Buffer.from("{}"));
  });
});
