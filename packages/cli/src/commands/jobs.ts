import { type ExportJob, readToken } from "@outhaul/shared";
import { type AnyClient, canAsk, connect } from "../client/connect.js";
import { UsageError } from "../errors/command-error.js";
import { exitCodeOf } from "../errors/exit-code.js";
import { runJob } from "../job/run.js";
import { isAttended, type JobRecord, openJobStore } from "../job/store.js";
import { jobTarget, startTarget } from "../job/target.js";
import { type WaitFlags, waitOptions } from "../job/wait-flags.js";
import { createReporter } from "../report/reporter.js";
import { formatDuration } from "../terminal/duration.js";
import { printFailure } from "../terminal/failure.js";
import { formatTable } from "../terminal/format.js";
import { type Interrupt, listenForInterrupt } from "../terminal/interrupt.js";
import type { Io } from "../terminal/io.js";
import { installedVendor } from "../vendors/installed.js";

interface TellFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Asks once, and prints the state. */
export async function showStatus(token: string, { json }: TellFlags, io: Io): Promise<void> {
  const { job } = await openJob(token, io);
  const snapshot = await job.refresh();
  const { id, state, rawStatus, progress, error, nextPollAt } = snapshot;
  const { vendor, workflow } = job;
  if (json) {
    const told = { vendor, workflow, id, state, rawStatus, progress, error, nextPollAt, token: job.token };
    io.stdout.write(`${JSON.stringify(told)}\n`);
    return;
  }
  const share = progress?.fraction === undefined ? "" : `, ${Math.round(progress.fraction * 100)} %`;
  const word = rawStatus === undefined || rawStatus === state ? "" : ` ("${rawStatus}")`;
  io.stdout.write(
    `${vendor} ${workflow} ${id}: ${state}${word}${share}${error ? `: ${error.message}` : ""}\n`,
  );
}

/** Asks the vendor to stop an export, and tells what came of it. */
export async function cancelJob(token: string, { json }: TellFlags, io: Io): Promise<void> {
  const { job, record } = await openJob(token, io);
  const outcome = await job.cancel();
  if (outcome === "cancelled" || outcome === "gone") {
    if (record) (await openJobStore(io).adopt(job, record)).remove();
  }
  if (json) io.stdout.write(`${JSON.stringify({ vendor: job.vendor, id: job.id, outcome })}\n`);
  if (outcome === "unsupported")
    throw new UsageError(`${job.vendor} documents no way to stop an export; it ends by itself`);
  if (!json) io.stdout.write(`${job.vendor} ${job.workflow} ${job.id}: ${outcome}\n`);
}

/** Lists the exports that have not come home. */
export function listJobs({ json }: TellFlags, io: Io): void {
  const store = openJobStore(io);
  const records = store.list();
  if (json) {
    const rows = records.map((record) => ({ ...record, attended: isAttended(record) }));
    io.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  if (records.length === 0) {
    io.stdout.write("no export is under way or was left\n");
    return;
  }
  const rows = records.map((record) => [
    record.vendor,
    record.workflow,
    record.id ?? "—",
    stateOf(record),
    formatDuration(Date.now() - Date.parse(record.startedAt)),
    record.target ?? "",
  ]);
  io.stdout.write(`${formatTable(["vendor", "export", "id", "state", "age", "goes to"], rows)}\n`);
  const left = records.filter((record) => record.token !== undefined && !isAttended(record));
  if (left.length) io.stdout.write("\nBring home what was left: outhaul resume --all\n");
  if (records.some((record) => record.state === "starting" && !isAttended(record)))
    io.stdout.write(
      `\nUnanswered: the vendor may have taken it. Look there; then remove its file from ${store.folder}\n`,
    );
}

function stateOf(record: JobRecord): string {
  if (isAttended(record)) return record.state === "starting" ? "starting" : "under way";
  return record.state === "starting" ? "unanswered" : "left";
}

/** Goes on with an export, or with all that were left. */
export async function resumeJobs(
  token: string | undefined,
  flags: WaitFlags & { all?: boolean },
  io: Io,
): Promise<void> {
  if (Boolean(flags.all) === (token !== undefined))
    throw new UsageError("say which: outhaul resume <token>, or outhaul resume --all");
  if (flags.output === "-" && (flags.json || flags.all))
    throw new UsageError("--output - takes one file, and stdout for it alone");
  if (flags.output !== undefined && flags.output !== "-")
    startTarget(flags.output, { vendor: "", workflow: "", startedAt: new Date(), cwd: io.cwd }); // before anything is asked
  const options = waitOptions(flags);
  const interrupt = listenForInterrupt();
  try {
    if (token !== undefined) await resumeOne(token, flags, options, interrupt, io);
    else await resumeAll(flags, options, interrupt, io);
  } finally {
    interrupt.dispose();
  }
}

async function resumeAll(
  flags: WaitFlags,
  options: ReturnType<typeof waitOptions>,
  interrupt: Interrupt,
  io: Io,
): Promise<void> {
  const records = openJobStore(io).list();
  const left = records.filter((record) => record.token !== undefined && !isAttended(record));
  if (left.length === 0) {
    if (!flags.json && !flags.quiet) io.stderr.write("no export was left\n");
    return;
  }
  const reporter = createReporter(io, flags);
  const clients = new Map<string, Promise<AnyClient>>();
  const results = await Promise.allSettled(
    left.map((record) =>
      goOn(record.token ?? "", record, flags, options, interrupt, io, { reporter, clients, isOne: false }),
    ),
  );
  reporter.done();
  const failures = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason as unknown] : [],
  );
  if (interrupt.signal.aborted) throw interrupt.signal.reason;
  for (const failure of failures.slice(1)) printFailure(failure, io);
  if (failures.length) throw failures.find((failure) => exitCodeOf(failure) !== 1) ?? failures[0];
}

async function resumeOne(
  text: string,
  flags: WaitFlags,
  options: ReturnType<typeof waitOptions>,
  interrupt: Interrupt,
  io: Io,
): Promise<void> {
  const { token, record } = findJob(text, io);
  if (record && isAttended(record))
    throw new UsageError(`another process (${record.pid}) works on this export; it brings the file home`);
  const reporter = createReporter(io, flags);
  await goOn(token, record, flags, options, interrupt, io, { reporter, clients: new Map(), isOne: true });
}

interface Shared {
  readonly reporter: ReturnType<typeof createReporter>;
  /** One for each account, so that its limits hold for all. */
  readonly clients: Map<string, Promise<AnyClient>>;
  readonly isOne: boolean;
}

async function goOn(
  token: string,
  record: JobRecord | undefined,
  flags: WaitFlags,
  options: ReturnType<typeof waitOptions>,
  interrupt: Interrupt,
  io: Io,
  { reporter, clients, isOne }: Shared,
): Promise<void> {
  const { vendor, workflow, id, createdAt } = readToken(token);
  const name = isOne ? `${vendor} ${workflow}` : `${vendor} ${workflow} ${id}`;
  const subject = { name, vendor, workflow };
  const clientFlags = record?.clientOptions ?? {};
  const key = JSON.stringify([vendor, clientFlags]);
  const made =
    clients.get(key) ?? connect(installedVendor(vendor, io.cwd), clientFlags, io, isOne && canAsk(io));
  clients.set(key, made);
  const job = (await made).resume(token);
  const kept = record?.target === "-" ? undefined : record?.target;
  const facts = { vendor, workflow, startedAt: createdAt, cwd: io.cwd };
  const filled = flags.output === "-" ? "-" : startTarget(flags.output ?? kept ?? "./", facts);
  const entry = await openJobStore(io).adopt(job, { ...record, target: filled });
  await runJob({
    start: () => job,
    ...{ entry, subject, io, options, interrupt },
    reporter: isOne ? reporter : { ...reporter, done() {} },
    targetOf: (jobId) => (filled === "-" ? "stdout" : jobTarget(filled, jobId)),
    detach: false,
    json: flags.json === true,
    cancelOnInterrupt: flags.cancelOnInterrupt === true,
  });
}

/** A token, or the id of a job that is known here. @throws {UsageError} where it is neither */
function findJob(text: string, io: Io): { token: string; record: JobRecord | undefined } {
  const records = openJobStore(io).list();
  if (/^v\d+\./.test(text)) {
    const { vendor, workflow, id } = readToken(text);
    const record = records.find((one) => one.vendor === vendor && one.workflow === workflow && one.id === id);
    return { token: text, record };
  }
  const found = records.filter((record) => record.id === text && record.token !== undefined);
  const [record] = found;
  if (!record?.token)
    throw new UsageError(`"${text.slice(0, 40)}" is neither a resume token nor an id of outhaul jobs`);
  if (found.length > 1)
    throw new UsageError(`several vendors have a job ${text}: give its token (outhaul jobs --json)`);
  return { token: record.token, record };
}

async function openJob(text: string, io: Io): Promise<{ job: ExportJob; record: JobRecord | undefined }> {
  const { token, record } = findJob(text, io);
  const { vendor } = readToken(token);
  const client = await connect(installedVendor(vendor, io.cwd), record?.clientOptions ?? {}, io, canAsk(io));
  return { job: client.resume(token), record };
}
