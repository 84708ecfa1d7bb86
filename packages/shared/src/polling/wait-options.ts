import type { OptionTable } from "../options/check-options.js";
import type { JobProgress } from "../record/types.js";

/** How long to wait before the next poll, in milliseconds. */
export type Schedule = (job: { elapsedMs: number; polls: number; progress?: JobProgress }) => number;

/** How long a wait tolerates failed polls and unknown words before it gives up. The job itself goes on. */
export interface Tolerance {
  /**
   * How long an unbroken row of failed polls may last, in milliseconds.
   * @default 600_000
   */
  failuresMs?: number | undefined;
  /**
   * How long the vendor may answer with words that its documents do not have, in milliseconds.
   * @default 900_000
   */
  unknownMs?: number | undefined;
  /**
   * How long after its creation a job may be unknown to the vendor (404), in milliseconds.
   * @default 60_000
   */
  notFoundMs?: number | undefined;
}

/** How to wait for a job. */
export interface WaitOptions {
  /** Stops this wait at once; it rejects with `signal.reason`. The vendor's job goes on, unless `onAbort` says otherwise. */
  signal?: AbortSignal | undefined;
  /**
   * The deadline of this wait in milliseconds from now. At the deadline the job is looked at once more; then the wait rejects with a
   * {@link TimeoutError} that carries the resume token.
   * @default none
   */
  timeoutMs?: number | undefined;
  /**
   * How long to wait before the next poll. Your own schedule is used as it is; the vendor's `Retry-After` is kept in any case.
   * @default a fifth of the time since the job's creation, at least 1 s and at most 60 s, ±10 %, and no shorter than the vendor advises
   */
  schedule?: Schedule | undefined;
  tolerance?: Tolerance | undefined;
  /**
   * What happens to the vendor's job when the deadline passes. Where the vendor cannot, `"cancel"` is refused with an {@link UnsupportedError}.
   * @default "detach"
   */
  onTimeout?: "detach" | "cancel" | undefined;
  /**
   * What happens to the vendor's job when `signal` is aborted. Where the vendor cannot, `"cancel"` is refused with an {@link UnsupportedError}.
   * @default "detach"
   */
  onAbort?: "detach" | "cancel" | undefined;
}

const WHAT_BECOMES_OF_JOB = ["detach", "cancel"];

/** What the options of a wait may be. */
export const WAIT_OPTIONS: OptionTable<WaitOptions> = {
  signal: "",
  timeoutMs: "number",
  schedule: "function",
  tolerance: {
    failuresMs: "number",
    unknownMs: "number",
    notFoundMs: "number",
  } satisfies OptionTable<Tolerance>,
  onTimeout: WHAT_BECOMES_OF_JOB,
  onAbort: WHAT_BECOMES_OF_JOB,
};

/** A tolerance that lacks nothing. */
export type EveryTolerance = Readonly<Record<keyof Tolerance, number>>;

/** The tolerance of a wait with its defaults. */
export function toleranceOf({ tolerance = {} }: WaitOptions): EveryTolerance {
  const { failuresMs = 600_000, unknownMs = 900_000, notFoundMs = 60_000 } = tolerance;
  return { failuresMs, unknownMs, notFoundMs };
}
