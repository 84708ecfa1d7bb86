import type { OuthaulError } from "../errors/outhaul-error.js";
import { describeJob, type ErrorSubject } from "../record/end-error.js";
import { PollFailedError, TimeoutError, UnknownStatusError } from "../record/errors.js";
import type { JobRecord } from "../record/record.js";
import { type Streak, seenPart } from "../record/streak.js";
import type { EveryTolerance } from "./wait-options.js";

/** The part of a job's record that the errors are made from. */
type Subject = ErrorSubject &
  Pick<
    JobRecord<unknown>,
    "token" | "origin" | "replies" | "limited" | "failures" | "lastFailure" | "unknowns"
  >;

/** What a wait gives up on is at least so many polls: two bad ones an hour apart say little. */
const MIN_POLLS = 3;

/** What a wait has seen of the rows of bad polls. */
export interface SeenStreaks {
  readonly failures: { first?: Streak | undefined };
  readonly unknowns: { first?: Streak | undefined };
}

const JOB_MAY_GO_ON = "The job may still go on at the vendor: resume it with the error's token";

/** The error for a wait whose deadline has passed; `retryAt` if the vendor allows no request before. */
export function timeoutError(record: Subject, now: number, retryAt?: Date): TimeoutError {
  const { polls, state, rawStatus } = record.snapshot;
  const elapsedMs = now - record.origin.createdAt;
  const replies = [...record.replies].map(([reply, count]) => `${reply}: ${count}`).join(", ");
  const word = rawStatus ? ` (${rawStatus})` : "";
  const next = record.limited ?? (retryAt && `the vendor allows the next poll at ${retryAt.toISOString()}`);
  return new TimeoutError(
    `${describeJob(record)}: still ${state}${word} ${duration(elapsedMs)} after its creation and ${polls} polls${replies && ` (${replies})`}${next ? `; ${next}` : ""}. ${JOB_MAY_GO_ON}`,
    { ...liveJob(record), elapsedMs, polls, retryAt },
  );
}

/** The error for a wait that tolerates no more failures or unknown words; `undefined` while it does. Each wait counts what it has seen itself. */
export function toleranceError(
  record: Subject,
  seen: SeenStreaks,
  { failuresMs, unknownMs }: EveryTolerance,
): OuthaulError | undefined {
  const { failures, unknowns, lastFailure: cause } = record;
  const failed = failures && seenPart(failures, seen.failures);
  if (failed && cause && failed.polls >= MIN_POLLS && failed.ms >= failuresMs) {
    const what = `${describeJob(record)}: its status could not be read for ${duration(failed.ms)}`;
    return new PollFailedError(`${what} (${failed.polls} polls; last: ${cause.message}). ${JOB_MAY_GO_ON}`, {
      ...liveJob(record),
      cause,
    });
  }
  const unknown = unknowns && seenPart(unknowns, seen.unknowns);
  if (unknown && unknown.polls >= MIN_POLLS && unknown.ms >= unknownMs) {
    const { rawStatus = "" } = record.snapshot;
    const what = `${describeJob(record)}: for ${duration(unknown.ms)} the vendor has said "${rawStatus}"`;
    return new UnknownStatusError(`${what}, which its documents do not have. ${JOB_MAY_GO_ON}`, {
      ...liveJob(record),
      rawStatus,
    });
  }
  return undefined;
}

/** What every error says that leaves a live job behind. */
function liveJob({ vendor, id, token, snapshot }: Subject) {
  return { vendor, jobId: id, token, snapshot };
}

function duration(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}
