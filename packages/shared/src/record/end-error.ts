import type { OuthaulError } from "../errors/outhaul-error.js";
import { short } from "../errors/text.js";
import { JobCancelledError, JobExpiredError, JobFailedError, JobGoneError } from "./errors.js";
import type { JobSnapshot, JobState, VendorErrorInfo } from "./types.js";

/** The job that an error is about. */
export interface ErrorSubject {
  readonly vendor: string;
  /** The workflow's name. */
  readonly workflow: string;
  readonly id: string;
  readonly snapshot: JobSnapshot;
}

/** The error for a job that has ended otherwise than well. */
export function endError(
  subject: ErrorSubject,
  state: JobState | "gone",
  cause: unknown,
): OuthaulError | undefined {
  const { vendor, id, snapshot } = subject;
  const details = { vendor, jobId: id, snapshot, cause };
  const name = describeJob(subject);
  const word = snapshot.rawStatus ? ` (${snapshot.rawStatus})` : "";
  switch (state) {
    case "failed": {
      const reason = snapshot.error ? `: ${reasonOf(snapshot.error)}` : "";
      return new JobFailedError(`${name} failed at the vendor${word}${reason}. Start a new export`, details);
    }
    case "cancelled":
      return new JobCancelledError(`${name} was cancelled${word}`, details);
    case "expired":
      return new JobExpiredError(
        `${name} has expired at the vendor${word}: its file is deleted. Start a new export`,
        details,
      );
    case "gone":
      return new JobGoneError(
        `${name} is not known to the vendor (any more). Check the account, or start a new export`,
        details,
      );
    default:
      return undefined;
  }
}

/** The job as messages name it. */
export function describeJob({ vendor, workflow, id }: ErrorSubject): string {
  return `${vendor}: ${workflow} ${short(id)}`;
}

/** Code and message, without the full stop that ends the vendor's sentence. */
function reasonOf({ code, message }: VendorErrorInfo): string {
  const text = message.replace(/[\s.]+$/, "");
  return code === undefined || text.includes(code) ? text : `${code}: ${text}`;
}
