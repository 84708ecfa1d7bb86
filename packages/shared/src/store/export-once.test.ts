import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import type { ExportJob } from "../job/export-job.js";
import { created, done, fakeVendor, run, type Script, state, workflow } from "../testing/fake-vendor.js";
import { testFolder } from "../testing/folder.js";
import { createFileStore, type ExportStore, exportOnce } from "./index.js";

const file = { status: 200, text: "a,b\n", headers: { "content-type": "text/csv" } };

async function world(script: Script = {}) {
  const folder = await testFolder();
  const store = createFileStore(folder.file("state"));
  const vendor = fakeVendor({ file: [file], ...script });
  /** One run of a program. */
  const runOnce = ({
    store: other = store,
    start = () => vendor.client.start(workflow, {}),
    ...options
  }: {
    store?: ExportStore;
    timeoutMs?: number;
    start?: () => Promise<ExportJob>;
  } = {}) =>
    exportOnce({
      store: other,
      key: "contacts-2026-01-31",
      client: vendor.client,
      start,
      async save(job) {
        await vendor.clock.settle(job.wait(options));
        const { length: bytes } = await (await job.download()).bytes();
        return { id: job.id, bytes };
      },
    });
  const starts = () => vendor.requests.filter(({ kind }) => kind === "C").length;
  const remembered = async () =>
    JSON.parse(await readFile(folder.file("state/contacts-2026-01-31.json"), "utf8"));
  return { ...vendor, folder, store, runOnce, starts, remembered };
}

it("an export is brought home once; later runs are told what came of it", async () => {
  const { runOnce, starts, requests, remembered, folder } = await world();
  expect(await runOnce()).toEqual({ id: "j1", bytes: 4 });
  expect(await remembered()).toMatchObject({ v: 1, state: "done", result: { id: "j1", bytes: 4 } });
  const count = requests.length;
  expect(await runOnce()).toEqual({ id: "j1", bytes: 4 });
  expect([starts(), requests.length]).toEqual([1, count]);
  expect(await folder.names()).toEqual(["state"]);
  if (process.platform !== "win32")
    expect((await stat(folder.file("state/contacts-2026-01-31.json"))).mode & 0o777).toBe(0o600);
});

it("a run that gave up is gone on with, and starts nothing", async () => {
  const { runOnce, starts, remembered, script } = await world({ status: [run] });
  await expect(runOnce({ timeoutMs: 60_000 })).rejects.toMatchObject({ code: "TIMEOUT" });
  expect(await remembered()).toMatchObject({ state: "running", token: expect.stringMatching(/^v1\./) });
  script.status = [done];
  expect(await runOnce()).toEqual({ id: "j1", bytes: 4 });
  expect(starts()).toBe(1);
});

it("an export that failed is forgotten: the next run starts a new one", async () => {
  const { runOnce, starts, script } = await world({ status: [state("failed", { reason: "no" })] });
  await expect(runOnce()).rejects.toMatchObject({ code: "JOB_FAILED" });
  script.status = [done];
  expect(await runOnce()).toMatchObject({ bytes: 4 });
  expect(starts()).toBe(2);
});

it("of two runs at once one starts the export, and the other says so", async () => {
  const { runOnce, starts } = await world();
  const results = await Promise.allSettled([runOnce(), runOnce()]);
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(results.find(({ status }) => status === "rejected")).toMatchObject({
    reason: {
      code: "STORE_START_UNKNOWN",
      message: expect.stringContaining('"contacts-2026-01-31" is being started'),
    },
  });
  expect(starts()).toBe(1);
});

it("a start whose reply was lost is not sent again", async () => {
  const { runOnce, starts, store } = await world({ create: [{ fail: "reset" }, created()] });
  await expect(runOnce()).rejects.toMatchObject({ code: "CREATE_AMBIGUOUS" });
  await expect(runOnce()).rejects.toMatchObject({ code: "STORE_START_UNKNOWN" });
  expect(starts()).toBe(1);
  await store.remove("contacts-2026-01-31");
  expect(await runOnce()).toMatchObject({ bytes: 4 });
});

it.each([
  ["was refused", async (): Promise<never> => Promise.reject(new TypeError("there is no option"))],
  ["was not taken", undefined],
])("a start that %s leaves nothing behind", async (_, start) => {
  const { runOnce, store } = await world({ create: [{ status: 400, body: { message: "no" } }] });
  await expect(runOnce(start ? { start } : {})).rejects.toThrow();
  expect(await store.read("contacts-2026-01-31")).toBeUndefined();
});

it("a started export that cannot be remembered is told with its token", async () => {
  const { runOnce, store } = await world();
  const full: ExportStore = { ...store, replace: () => Promise.reject(new Error("ENOSPC")) };
  const error = await runOnce({ store: full }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "STORE_FAILED", token: expect.stringMatching(/^v1\./) });
  expect(String(error)).toContain((error as { token: string }).token);
});

it("a record that is damaged is told, and not taken for none", async () => {
  const { runOnce, folder, starts } = await world();
  await mkdir(folder.file("state"));
  const path = folder.file("state/contacts-2026-01-31.json");
  for (const text of ["{", "null", '{"v":2}', '{"v":1,"state":"running"}']) {
    await writeFile(path, text);
    await expect(runOnce()).rejects.toThrow(`${path} is damaged`);
  }
  await writeFile(path, "");
  await expect(runOnce()).rejects.toMatchObject({ code: "STORE_START_UNKNOWN" });
  await rm(path);
  expect(starts()).toBe(0);
});

it.each(["", "../a", ".a", "a/b", "a b", "x".repeat(152)])(
  "a key that is no safe name is refused: %j",
  async (key) => {
    const store = createFileStore("nowhere");
    await expect(store.read(key)).rejects.toThrow(TypeError);
    await expect(store.add(key, { v: 1, state: "starting", since: "" })).rejects.toThrow(TypeError);
  },
);
