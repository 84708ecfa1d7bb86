import { RequestTimedOut } from "../errors/failure.js";
import type { Clock } from "../time/clock.js";
import type { TimeLimit } from "./time-limits.js";

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

/**
 * Makes limits that requests share which begin at about the same time: a signal for each would cost more than the rest of a request does.
 * A limit is reached up to a sixteenth of the time later.
 */
export function createSharedTimeLimits(
  clock: Clock,
  timeoutMs: number,
): (onReached: (reason: unknown) => void) => TimeLimit {
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

  return (onReached) => {
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
  };
}
