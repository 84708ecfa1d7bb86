import { onStderr, tellTo } from "../client/trace.js";
import { showOnOneLine } from "../terminal/controls.js";
import type { Io } from "../terminal/io.js";
import { printJson, printLine } from "../terminal/print.js";
import { openJob } from "./open-job.js";

/** Polls a job once and prints its state. */
export async function showStatus(
  token: string,
  { json, verbose, profile }: { json?: boolean; verbose?: boolean; profile?: string },
  io: Io,
): Promise<void> {
  const { job } = await openJob(token, profile, io, tellTo(onStderr(io), { verbose: verbose === true }));
  const { id, state, rawStatus, progress, error, nextPollAt } = await job.refresh();
  const { vendor, workflow } = job;
  if (json) {
    const line = { vendor, workflow, id, state, rawStatus, progress, error, nextPollAt, token: job.token };
    printJson(io.stdout, line);
    return;
  }
  const share = progress?.fraction === undefined ? "" : `, ${Math.round(progress.fraction * 100)} %`;
  const word = rawStatus === undefined || rawStatus === state ? "" : ` ("${rawStatus}")`;
  const reason = error ? `: ${error.message}` : "";
  printLine(io.stdout, showOnOneLine(`${vendor} ${workflow} ${id}: ${state}${word}${share}${reason}`));
}
