import type { ExportJob, SaveOptions, WaitOptions } from "@outhaul/shared";
import type { Subject } from "../report/event.js";
import type { Reporter } from "../report/reporter.js";
import { failureOf, resumeHint } from "../terminal/failure.js";
import type { Interrupt } from "../terminal/interrupt.js";
import type { Io } from "../terminal/io.js";
import { printLine } from "../terminal/print.js";
import { saveJob } from "./save.js";
import type { JobEntry } from "./store.js";
import type { SaveTarget } from "./target.js";

/** A job to start or to resume. */
export interface JobRun {
  start(signal: AbortSignal): Promise<ExportJob> | ExportJob;
  readonly entry: JobEntry;
  readonly subject: Subject;
  readonly reporter: Reporter;
  readonly io: Io;
  readonly options: WaitOptions & SaveOptions;
  readonly interrupt: Interrupt;
  targetOf(id: string): SaveTarget | "stdout";
  /** Start the job, print its token, and do not wait. */
  readonly detach: boolean;
  readonly json: boolean;
  readonly cancelOnInterrupt: boolean;
}

/**
 * Starts a job, saves its file, and prints the file's path. After a failure it prints how to resume the job.
 * @throws the failure; it is reported, and only its message is still to be printed
 */
export async function runJob(run: JobRun): Promise<void> {
  const { entry, subject, reporter, io, json } = run;
  let job: ExportJob | undefined;
  try {
    job = await run.start(run.interrupt.signal);
    // The token is told before it is kept, because the disk may be full.
    reporter.report(subject, { type: "started", id: job.id, token: job.token });
    entry.markAccepted(job);
    const result = run.detach ? job.token : await save(run, job);
    reporter.close();
    if (!json && result) printLine(io.stdout, result);
  } catch (error) {
    const failure = failureOf(error);
    const isLeft = job !== undefined && entry.isKept;
    const token = job === undefined ? failure.token : isLeft ? job.token : undefined;
    reporter.report(subject, { type: "error", ...failure, token });
    reporter.close();
    if (job === undefined) recordFailedStart(run, error);
    else if (isLeft && !json) printLine(io.stderr, `outhaul: ${resumeHint(job.token, error)}`);
    throw error;
  }
}

/** Waits for the job and saves its file. @returns the path, if it was saved to one */
async function save(run: JobRun, job: ExportJob): Promise<string | undefined> {
  const { entry, subject, reporter, io, options, interrupt, cancelOnInterrupt } = run;
  const { path } = await saveJob({
    job,
    record: entry,
    subject,
    reporter,
    target: run.targetOf(job.id),
    options,
    signal: interrupt.signal,
    cancelOnInterrupt,
    stdout: io.stdout,
  });
  return path;
}

/** Removes the record of a start that failed, or marks it if the vendor may have accepted the job. */
function recordFailedStart({ entry, io, json, interrupt }: JobRun, error: unknown): void {
  const isAmbiguous = interrupt.signal.aborted || failureOf(error).code === "CREATE_AMBIGUOUS";
  if (!isAmbiguous) {
    entry.remove();
    return;
  }
  entry.update({ error: "the vendor has not answered whether it took the export" });
  const { vendor, workflow } = entry.record;
  if (!json)
    printLine(
      io.stderr,
      `outhaul: ${vendor} may have taken the export all the same: look there before you start ${workflow} again`,
    );
}
