import { OuthaulError, type OuthaulErrorDetails } from "../errors/outhaul-error.js";
import type { JobSnapshot } from "./types.js";

/** The vendor answered with an error. */
export class ApiError extends OuthaulError {
  override name = "ApiError";
  /** The HTTP status; 2xx where the vendor reports errors with one. */
  readonly status: number;
  /** The parsed body of the reply, or its text. Not enumerable: it is the vendor's and may hold anything. */
  declare readonly body: unknown;
  /** Whether the same request may succeed later (408, 425, 429, 5xx). */
  readonly isRetryable: boolean;

  constructor(
    message: string,
    details: OuthaulErrorDetails & { status?: number; body?: unknown; isRetryable?: boolean } = {},
  ) {
    const { status = 0, body, isRetryable = false, ...rest } = details;
    super(message, { code: "API_ERROR", ...rest });
    this.status = status;
    this.isRetryable = isRetryable;
    Object.defineProperty(this, "body", { value: body, enumerable: false });
  }
}

/** The vendor could not be reached, or the connection broke. */
export class ConnectionError extends OuthaulError {
  override name = "ConnectionError";
  /** `false` only where it is certain that no byte of the request has left this machine's side of the connection. */
  readonly requestSent: boolean;

  constructor(
    message: string,
    { requestSent = true, ...details }: OuthaulErrorDetails & { requestSent?: boolean } = {},
  ) {
    super(message, { code: "CONNECTION_ERROR", ...details });
    this.requestSent = requestSent;
  }
}

/** A reply without what the vendor's documents promise: no id, an unreadable body. */
export class ProtocolError extends OuthaulError {
  override name = "ProtocolError";
  override readonly code: string = "PROTOCOL_ERROR";
}

/** The reply to a create was lost, and the job could not be found: it may exist at the vendor. Look there before you start it again. */
export class CreateAmbiguousError extends OuthaulError {
  override name = "CreateAmbiguousError";
  override readonly code: string = "CREATE_AMBIGUOUS";
  readonly requestSent = true;
}

interface JobErrorDetails extends OuthaulErrorDetails {
  snapshot?: JobSnapshot | undefined;
}

class JobError extends OuthaulError {
  /** What was last heard of the job. Not enumerable, because it holds the vendor's reply. */
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

/** The deadline of a wait has passed. The job may go on: see `token`. */
export class TimeoutError extends JobError {
  override name = "TimeoutError";
  readonly elapsedMs: number;
  readonly polls: number;
  /** The earliest moment that the vendor allows the next poll at, where that is why the wait gave up early. */
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
