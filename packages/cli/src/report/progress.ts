import type { JobSnapshot } from "@outhaul/shared";
import type { CliEvent } from "./event.js";

/** The progress of an export, as its events tell it. Times are milliseconds since the epoch. */
export interface ExportProgress {
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
    readonly part?: number | undefined;
    readonly parts?: number | undefined;
  };
  readonly saved?: { readonly path?: string | undefined; readonly sizeBytes: number };
}

/** The progress of an export after an event. */
export function applyEvent(before: ExportProgress | undefined, event: CliEvent, now: number): ExportProgress {
  const base: ExportProgress = before ?? { state: "starting", startedAt: now };
  switch (event.type) {
    case "started":
    case "resumed":
      return { ...base, state: event.type, id: event.id };
    case "poll":
    case "status": {
      const { problem: _, ...rest } = base;
      const { state, polls, progress, nextPollAt } = event;
      return { ...rest, state, polls, progress, nextPollAt: nextPollAt ? Date.parse(nextPollAt) : undefined };
    }
    case "pollFailed":
      return { ...base, problem: `poll failed (${event.streak}): ${event.message}` };
    case "download": {
      const { problem: _, ...rest } = base;
      return { ...rest, state: "downloading", download: event };
    }
    case "downloadRetry":
      return {
        ...base,
        problem: `attempt ${event.attempt} broke off, next in ${Math.ceil(event.waitMs / 1000)} s`,
      };
    case "saved":
      return {
        ...base,
        state: event.path === undefined && event.empty ? "no data" : "saved",
        endedAt: now,
        saved: event,
      };
    case "cancel":
      return { ...base, problem: `cancel: ${event.outcome}` };
    case "skipped":
      return { ...base, state: "skipped", endedAt: now, problem: event.message };
    case "error":
      return { ...base, state: event.token ? "left" : "failed", endedAt: now, problem: event.code };
  }
}
