import type { OuthaulError } from "../errors/outhaul-error.js";
import {
  JobCancelledError,
  JobExpiredError,
  JobFailedError,
  JobGoneError,
  PollFailedError,
  TimeoutError,
  UnknownStatusError,
} from "./errors.js";
import type { JobRecord } from "./record.js";
import type { JobState, Tolerance, VendorErrorInfo } from "./types.js";

type Known = Pick<
  JobRecord<unknown>,
  "connection" | "workflow" | "id" | "token" | "snapshot" | "origin" | "replies" | "failures" | "unknownSince"
>;

const LATER = "The job may still go on at the vendor: resume it with the error's token";

/** The error for a job that has ended otherwise than well. */
export function endError(record: Known, state: JobState | "gone", cause: unknown): OuthaulError | undefined {
  const { snapshot } = record;
  const details = { vendor: record.connection.vendor, jobId: record.id, snapshot, cause };
  const what = name(record);
  const word = snapshot.rawStatus ? ` (${snapshot.rawStatus})` : "";
  const reason = snapshot.error ? `: ${reasonOf(snapshot.error)}` : "";
  switch (state) {
    case "failed":
      return new JobFailedError(`${what} failed at the vendor${word}${reason}. Start a new export`, details);
    case "cancelled":
      return new JobCancelledError(`${what} was cancelled${word}`, details);
    case "expired":
      return new JobExpiredError(
        `${what} has expired at the vendor${word}: its file is deleted. Start a new export`,
        details,
      );
    case "gone":
      return new JobGoneError(
        `${what} is not known to the vendor (any more). Check the account, or start a new export`,
        details,
      );
    default:
      return undefined;
  }
}

/** The error for a wait whose deadline has passed; `retryAt` where the vendor allows no request before. */
export function timeoutError(record: Known, now: number, retryAt?: Date): TimeoutError {
  const { polls, state, rawStatus } = record.snapshot;
  const elapsedMs = now - record.origin.createdAt;
  const replies = [...record.replies].map(([reply, count]) => `${reply}: ${count}`).join(", ");
  const word = rawStatus ? ` (${rawStatus})` : "";
  const next = retryAt ? `; the vendor allows the next poll at ${retryAt.toISOString()}` : "";
  return new TimeoutError(
    `${name(record)}: still ${state}${word} ${duration(elapsedMs)} after its creation and ${polls} polls${replies && ` (${replies})`}${next}. ${LATER}`,
    { ...live(record), elapsedMs, polls, retryAt },
  );
}

/** The error for a wait that bears no more failures or unknown words. */
export function impatience(
  record: Known,
  now: number,
  { failuresMs, unknownMs }: Required<Tolerance>,
): OuthaulError | undefined {
  const { failures, unknownSince } = record;
  if (failures && now - failures.since >= failuresMs) {
    const { error: cause, count } = failures;
    const what = `${name(record)}: its status could not be read for ${duration(now - failures.since)}`;
    return new PollFailedError(`${what} (${count} polls; last: ${cause.message}). ${LATER}`, {
      ...live(record),
      cause,
    });
  }
  if (unknownSince !== undefined && now - unknownSince >= unknownMs) {
    const { rawStatus = "" } = record.snapshot;
    const what = `${name(record)}: for ${duration(now - unknownSince)} the vendor has said "${rawStatus}"`;
    return new UnknownStatusError(`${what}, which its documents do not have. ${LATER}`, {
      ...live(record),
      rawStatus,
    });
  }
  return undefined;
}

/** Code and message, without the full stop that ends the vendor's sentence. */
function reasonOf({ code, message }: VendorErrorInfo): string {
  const text = message.replace(/[\s.]+$/, "");
  return code === undefined || text.includes(code) ? text : `${code}: ${text}`;
}

function live(record: Known) {
  return {
    vendor: record.connection.vendor,
    jobId: record.id,
    token: record.token,
    snapshot: record.snapshot,
  };
}

function name({ connection, workflow, id }: Known): string {
  return `${connection.vendor}: ${workflow.name} ${id}`;
}

function duration(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}
