import { isAbsolute, relative, sep } from "node:path";
import { UsageError } from "../errors/command-error.js";
import { findRecord } from "../job/find.js";
import { isAttended, type JobRecord } from "../job/record.js";
import { openJobStore, type StoredJob } from "../job/store.js";
import { showOnOneLine } from "../terminal/controls.js";
import { formatDuration } from "../terminal/duration.js";
import { formatTable } from "../terminal/format.js";
import type { Io } from "../terminal/io.js";
import { printJson, printLine } from "../terminal/print.js";

/**
 * Lists the unfinished exports of this machine.
 * @throws {UsageError} if a record is damaged, once the others are listed
 */
export function listJobs({ json }: { json?: boolean }, io: Io): void {
  const store = openJobStore(io);
  const { records, damaged } = store.list();
  printJobs(records, json === true, io);
  if (damaged.length) throw new UsageError(...damaged);
}

/**
 * Removes the record of an export. The export itself is left alone.
 * @throws {UsageError} if a process works on it
 */
export function forgetJob(id: string, { json }: { json?: boolean }, io: Io): void {
  const record = findRecord(id, io);
  if (isAttended(record))
    throw new UsageError(`another process (${record.pid}) works on this export: end it first`);
  openJobStore(io).forget(record);
  if (json) return printJson(io.stdout, { vendor: record.vendor, workflow: record.workflow, id: record.key });
  const token = record.token === undefined ? "" : `; outhaul resume ${record.token} still goes on with it`;
  printLine(
    io.stdout,
    showOnOneLine(`${record.vendor} ${record.workflow} ${record.key} is forgotten${token}`),
  );
}

function printJobs(records: readonly StoredJob[], json: boolean, io: Io): void {
  if (json) {
    const rows = records.map((record) => ({
      ...record,
      state: stateOf(record),
      attended: isAttended(record),
    }));
    printJson(io.stdout, rows, 2);
    return;
  }
  if (records.length === 0) {
    printLine(io.stdout, "no export is under way or was left");
    return;
  }
  const hasProfiles = records.some(({ profile }) => profile !== undefined);
  const rows = records.map((record) => [
    record.vendor,
    ...(hasProfiles ? [record.profile ?? ""] : []),
    record.workflow,
    record.key,
    stateOf(record),
    formatDuration(Date.now() - Date.parse(record.startedAt)),
    showTarget(record.target ?? "", io.cwd),
  ]);
  printLine(
    io.stdout,
    formatTable(
      ["vendor", ...(hasProfiles ? ["profile"] : []), "export", "id", "state", "age", "goes to"],
      rows,
    ),
  );
  const states = new Set(records.map(stateOf));
  if (records.some((record) => record.token !== undefined && !isAttended(record)))
    printLine(io.stdout, "\nBring home what was left: outhaul resume --all");
  if (states.has("unanswered"))
    printLine(
      io.stdout,
      "\nUnanswered: the vendor may have taken it. Look there; then outhaul jobs forget <id>",
    );
}

/** A place below the folder that the user stands in as seen from there, which is shorter. */
function showTarget(target: string, cwd: string): string {
  if (!isAbsolute(target)) return target;
  const path = relative(cwd, target);
  const isBelow = path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
  return isBelow ? `.${sep}${path}${path && target.endsWith(sep) ? sep : ""}` : target;
}

function stateOf(record: JobRecord): string {
  if (isAttended(record)) return record.state === "starting" ? "starting" : "under way";
  return record.state === "starting" ? "unanswered" : "left";
}
