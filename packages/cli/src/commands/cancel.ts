import { UsageError } from "../errors/command-error.js";
import { openJobStore } from "../job/store.js";
import { showOnOneLine } from "../terminal/controls.js";
import type { Io } from "../terminal/io.js";
import { printJson, printLine } from "../terminal/print.js";
import { openJob } from "./open-job.js";

/**
 * Asks the vendor to cancel a job, and prints the outcome.
 * @throws {UsageError} if the vendor has no call for it
 */
export async function cancelJob(
  token: string,
  { json, profile }: { json?: boolean; profile?: string },
  io: Io,
): Promise<void> {
  const { job, record, workflow } = await openJob(token, profile, io);
  const outcome = await job.cancel();
  if (record && (outcome === "cancelled" || outcome === "gone")) {
    const entry = openJobStore(io).adopt(job, record);
    entry.remove();
  }
  if (json) printJson(io.stdout, { vendor: job.vendor, id: job.id, outcome });
  if (outcome === "unsupported")
    throw new UsageError(
      workflow?.isOneStep
        ? `nothing of ${job.workflow} runs at ${job.vendor}: its one request is sent when the file is fetched`
        : `${job.vendor} documents no way to stop an export; it ends by itself`,
    );
  if (!json) printLine(io.stdout, showOnOneLine(`${job.vendor} ${job.workflow} ${job.id}: ${outcome}`));
}
