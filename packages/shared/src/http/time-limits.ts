import { TimedOut } from "../errors/failure.js";
import type { Clock } from "../time/clock.js";

/** What ends a request that takes too long, or that nobody wants any more. */
export interface TimeLimit {
  /** Aborted at the end of the time. */
  readonly signal: AbortSignal;
  /** The request is over: its limit is not needed any more. */
  over(): void;
}

export interface TimeLimits {
  /** A limit of its own, to the millisecond, that is reached by the abort of `given`, too. `stop` is called in the same tick. */
  own(timeoutMs: number, given: AbortSignal | undefined, stop: (reason: unknown) => void): TimeLimit;
  /**
   * A limit that requests share which begin at about the same time: a signal for each would cost more than the rest of a request does.
   * It is reached up to a sixteenth of the time later.
   */
  shared(stop: (reason: unknown) => void): TimeLimit;
}

/** The requests that began in a stretch of time. They are cut together, when the last of them has had its time. */
interface Stretch {
  readonly controller: AbortController;
  readonly endsAt: number;
  readonly stops: Set<(reason: unknown) => void>;
  begun: number;
  timer?: unknown;
}

/** How many requests share a limit at most: each may leave a listener on the signal until it is collected. */
const MAX_SHARED = 500;

/** @param timeoutMs of the shared limits */
export function createTimeLimits(clock: Clock, timeoutMs: number): TimeLimits {
  let current: Stretch | undefined;

  function stretchAt(now: number): Stretch {
    if (!current || now >= current.endsAt || current.begun >= MAX_SHARED) {
      const endsAt = now + timeoutMs / 16;
      current = { controller: new AbortController(), endsAt, stops: new Set(), begun: 0 };
    }
    current.begun++;
    return current;
  }

  return {
    own(ms, given, stop) {
      const controller = new AbortController();
      const end = (reason: unknown) => {
        controller.abort(reason);
        stop(reason);
      };
      const abort = () => end(given?.reason);
      const timer = clock.setTimeout(() => end(new TimedOut(ms)), ms);
      given?.addEventListener("abort", abort, { once: true });
      return {
        signal: controller.signal,
        over() {
          clock.clearTimeout(timer);
          given?.removeEventListener("abort", abort);
        },
      };
    },
    shared(stop) {
      const now = clock.now();
      const stretch = stretchAt(now);
      const { controller, stops, endsAt } = stretch;
      if (stops.size === 0) {
        stretch.timer = clock.setTimeout(
          () => {
            if (current === stretch) current = undefined;
            const reason = new TimedOut(timeoutMs);
            controller.abort(reason);
            for (const each of stops) each(reason);
          },
          endsAt - now + timeoutMs,
        );
      }
      stops.add(stop);
      return {
        signal: controller.signal,
        over() {
          stops.delete(stop);
          if (stops.size === 0) clock.clearTimeout(stretch.timer);
        },
      };
    },
  };
}
