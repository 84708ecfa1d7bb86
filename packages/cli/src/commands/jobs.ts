import { isAttended, type JobRecord } from "../job/record.js";
import { openJobStore } from "../job/store.js";
import { formatDuration } from "../terminal/duration.js";
import { formatTable } from "../terminal/format.js";
import type { Io } from "../terminal/io.js";

/** Lists the unfinished exports of this machine. */
export function listJobs({ json }: { json?: boolean }, io: Io): void {
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
  const states = new Set(records.map(stateOf));
  if (records.some((record) => record.token !== undefined && !isAttended(record)))
    io.stdout.write("\nBring home what was left: outhaul resume --all\n");
  if (states.has("unanswered"))
    io.stdout.write(
      `\nUnanswered: the vendor may have taken it. Look there; then remove its file from ${store.folder}\n`,
    );
}

function stateOf(record: JobRecord): string {
  if (isAttended(record)) return record.state === "starting" ? "starting" : "under way";
  return record.state === "starting" ? "unanswered" : "left";
}
