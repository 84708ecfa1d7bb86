import { CreateAmbiguousError, type ExportJob, type SaveOptions, type WaitOptions } from "@outhaul/shared";
import { accountOf } from "../client/account.js";
import type { AnyClient } from "../client/connect.js";
import type { ClientPool } from "../client/pool.js";
import { type ResumeRecord, saveJob } from "../job/save.js";
import { saveTarget } from "../job/target.js";
import type { Reporter } from "../report/reporter.js";
import { failureOf, resumeHint } from "../terminal/failure.js";
import { printLine } from "../terminal/print.js";
import type { ManifestEntry, RunManifest } from "./manifest.js";
import type { RunTask } from "./plan.js";

/** The settings that all exports of a run share. */
export interface RunContext {
  readonly clients: ClientPool;
  readonly manifest: RunManifest;
  readonly reporter: Reporter;
  readonly options: WaitOptions & SaveOptions;
  readonly signal: AbortSignal;
  readonly cancelOnInterrupt: boolean;
  readonly json: boolean;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** An entry of the manifest that changes while its export runs. */
interface RunningEntry {
  readonly current: ManifestEntry;
  /** False if the manifest does not have the latest change. */
  readonly isWritten: boolean;
  /** @throws {DiskError} if the manifest cannot be written */
  update(changes: Partial<ManifestEntry>): void;
}

/**
 * Starts or resumes one export, and saves its file.
 * @throws the failure, once it is recorded and reported
 */
export async function performTask({ entry: first, planned }: RunTask, context: RunContext): Promise<void> {
  const { clients, manifest, reporter } = context;
  const { name, vendor, workflow } = first;
  const entry = trackEntry(first, manifest);
  try {
    const client = await clients.get(vendor, accountOf(first.profile, first.options));
    const job = await startOrResume(client, entry, planned?.request ?? {}, context);
    await saveFile(job, entry, context);
  } catch (error) {
    const failure = failureOf(error);
    try {
      entry.update({ error: failure.message });
    } catch {
      // the disk may be the failure itself; only the latter is told
    }
    const { state, token } = entry.current;
    const live =
      state === "failed" ? undefined : (failure.token ?? (state === "running" ? token : undefined));
    reporter.report({ name, vendor, workflow }, { type: "error", ...failure, token: live });
    if (live !== undefined && !entry.isWritten)
      printLine(context.stderr, `outhaul: ${name}: ${resumeHint(live, error)}`);
    throw error;
  }
}

function trackEntry(first: ManifestEntry, manifest: RunManifest): RunningEntry {
  let current = first;
  let isWritten = true;
  return {
    get isWritten() {
      return isWritten;
    },
    get current() {
      return current;
    },
    update(changes) {
      current = { ...current, ...changes };
      isWritten = false;
      manifest.put(current);
      isWritten = true;
    },
  };
}

async function startOrResume(
  client: AnyClient,
  entry: RunningEntry,
  request: object,
  { reporter, options, signal }: RunContext,
): Promise<ExportJob> {
  const { name, vendor, workflow, token } = entry.current;
  const subject = { name, vendor, workflow };
  if (token !== undefined) {
    const job = client.resume(token);
    reporter.report(subject, { type: "resumed", id: job.id, token: job.token });
    return job;
  }
  signal.throwIfAborted();
  entry.update({ state: "starting" });
  let job: ExportJob;
  try {
    job = await client.start(workflow, request, { signal, timeoutMs: options.timeoutMs });
  } catch (error) {
    // The entry stays `starting` if the vendor may have created the job.
    if (!signal.aborted && !CreateAmbiguousError.isInstance(error)) entry.update({ state: "failed" });
    throw error;
  }
  // The token is told before it is kept, because the disk may be full.
  reporter.report(subject, { type: "started", id: job.id, token: job.token });
  entry.update({ state: "running", id: job.id, token: job.token });
  return job;
}

async function saveFile(job: ExportJob, entry: RunningEntry, context: RunContext): Promise<void> {
  const { name, vendor, workflow, target, decompress, parts } = entry.current;
  const { reporter, options, signal, cancelOnInterrupt, stdout } = context;
  const record = resumeRecord(entry);
  try {
    const { path, sizeBytes, sha256, integrity } = await saveJob({
      job,
      record,
      subject: { name, vendor, workflow },
      reporter,
      target: saveTarget(target, job.id),
      options: {
        ...options,
        sha256: true,
        ...(decompress === undefined ? {} : { decompress: decompress || "auto" }),
        ...(parts === undefined ? {} : { parts }),
      },
      signal,
      cancelOnInterrupt,
      stdout,
    });
    entry.update({
      state: "done",
      endedAt: new Date().toISOString(),
      sizeBytes,
      integrity,
      ...(path === undefined ? {} : { file: path }),
      ...(sha256 === undefined ? {} : { sha256 }),
    });
    if (path !== undefined && !context.json) reporter.print(path);
  } catch (error) {
    if (!record.isKept) entry.update({ state: "failed", endedAt: new Date().toISOString() });
    throw error;
  }
}

/** Keeps the token of a job in its entry of the manifest. */
function resumeRecord(entry: RunningEntry): ResumeRecord {
  let isKept = true;
  return {
    get isKept() {
      return isKept;
    },
    update: ({ token, error }) =>
      entry.update({
        ...(token === undefined ? {} : { token }),
        ...(error === undefined ? {} : { error }),
      }),
    remove() {
      isKept = false;
    },
  };
}
