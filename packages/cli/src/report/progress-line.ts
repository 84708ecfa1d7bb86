import pc from "picocolors";
import { showOnOneLine } from "../terminal/controls.js";
import { formatDuration } from "../terminal/duration.js";
import { formatBytes } from "../terminal/format.js";
import type { ExportProgress } from "./progress.js";

const COLORS: Readonly<Record<string, (text: string) => string>> = {
  saved: pc.green,
  failed: pc.red,
  left: pc.yellow,
  unknown: pc.yellow,
  skipped: pc.dim,
};

/** Formats the progress of an export as one line: its state, the elapsed time, and what it waits for. */
export function progressLine(name: string, progress: ExportProgress, now: number): string {
  const { startedAt, endedAt = now, saved } = progress;
  const state = showOnOneLine(progress.state);
  const id = showOnOneLine(progress.id ?? "");
  const problem = showOnOneLine(progress.problem ?? "");
  const color = COLORS[state] ?? pc.cyan;
  const parts = [
    pc.bold(showOnOneLine(name)),
    ...(id ? [pc.dim(shortId(id))] : []),
    color(state.padEnd(11)),
    formatDuration(endedAt - startedAt),
    ...(saved ? [formatBytes(saved.sizeBytes)] : details(progress, now)),
    ...(problem ? [pc.yellow(problem)] : []),
  ];
  return parts.join("  ");
}

/** Truncates a long id, which would leave no room for the rest of the line. */
function shortId(id: string): string {
  return id.length > 16 ? `${id.slice(0, 12)}…` : id;
}

function details(progress: ExportProgress, now: number): string[] {
  if (progress.state === "downloading" && progress.download) return downloadDetails(progress.download);
  return progress.polls ? pollDetails(progress, progress.polls, now) : [];
}

function downloadDetails(download: NonNullable<ExportProgress["download"]>): string[] {
  const { bytes, totalBytes, bytesPerSecond, etaMs } = download;
  return [
    totalBytes === undefined ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`,
    ...(bytesPerSecond === undefined ? [] : [`${formatBytes(bytesPerSecond)}/s`]),
    ...(etaMs === undefined ? [] : [`ETA ${formatDuration(etaMs)}`]),
  ];
}

function pollDetails(
  { startedAt, progress = {}, nextPollAt }: ExportProgress,
  polls: number,
  now: number,
): string[] {
  const { done, total, fraction } = progress;
  const share = fraction === undefined ? undefined : `${Math.round(fraction * 100)} %`;
  const count = total === undefined ? undefined : `${done ?? 0} of ${total}`;
  const remainingMs = estimateRemaining(now - startedAt, fraction);
  const next = nextPollAt === undefined ? undefined : Math.max(0, Math.ceil((nextPollAt - now) / 1000));
  return [
    `${polls} poll${polls === 1 ? "" : "s"}`,
    ...(share ? [share] : count ? [count] : []),
    ...(remainingMs === undefined ? [] : [`about ${formatDuration(remainingMs)} left`]),
    ...(next === undefined ? [] : [`next in ${next} s`]),
  ];
}

/** The time that is left if the export keeps its pace. */
function estimateRemaining(elapsedMs: number, fraction: number | undefined): number | undefined {
  if (fraction === undefined || fraction <= 0 || fraction >= 1) return undefined;
  return (elapsedMs * (1 - fraction)) / fraction;
}
