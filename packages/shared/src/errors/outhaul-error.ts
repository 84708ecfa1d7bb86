import { withoutUndefined } from "./without-undefined.js";

const MARK = Symbol.for("outhaul.error");

/** What an {@link OuthaulError} knows beside its message. */
export interface OuthaulErrorDetails {
  code?: string | undefined;
  vendor?: string | undefined;
  jobId?: string | undefined;
  token?: string | undefined;
  retryAfterMs?: number | undefined;
  requestId?: string | undefined;
  cause?: unknown;
}

/**
 * The base of every error that Outhaul makes. The message says what failed, on what, and what to do; neither it nor any
 * other enumerable property holds a secret, a URL's query or more than 200 characters of a reply.
 */
export class OuthaulError extends Error {
  override name = "OuthaulError";
  /** A word for programs, such as `API_ERROR` or `JOB_FAILED`; the messages may change, the codes do not. */
  readonly code: string = "OUTHAUL_ERROR";
  /** The vendor whose job or request it was. */
  declare readonly vendor?: string;
  /** The vendor's id of the job. */
  declare readonly jobId?: string;
  /** Set when a live job is left behind: `client.resume(token)` goes on with it. */
  declare readonly token?: string;
  /** How long the vendor asked to wait before the next request, in milliseconds. */
  declare readonly retryAfterMs?: number;
  /** The vendor's id of the failed request, for its support. */
  declare readonly requestId?: string;

  constructor(message: string, { cause, ...details }: OuthaulErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, withoutUndefined(details));
    Object.defineProperty(this, MARK, { value: true });
  }

  /**
   * Like `instanceof`, and true as well for an error made by another copy of this package.
   * @example if (JobFailedError.isInstance(error)) console.error(error.token);
   */
  static isInstance<T extends OuthaulError>(this: new (...args: never[]) => T, value: unknown): value is T {
    if (value instanceof this) return true;
    if (typeof value !== "object" || value === null || !(MARK in value)) return false;
    const name = new (this as unknown as new (message: string) => T)("").name; // the class is only known as a constructor here
    return name === "OuthaulError" || (value as { name?: unknown }).name === name;
  }
}
