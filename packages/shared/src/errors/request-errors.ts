import { OuthaulError, type OuthaulErrorDetails } from "./outhaul-error.js";

/** The vendor answered with an error. */
export class ApiError extends OuthaulError {
  override name = "ApiError";
  /** The HTTP status; 2xx where the vendor reports errors with one. */
  readonly status: number;
  /** The parsed body of the reply, or its text. Not enumerable: it is the vendor's and may hold anything. */
  declare readonly body: unknown;
  /** True if the same request may succeed later (408, 425, 429, 5xx). */
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
