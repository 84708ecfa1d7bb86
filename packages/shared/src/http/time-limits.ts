import { RequestTimedOut } from "../errors/failure.js";
import type { Clock } from "../time/clock.js";
import { onAbort } from "../time/on-abort.js";

/** What ends a request that takes too long, or that nobody waits for any more. */
export interface TimeLimit {
  /** Aborted at the end of the time. */
  readonly signal: AbortSignal;
  /** Called when the request is over, so that no timer and no listener is left. */
  end(): void;
}

/** Limits one request, exact to the millisecond; the abort of `given` reaches it, too. Calls `onReached` in the same tick. */
export function limitTime(
  clock: Clock,
  timeoutMs: number,
  given: AbortSignal | undefined,
  onReached: (reason: unknown) => void,
): TimeLimit {
  const controller = new AbortController();
  const stop = (reason: unknown) => {
    controller.abort(reason);
    onReached(reason);
  };
  const timer = clock.setTimeout(() => stop(new RequestTimedOut(timeoutMs)), timeoutMs);
  const removeListener = onAbort(given, stop);
  return {
    signal: controller.signal,
    end() {
      clock.clearTimeout(timer);
      removeListener();
    },
  };
}
