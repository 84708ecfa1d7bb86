import { readToken, type SaveOptions, type WaitOptions } from "@outhaul/shared";
import { type ClientPool, createClientPool } from "../client/pool.js";
import { tellTo } from "../client/trace.js";
import { UsageError } from "../errors/command-error.js";
import { exitCodeOf, exitCodes } from "../errors/exit-code.js";
import { findJob } from "../job/find.js";
import { isAttended, type JobRecord } from "../job/record.js";
import { runJob } from "../job/run.js";
import { type SaveFlags, saveOptions } from "../job/save-flags.js";
import { openJobStore } from "../job/store.js";
import { fillTemplate, saveTarget } from "../job/target.js";
import type { Subject } from "../report/event.js";
import { createReporter, type Reporter } from "../report/reporter.js";
import { printFailure } from "../terminal/failure.js";
import { type Interrupt, listenForInterrupt } from "../terminal/interrupt.js";
import type { Io } from "../terminal/io.js";
import { printLine } from "../terminal/print.js";
import { canPrompt } from "../terminal/prompt.js";
import { accountOfJob } from "./open-job.js";

/** The settings that all resumed jobs share. */
interface ResumeContext {
  readonly flags: SaveFlags;
  readonly options: WaitOptions & SaveOptions;
  readonly interrupt: Interrupt;
  readonly reporter: Reporter;
  readonly clients: ClientPool;
  readonly io: Io;
}

/**
 * Resumes one job, or all recorded jobs that no process waits for.
 * @throws {UsageError} if the flags contradict each other
 */
export async function resumeJobs(
  token: string | undefined,
  flags: SaveFlags & { all?: boolean },
  io: Io,
): Promise<void> {
  checkFlags(token, flags, io);
  const options = saveOptions(flags);
  const interrupt = listenForInterrupt();
  const reporter = createReporter(io, flags);
  const clients = createClientPool(io, {
    interactive: token !== undefined && canPrompt(io),
    allowedHosts: "recorded",
    onEvent: tellTo(reporter, flags),
  });
  const context = { flags, options, interrupt, reporter, clients, io };
  try {
    if (token !== undefined) await resumeOne(token, context);
    else await resumeAll(context);
  } finally {
    interrupt.dispose();
  }
}

function checkFlags(
  token: string | undefined,
  { all, output, json }: SaveFlags & { all?: boolean },
  { cwd }: Io,
): void {
  if (Boolean(all) === (token !== undefined))
    throw new UsageError("say which: outhaul resume <token>, or outhaul resume --all");
  if (output === "-" && (json || all))
    throw new UsageError("--output - takes one file, and stdout for it alone");
  if (output !== undefined && output !== "-")
    fillTemplate(output, {
      vendor: "",
      workflow: "",
      profile: undefined,
      startedAt: new Date(),
      cwd,
    }); // throws for a wrong placeholder
}

async function resumeOne(text: string, context: ResumeContext): Promise<void> {
  const { token, record } = findJob(text, context.io);
  if (record && isAttended(record))
    throw new UsageError(`another process (${record.pid}) works on this export; it brings the file home`);
  const { vendor, workflow } = readToken(token);
  await resume(token, record, { name: `${vendor} ${workflow}`, vendor, workflow }, context);
}

/** Resumes all jobs. Throws one failure and prints the others; a failure with a telling exit code is thrown first. */
async function resumeAll(context: ResumeContext): Promise<void> {
  const { flags, reporter, interrupt, io } = context;
  const { records, damaged } = openJobStore(io).list();
  const left = records.flatMap((record) =>
    record.token !== undefined && !isAttended(record) ? [{ record, token: record.token }] : [],
  );
  if (left.length === 0 && damaged.length === 0) {
    if (!flags.json && !flags.quiet) printLine(io.stderr, "no export was left");
    return;
  }
  // The reporter is shared, so no single job may close it.
  const shared = { ...context, reporter: { ...reporter, close() {} } };
  const results = await Promise.allSettled(
    left.map(async ({ record, token }) => {
      const { vendor, workflow, id } = readToken(token);
      await resume(token, record, { name: `${vendor} ${workflow} ${id}`, vendor, workflow }, shared);
    }),
  );
  reporter.close();
  if (interrupt.signal.aborted) throw interrupt.signal.reason;
  const failures = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason as unknown] : [],
  );
  if (damaged.length) failures.push(new UsageError(...damaged));
  if (failures.length === 0) return;
  const thrown = failures.find((failure) => exitCodeOf(failure) !== exitCodes.exportFailed) ?? failures[0];
  for (const failure of failures) if (failure !== thrown) printFailure(failure, io);
  throw thrown;
}

async function resume(
  token: string,
  record: JobRecord | undefined,
  subject: Subject,
  { flags, options, interrupt, reporter, clients, io }: ResumeContext,
): Promise<void> {
  const { vendor, workflow, createdAt } = readToken(token);
  const account = accountOfJob(record, flags.profile, io);
  const client = await clients.get(vendor, account);
  const job = client.resume(token);
  const recorded = record?.target === "-" ? undefined : record?.target;
  const { profile } = account;
  const values = { vendor, workflow, profile, startedAt: createdAt, cwd: io.cwd };
  const target = flags.output === "-" ? "-" : fillTemplate(flags.output ?? recorded ?? "./", values);
  const entry = openJobStore(io).adopt(job, {
    ...record,
    ...(profile === undefined ? {} : { profile }),
    target,
  });
  await runJob({
    start: () => job,
    entry,
    subject,
    reporter,
    io,
    options,
    interrupt,
    targetOf: (id) => (target === "-" ? "stdout" : saveTarget(target, id)),
    detach: false,
    json: flags.json === true,
    cancelOnInterrupt: flags.cancelOnInterrupt === true,
  });
}
