import type { JobProgress } from "../record/types.js";
import type { Schedule } from "./wait-options.js";

const SECOND = 1000;

/**
 * A fifth of the time since the job's creation, at least 1 s and at most 60 s: a job is seen to end within 20 % of its length, whatever its length.
 * Where the vendor counts progress, two thirds of the way to the estimated end, at least a twentieth of the time that has passed and at most 5 min.
 */
export const defaultSchedule: Schedule = ({ elapsedMs, progress }) => {
  const remainingMs = estimatedRemainingMs(elapsedMs, progress);
  if (remainingMs !== undefined)
    return Math.min(Math.max((remainingMs * 2) / 3, elapsedMs / 20, SECOND), 300 * SECOND);
  return Math.min(Math.max(elapsedMs / 5, SECOND), 60 * SECOND);
};

function estimatedRemainingMs(elapsedMs: number, progress?: JobProgress): number | undefined {
  const fraction = progress?.fraction;
  return fraction !== undefined && fraction > 0 && fraction < 1
    ? elapsedMs / fraction - elapsedMs
    : undefined;
}
