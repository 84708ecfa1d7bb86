import {
  DownloadError,
  type ExportJob,
  JobGoneError,
  type SavedFile,
  type SaveOptions,
  type WaitOptions,
} from "@outhaul/shared";
import { DiskError } from "../errors/command-error.js";
import type { Subject } from "../report/event.js";
import type { Reporter } from "../report/reporter.js";
import { resumeHint } from "../terminal/failure.js";
import type { JobRecord } from "./record.js";
import type { JobEntry } from "./store.js";
import type { SaveTarget } from "./target.js";

/** The record from which another process can resume a job. */
export type ResumeRecord = Pick<JobEntry, "update" | "remove" | "isKept">;

/** A job to wait for and to save. */
export interface SaveTask {
  readonly job: ExportJob;
  readonly record: ResumeRecord;
  readonly subject: Subject;
  readonly reporter: Reporter;
  readonly target: SaveTarget | "stdout";
  readonly options: WaitOptions & SaveOptions;
  readonly signal: AbortSignal;
  readonly cancelOnInterrupt: boolean;
  readonly stdout: NodeJS.WriteStream;
}

/**
 * Waits for a job, saves its file, and reports its events. The record is removed once the file is saved or there will be none; otherwise it stays for
 * another process.
 * @throws what `job.save` throws
 */
export async function saveJob(task: SaveTask): Promise<SavedFile> {
  const { job, record, subject, reporter, signal } = task;
  const eventsReported = reportEvents(task);
  try {
    const file = await save(task);
    await eventsReported;
    record.remove();
    const { path, empty, sizeBytes, sha256, integrity, parts } = file;
    reporter.report(subject, { type: "saved", path, empty, sizeBytes, sha256, integrity, parts });
    return file;
  } catch (error) {
    await eventsReported;
    if (signal.aborted && task.cancelOnInterrupt) await cancel(task);
    else if (hasNoFile(job, error)) record.remove();
    else keep(task, { error: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

async function save({
  job,
  subject,
  reporter,
  target,
  options,
  signal,
  stdout,
}: SaveTask): Promise<SavedFile> {
  const saveOptions: WaitOptions & SaveOptions = {
    ...options,
    signal,
    onProgress({ bytes, totalBytes, bytesPerSecond, etaMs, part, parts }) {
      reporter.report(subject, { type: "download", bytes, totalBytes, bytesPerSecond, etaMs, part, parts });
    },
    onEvent(event) {
      if (event.type !== "retry") return;
      const { attempt, waitMs, error } = event;
      reporter.report(subject, { type: "downloadRetry", attempt, waitMs, message: error.message });
    },
  };
  if (target === "stdout") {
    const { Writable } = await import("node:stream");
    return job.save(Writable.toWeb(stdout), saveOptions);
  }
  const { to, filename } = target;
  return job.save(to, filename ? { ...saveOptions, filename } : saveOptions);
}

async function cancel({ job, record, subject, reporter }: SaveTask): Promise<void> {
  const outcome = await job.cancel({ signal: AbortSignal.timeout(10_000) }).catch(() => "unanswered");
  reporter.report(subject, { type: "cancel", outcome });
  if (outcome === "cancelled" || outcome === "gone") record.remove();
}

/** Keeps the job's latest token. A disk that refuses it does not end the wait; the token is told instead. */
function keep({ job: { token }, record, reporter }: SaveTask, changes: Partial<JobRecord>): void {
  try {
    record.update({ token, ...changes });
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    reporter.print(`${error.message}; ${resumeHint(token)}`);
  }
}

/** The answers to a request that is wrong as it is: it gets the same one when it is sent again. */
const WRONG_REQUEST = new Set([400, 405, 406, 410, 413, 414, 415, 422, 431]);

/** True if no other process can bring a file of the job: the vendor ended it without one, does not know it, or refused the request that is all of it. */
function hasNoFile({ snapshot: { state, polls } }: ExportJob, error: unknown): boolean {
  if (/^(failed|cancelled|expired|empty)$/.test(state) || JobGoneError.isInstance(error)) return true;
  return isOneStep(state, polls) && DownloadError.isInstance(error) && WRONG_REQUEST.has(error.status ?? 0);
}

/** True if the request for the file is the whole export: nothing was polled for. */
function isOneStep(state: string, polls: number): boolean {
  return state === "succeeded" && polls === 0;
}

/** Reports the polls of a job, and records each new token. */
async function reportEvents(task: SaveTask): Promise<void> {
  const { job, subject, reporter, options, signal } = task;
  const { id } = job;
  let token = job.token;
  try {
    for await (const event of job.events(waitOptions(options, signal))) {
      if (event.type === "created") continue;
      if (event.type === "pollFailed") {
        const { error, streak } = event;
        reporter.report(subject, { type: "pollFailed", id, message: error.message, streak });
        continue;
      }
      const { state, rawStatus, polls, progress, nextPollAt } = event.snapshot;
      // Nothing was waited for: what takes time is the request for the file.
      if (event.type === "end" && isOneStep(state, polls)) {
        reporter.report(subject, { type: "download", bytes: 0 });
        continue;
      }
      if (token !== job.token) {
        token = job.token;
        keep(task, { jobState: state });
      }
      const facts = { id, state, rawStatus, polls, progress, nextPollAt: nextPollAt?.toISOString() };
      if (event.type === "poll")
        reporter.report(subject, { type: "poll", ...facts, elapsedMs: event.elapsedMs });
      else reporter.report(subject, { type: "status", ...facts });
    }
  } catch {
    // `job.save` throws the same error
  }
}

/** The options of a wait among those of `save`: no other call takes the rest. */
function waitOptions(options: WaitOptions, signal: AbortSignal | undefined): WaitOptions {
  const { timeoutMs, schedule, tolerance, onTimeout, onAbort } = options;
  return { timeoutMs, schedule, tolerance, onTimeout, onAbort, signal };
}
