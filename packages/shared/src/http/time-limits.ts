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

/** The time limits of a client's requests. */
export interface TimeLimits {
  /** A limit for one request, exact to the millisecond, which the abort of `given` reaches, too. Calls `onReached` in the same tick. */
  own(timeoutMs: number, given: AbortSignal | undefined, onReached: (reason: unknown) => void): TimeLimit;
  /**
   * A limit that requests share which begin at about the same time: a signal for each would cost more than the rest of a request does.
   * It is reached up to a sixteenth of the time later.
   */
  shared(onReached: (reason: unknown) => void): TimeLimit;
}

/** The requests that began in a stretch of time. They end together, when the last of them has had its time. */
interface Batch {
  readonly controller: AbortController;
  readonly endsAt: number;
  readonly listeners: Set<(reason: unknown) => void>;
  size: number;
  timer?: unknown;
}

/** How many requests share a limit at most: each may leave a listener on the signal until it is collected. */
const MAX_SHARED = 500;

/** @param timeoutMs the time of the shared limits */
export function createTimeLimits(clock: Clock, timeoutMs: number): TimeLimits {
  let current: Batch | undefined;

  function batchAt(now: number): Batch {
    if (!current || now >= current.endsAt || current.size >= MAX_SHARED) {
      const endsAt = now + timeoutMs / 16;
      current = { controller: new AbortController(), endsAt, listeners: new Set(), size: 0 };
    }
    current.size++;
    return current;
  }

  function end(batch: Batch): void {
    if (current === batch) current = undefined;
    const reason = new RequestTimedOut(timeoutMs);
    batch.controller.abort(reason);
    for (const onReached of batch.listeners) onReached(reason);
  }

  return {
    own(ms, given, onReached) {
      const controller = new AbortController();
      const stop = (reason: unknown) => {
        controller.abort(reason);
        onReached(reason);
      };
      const timer = clock.setTimeout(() => stop(new RequestTimedOut(ms)), ms);
      const removeListener = onAbort(given, stop);
      return {
        signal: controller.signal,
        end() {
          clock.clearTimeout(timer);
          removeListener();
        },
      };
    },
    shared(onReached) {
      const now = clock.now();
      const batch = batchAt(now);
      const { controller, listeners, endsAt } = batch;
      if (listeners.size === 0) batch.timer = clock.setTimeout(() => end(batch), endsAt - now + timeoutMs);
      listeners.add(onReached);
      return {
        signal: controller.signal,
        end() {
          listeners.delete(onReached);
          if (listeners.size === 0) clock.clearTimeout(batch.timer);
        },
      };
    },
  };
}
