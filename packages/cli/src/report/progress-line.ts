import type { JobSnapshot } from "@outhaul/shared";
import pc from "picocolors";
import { formatDuration } from "../terminal/duration.js";
import { formatBytes } from "../terminal/format.js";

/** What is known of an export when its line is written. Times are milliseconds since the epoch. */
export interface LineFacts {
  readonly state: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly id?: string;
  readonly polls?: number;
  readonly progress?: JobSnapshot["progress"] | undefined;
  readonly nextPollAt?: number | undefined;
  readonly problem?: string;
  readonly download?: {
    readonly bytes: number;
    readonly totalBytes?: number | undefined;
    readonly bytesPerSecond?: number | undefined;
    readonly etaMs?: number | undefined;
  };
  readonly saved?: { readonly path?: string | undefined; readonly sizeBytes: number };
}

const COLORS: Readonly<Record<string, (text: string) => string>> = {
  saved: pc.green,
  failed: pc.red,
  left: pc.yellow,
  unknown: pc.yellow,
  skipped: pc.dim,
};

/** One line of an export: state, time, and what is being waited for. */
export function lineOf(name: string, facts: LineFacts, now: number): string {
  const { state, startedAt, endedAt = now, problem, saved } = facts;
  const color = COLORS[state] ?? pc.cyan;
  const parts = [
    pc.bold(name),
    ...(facts.id ? [pc.dim(shortId(facts.id))] : []),
    color(state.padEnd(11)),
    formatDuration(endedAt - startedAt),
    ...(saved ? [formatBytes(saved.sizeBytes)] : details(facts, now)),
    ...(problem ? [pc.yellow(problem)] : []),
  ];
  return parts.join("  ");
}

/** Long ids leave no room for what happens; tokens, files and `--json` have them whole. */
function shortId(id: string): string {
  return id.length > 16 ? `${id.slice(0, 12)}…` : id;
}

function details(
  { state, startedAt, polls, progress, nextPollAt, download }: LineFacts,
  now: number,
): string[] {
  if (state === "downloading" && download) {
    const { bytes, totalBytes, bytesPerSecond, etaMs } = download;
    return [
      totalBytes === undefined ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`,
      ...(bytesPerSecond === undefined ? [] : [`${formatBytes(bytesPerSecond)}/s`]),
      ...(etaMs === undefined ? [] : [`ETA ${formatDuration(etaMs)}`]),
    ];
  }
  if (polls === undefined || polls === 0) return [];
  const { done, total, fraction } = progress ?? {};
  const share = fraction === undefined ? undefined : `${Math.round(fraction * 100)} %`;
  // By the vendor's own count, as if it went on like this.
  const left =
    fraction === undefined || fraction <= 0 || fraction >= 1
      ? undefined
      : ((now - startedAt) * (1 - fraction)) / fraction;
  const count = total === undefined ? undefined : `${done ?? 0} of ${total}`;
  const next = nextPollAt === undefined ? undefined : Math.max(0, Math.ceil((nextPollAt - now) / 1000));
  return [
    `${polls} poll${polls === 1 ? "" : "s"}`,
    ...(share ? [share] : count ? [count] : []),
    ...(left === undefined ? [] : [`about ${formatDuration(left)} left`]),
    ...(next === undefined ? [] : [`next in ${next} s`]),
  ];
}
