import { DownloadError, type ExportJob, JobFailedError, JobGoneError, TimeoutError } from "@outhaul/shared";
import { expect, it } from "vitest";
import { saveJob } from "./save.js";

const http = (status: number) => new DownloadError("HTTP_STATUS", `answered ${status}`, { status });
const names = { vendor: "acme", jobId: "1" };

/** What becomes of a job's record when its save ends with an error. */
async function recordAfter(error: Error, snapshot: { state: string; polls: number }): Promise<string> {
  const done: string[] = [];
  // Of a job, saveJob uses no more than this.
  const job = {
    id: "1",
    token: "v1.token",
    snapshot,
    save: () => Promise.reject(error),
    async *events() {},
  } as unknown as ExportJob;
  const saving = saveJob({
    job,
    record: { isKept: true, update: () => void done.push("kept"), remove: () => void done.push("removed") },
    subject: { name: "acme", vendor: "acme", workflow: "exportThings" },
    reporter: { report() {}, print() {}, close() {}, waits() {}, trace() {} },
    target: { to: "file" },
    options: {},
    signal: new AbortController().signal,
    cancelOnInterrupt: false,
    stdout: process.stdout,
  });
  await expect(saving).rejects.toBe(error);
  return done.join();
}

it.each([
  ["the vendor says that it failed", new JobFailedError("failed", names), "failed", 3, "removed"],
  ["the vendor does not know it any more", new JobGoneError("gone", names), "running", 3, "removed"],
  ["there is nothing to export", new Error("found nothing"), "empty", 3, "removed"],
  ["the time is over", new TimeoutError("too late", names), "running", 3, "kept"],
  ["the file is refused", http(400), "succeeded", 3, "kept"],
  ["the file has another type", new DownloadError("UNEXPECTED_TYPE", "HTML"), "succeeded", 0, "kept"],
  ["its one request is wrong as it is", http(400), "succeeded", 0, "removed"],
  ["its one request is of no use any more", http(410), "succeeded", 0, "removed"],
  ["its one request needs another key", http(403), "succeeded", 0, "kept"],
  ["its one request has not the data yet", http(404), "succeeded", 0, "kept"],
  ["its one request came too often", http(429), "succeeded", 0, "kept"],
  ["its one request met a broken server", http(500), "succeeded", 0, "kept"],
] as const)("the record of a job, when %s", async (_what, error, state, polls, becomes) => {
  expect(await recordAfter(error, { state, polls })).toBe(becomes);
});
