import { DownloadError } from "../errors/download-error.js";
import type { DownloadRetry } from "../file/options.js";
import type { FileRequests } from "./request.js";
import type { RetryableFailure } from "./retry.js";
import type { TransferState } from "./state.js";
import type { TransferTimeouts } from "./timeouts.js";

/** Decides whether another attempt follows a failed one. Bytes that came in between make all attempts new. */
export interface RetryPolicy {
  /** The pause before the next attempt, in milliseconds. @throws the failure's error if no attempt follows */
  pauseAfter(failure: RetryableFailure): number;
}

/**
 * Creates the policy when something first goes wrong. Most downloads load none.
 * @param canGoOn true if the rest of the file can be asked for
 */
export function createRetryPolicy(
  state: TransferState,
  requests: FileRequests,
  timeouts: TransferTimeouts,
  random: () => number,
  canGoOn: () => boolean,
): RetryPolicy {
  let failures = 0;
  let mostBytes = state.bytes;
  let digestFailed = false;

  /** True if the options, or the failure itself, leave no further attempt. */
  function isExhausted({ advice }: RetryableFailure, waitMs: number): boolean {
    const { attempts = 5, maxElapsedMs = Infinity, maxRetryAfterMs = 60_000 } = state.options.retry ?? {};
    const isInVain = advice.restart === "digestMismatch" && (digestFailed || !state.rewindable);
    return (
      isInVain ||
      !requests.isRepeatable() ||
      failures >= Math.min(attempts, advice.maxAttempts ?? attempts) ||
      (advice.afterMs ?? 0) > maxRetryAfterMs ||
      timeouts.elapsedMs + waitMs > maxElapsedMs
    );
  }

  /** @throws {@link DownloadError} `CANNOT_RESTART` if bytes are delivered and the file cannot go on behind them */
  function checkCanGoOn(error: DownloadError): void {
    if (!state.bytes || state.rewindable || canGoOn() || state.version?.etag) return;
    throw new DownloadError(
      "CANNOT_RESTART",
      `${error.message}; it cannot go on there, but ${state.bytes} bytes of it are delivered`,
      { cause: error },
    );
  }

  return {
    pauseAfter(failure) {
      const { error, advice } = failure;
      if (state.bytes > mostBytes) {
        mostBytes = state.bytes;
        failures = 0;
        state.renewed = false;
      }
      failures++;
      const backoff = () => advice.afterMs || backoffMs(failures, state.options.retry ?? {}, random);
      const waitMs = advice.immediately ? 0 : backoff();
      if (!requests.isRepeatable())
        error.message += "; not repeated, as it is not a GET: see retry.unsafeMethods";
      if (isExhausted(failure, waitMs)) {
        if (state.attempts > 1) error.message += ` (attempt ${state.attempts}, at byte ${state.bytes})`;
        throw error;
      }
      digestFailed ||= advice.restart === "digestMismatch";
      state.restartReason ??= advice.restart;
      checkCanGoOn(error);
      state.progress.emit({ type: "retry", attempt: state.attempts, waitMs, error });
      state.progress.report(state.bytes, state.version?.total, "retrying");
      return waitMs;
    },
  };
}

/** The pause after so many failures in a row: doubled each time, with jitter of up to half, so that many clients do not come back together. */
function backoffMs(
  failures: number,
  { minDelayMs = 500, maxDelayMs = 30_000 }: DownloadRetry,
  random: () => number,
): number {
  return Math.min(maxDelayMs, minDelayMs * 2 ** (failures - 1)) * (1 - random() / 2);
}
