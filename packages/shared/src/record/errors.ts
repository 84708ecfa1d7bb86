import { OuthaulError, type OuthaulErrorDetails } from "../errors/outhaul-error.js";
import type { JobSnapshot } from "./types.js";

/** The reply to a create was lost, and the job could not be found: it may exist at the vendor. Look there before you start it again. */
export class CreateAmbiguousError extends OuthaulError {
  override name = "CreateAmbiguousError";
  override readonly code: string = "CREATE_AMBIGUOUS";
  readonly requestSent = true;
}

interface JobErrorDetails extends OuthaulErrorDetails {
  snapshot?: JobSnapshot | undefined;
}

export class JobError extends OuthaulError {
  /** The last known state of the job. Not enumerable, because it holds the vendor's reply. */
  declare readonly snapshot?: JobSnapshot;
  constructor(message: string, { snapshot, ...details }: JobErrorDetails = {}) {
    super(message, details);
    Object.defineProperty(this, "snapshot", { value: snapshot, enumerable: false });
  }
}

/** The vendor says that the export has failed. It is never started again by itself. */
export class JobFailedError extends JobError {
  override name = "JobFailedError";
  override readonly code: string = "JOB_FAILED";
}

/** The export was cancelled, here or at the vendor. */
export class JobCancelledError extends JobError {
  override name = "JobCancelledError";
  override readonly code: string = "JOB_CANCELLED";
}

/** The vendor has deleted the finished export. Start a new one. */
export class JobExpiredError extends JobError {
  override name = "JobExpiredError";
  override readonly code: string = "JOB_EXPIRED";
}

/** The vendor does not know the job any more, or never did. */
export class JobGoneError extends JobError {
  override name = "JobGoneError";
  override readonly code: string = "JOB_GONE";
}

/** The vendor has answered for too long with a word that its documents do not have. The job may go on: see `token`. */
export class UnknownStatusError extends JobError {
  override name = "UnknownStatusError";
  declare readonly rawStatus?: string;
  constructor(message: string, details: JobErrorDetails & { rawStatus?: string } = {}) {
    super(message, { code: "UNKNOWN_STATUS", ...details });
  }
}

/** The status could not be asked for too long. The job may go on: see `token`. */
export class PollFailedError extends JobError {
  override name = "PollFailedError";
  override readonly code: string = "POLL_FAILED";
}

/** The deadline of a wait has passed; the job may go on: see `token`. Or the vendor's limits let a start not go in its time; then nothing was sent. */
export class TimeoutError extends JobError {
  override name = "TimeoutError";
  readonly elapsedMs: number;
  readonly polls: number;
  /** The earliest moment that the vendor allows the next request at, where that is why the wait or the start gave up. */
  declare readonly retryAt?: Date;
  constructor(
    message: string,
    {
      elapsedMs = 0,
      polls = 0,
      ...details
    }: JobErrorDetails & { elapsedMs?: number; polls?: number; retryAt?: Date | undefined } = {},
  ) {
    super(message, { code: "TIMEOUT", ...details });
    this.elapsedMs = elapsedMs;
    this.polls = polls;
  }
}

/** A resume token that this client cannot use: altered, of another vendor, account or version. The token is not repeated here. */
export class ResumeTokenError extends OuthaulError {
  override name = "ResumeTokenError";
  override readonly code: string = "RESUME_TOKEN";
}

/** What was asked for is impossible at this vendor or on this platform. */
export class UnsupportedError extends OuthaulError {
  override name = "UnsupportedError";
  override readonly code: string = "UNSUPPORTED";
}
