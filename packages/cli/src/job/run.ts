import type { ExportJob, SaveOptions, WaitOptions } from "@outhaul/shared";
import type { Reporter, Subject } from "../report/reporter.js";
import { failureOf, howToResume } from "../terminal/failure.js";
import type { Interrupt } from "../terminal/interrupt.js";
import type { Io } from "../terminal/io.js";
import { saveJob } from "./save.js";
import type { JobEntry } from "./store.js";
import type { SaveTarget } from "./target.js";

/** A job to start or to go on with, at a prompt or from cron. */
export interface JobRun {
  start(signal: AbortSignal): Promise<ExportJob> | ExportJob;
  readonly entry: JobEntry;
  readonly subject: Subject;
  readonly reporter: Reporter;
  readonly io: Io;
  readonly options: WaitOptions & SaveOptions;
  readonly interrupt: Interrupt;
  targetOf(id: string): SaveTarget | "stdout";
  /** Only start it, and tell the token. */
  readonly detach: boolean;
  readonly json: boolean;
  readonly cancelOnInterrupt: boolean;
}

/** Starts a job, saves it, and tells its path on stdout; on a failure, tells how to go on. @throws what went wrong, told already but for its message */
export async function runJob(run: JobRun): Promise<void> {
  const { entry, subject, reporter, io, options, interrupt, json } = run;
  const { signal } = interrupt;
  let job: ExportJob | undefined;
  try {
    job = await run.start(signal);
    entry.accepted(job);
    const { id, token } = job;
    reporter.tell(subject, { type: "started", id, token });
    if (run.detach) {
      reporter.done();
      if (!json) io.stdout.write(`${token}\n`);
      return;
    }
    const target = run.targetOf(id);
    const { cancelOnInterrupt } = run;
    const { path } = await saveJob(job, entry, subject, reporter, {
      ...{ target, options, signal, cancelOnInterrupt, stdout: io.stdout },
    });
    reporter.done();
    if (!json && path) io.stdout.write(`${path}\n`);
  } catch (error) {
    const failure = failureOf(error);
    const isLeft = job !== undefined && entry.isKept;
    reporter.tell(subject, {
      type: "error",
      ...failure,
      token: failure.token ?? (isLeft ? job?.token : undefined),
    });
    reporter.done();
    if (job === undefined) leaveStart(entry, error, signal, io, json);
    else if (isLeft && !json) io.stderr.write(`outhaul: ${howToResume(job.token)}\n`);
    throw error;
  }
}

/** What stays of a start that brought no job: nothing where none can exist, else a note that one may. */
function leaveStart(entry: JobEntry, error: unknown, { aborted }: AbortSignal, io: Io, json: boolean): void {
  const isAmbiguous = aborted || failureOf(error).code === "CREATE_AMBIGUOUS";
  if (!isAmbiguous) {
    entry.remove();
    return;
  }
  entry.update({ error: "the vendor has not answered whether it took the export" });
  const { vendor, workflow } = entry.record;
  if (!json)
    io.stderr.write(
      `outhaul: ${vendor} may have taken the export all the same: look there before you start ${workflow} again\n`,
    );
}
