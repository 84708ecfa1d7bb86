import { platform } from "#platform";
import { DownloadError } from "../errors/download-error.js";
import { errorCode } from "../errors/failure.js";
import type { RestartReason } from "../file/options.js";
import { showUrl } from "../http/show-url.js";

/** How the next attempt after a failure differs from the usual one. */
export interface RetryAdvice {
  /** How long the server asks to wait. */
  readonly afterMs?: number | undefined;
  /** The most attempts, where the usual number would be in vain. */
  readonly maxAttempts?: number | undefined;
  /** True if no pause is needed, because nothing is wrong with the server. */
  readonly immediately?: boolean;
  /** Ask for the whole file, not for the rest, for this reason. */
  readonly restart?: RestartReason;
}

/** A failed attempt that another one may mend; thrown inside the engine only. */
export class RetryableFailure {
  constructor(
    /** The error that the download ends with if no attempt is left. */
    readonly error: DownloadError,
    readonly advice: RetryAdvice = {},
  ) {}
}

/** True if the same request may succeed after this status. RFC 9110 §15; 52x are Cloudflare's. */
export function isTransientStatus(status: number): boolean {
  return /^(408|425|429|50[0234]|52[0-4])$/.test(String(status));
}

/** The failure of a request without a reply, or in the middle of one. */
export function connectionFailure(
  url: URL,
  cause: unknown,
  redact: (text: string) => string = String,
  what = "did not answer",
): RetryableFailure | DownloadError {
  const code = errorCode(cause) ?? "";
  const error = new DownloadError("INCOMPLETE", `download: ${showUrl(url)} ${what}${code && ` (${code})`}`, {
    cause: platform.cleanCause?.(cause, redact),
  });
  if (platform.permanent?.test(code)) return error;
  return new RetryableFailure(error, { maxAttempts: code === "ENOTFOUND" ? 2 : undefined });
}
