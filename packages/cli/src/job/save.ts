import type { ExportJob, SavedFile, SaveOptions, WaitOptions } from "@outhaul/shared";
import type { Reporter, Subject } from "../report/reporter.js";
import type { JobEntry } from "./store.js";
import type { SaveTarget } from "./target.js";

/** Where the token of a job is kept. */
export type JobNote = Pick<JobEntry, "update" | "remove" | "isKept">;

/** How a job is waited for and saved. */
export interface SaveSettings {
  readonly target: SaveTarget | "stdout";
  readonly options: WaitOptions & SaveOptions;
  readonly signal: AbortSignal;
  readonly cancelOnInterrupt: boolean;
  readonly stdout: NodeJS.WriteStream;
}

/**
 * Waits for a job, saves its file, and tells what happens meanwhile. Its record goes when the file is there or the vendor has ended the job; else it
 * stays, for another process to go on with.
 * @throws what `job.save` throws
 */
export async function saveJob(
  job: ExportJob,
  entry: JobNote,
  subject: Subject,
  reporter: Reporter,
  { target, options, signal, cancelOnInterrupt, stdout }: SaveSettings,
): Promise<SavedFile> {
  const heard = listen(job, entry, subject, reporter, { ...options, signal });
  const saveOptions: WaitOptions & SaveOptions = {
    ...options,
    signal,
    onProgress({ bytes, totalBytes, bytesPerSecond, etaMs }) {
      reporter.tell(subject, { type: "download", bytes, totalBytes, bytesPerSecond, etaMs });
    },
    onEvent(event) {
      if (event.type !== "retry") return;
      const { attempt, waitMs, error } = event;
      reporter.tell(subject, { type: "downloadRetry", attempt, waitMs, message: error.message });
    },
  };
  try {
    const file = await (target === "stdout"
      ? job.save(await standardOutput(stdout), saveOptions)
      : job.save(target.to, { ...saveOptions, ...(target.filename ? { filename: target.filename } : {}) }));
    await heard;
    entry.remove();
    const { path, sizeBytes, sha256, integrity } = file;
    reporter.tell(subject, { type: "saved", path, sizeBytes, sha256, integrity });
    return file;
  } catch (error) {
    await heard;
    if (signal.aborted && cancelOnInterrupt) {
      const outcome = await job.cancel({ signal: AbortSignal.timeout(10_000) }).catch(() => "unanswered");
      reporter.tell(subject, { type: "cancel", outcome });
      if (outcome === "cancelled" || outcome === "gone") entry.remove();
    } else if (hasEnded(job)) entry.remove();
    else entry.update({ token: job.token, error: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

/** Whether the vendor has ended the job without a file. */
function hasEnded({ snapshot: { state } }: ExportJob): boolean {
  return state === "failed" || state === "cancelled" || state === "expired";
}

async function listen(
  job: ExportJob,
  entry: JobNote,
  subject: Subject,
  reporter: Reporter,
  options: WaitOptions,
): Promise<void> {
  const { id } = job;
  let token = job.token;
  try {
    for await (const event of job.events(options)) {
      const { state, rawStatus, polls, progress, nextPollAt } = event.snapshot;
      if (event.type === "pollFailed") {
        const { error, streak } = event;
        reporter.tell(subject, { type: "pollFailed", id, message: error.message, streak });
        continue;
      }
      if (event.type === "created") continue;
      if (token !== job.token) {
        token = job.token;
        entry.update({ token, jobState: state });
      }
      const at = nextPollAt?.toISOString();
      reporter.tell(subject, { type: "status", id, state, rawStatus, polls, progress, nextPollAt: at });
    }
  } catch {
    // the save tells the same error
  }
}

async function standardOutput(stdout: NodeJS.WriteStream): Promise<WritableStream<Uint8Array>> {
  const { Writable } = await import("node:stream");
  return Writable.toWeb(stdout);
}
