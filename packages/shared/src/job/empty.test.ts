import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import "../download/open.js";
import { base, fakeVendor, state, workflow } from "../testing/fake-vendor.js";
import { testFolder } from "../testing/folder.js";
import { emptyExport, JobEmptyError } from "./empty-export.js";
import type { JobSaveOptions } from "./export-job.js";

const isEmpty = (reply: { body?: { status?: string } | undefined }) => reply.body?.status === "no data";
const exportable: typeof workflow = {
  ...workflow,
  empty: emptyExport,
  poll: { ...workflow.poll, states: [["empty", isEmpty], ...workflow.poll.states] },
};

async function finished() {
  const setup = fakeVendor({ status: [state("no data")] });
  const job = await setup.clock.settle(setup.client.start(exportable, {}));
  expect((await setup.clock.settle(job.wait(base))).state).toBe("empty");
  const folder = (await testFolder()).path;
  const save = (options?: JobSaveOptions) => job.save(join(folder, "data.csv"), options);
  return { job, folder, save, seen: setup.seen };
}

it("an export that found nothing ends well, without a request for a file, and nothing is written", async () => {
  const { save, folder, seen } = await finished();
  expect(await save()).toMatchObject({ empty: true, sizeBytes: 0, attempts: 0 });
  expect(await readdir(folder)).toEqual([]);
  expect(seen()).toBe("C@0 S@10");
});

it("an older file of the name stays", async () => {
  const { save, folder } = await finished();
  await writeFile(join(folder, "data.csv"), "yesterday");
  await save({ overwrite: "replace" });
  expect(await readFile(join(folder, "data.csv"), "utf8")).toBe("yesterday");
});

it("an empty file, or an error, can be asked for", async () => {
  const { job, save, folder } = await finished();
  expect(await save({ ifEmpty: "file" })).toMatchObject({ empty: true, path: join(folder, "data.csv") });
  expect(await readFile(join(folder, "data.csv"), "utf8")).toBe("");
  const error = await save({ ifEmpty: "error", overwrite: "replace" }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(JobEmptyError);
  expect(error).toMatchObject({ code: "JOB_EMPTY", jobId: job.id, token: job.token });
  await expect(job.download()).rejects.toThrow("found nothing to export");
});
