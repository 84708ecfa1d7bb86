import type { Clock } from "../time/clock.js";

/** For the tests: a clock that stands still, except that pauses up to `skipMs` pass at once. */
export interface TestClock extends Clock {
  /** The pauses that were skipped. */
  readonly waits: number[];
  /** How many timers are armed. */
  readonly armed: number;
  advance(ms: number): void;
}

export function testClock(skipMs = 20_000): TestClock {
  let now = Date.UTC(2026, 0, 1);
  let armed: { at: number; run: () => void }[] = [];
  const waits: number[] = [];
  return {
    waits,
    get armed() {
      return armed.length;
    },
    now: () => now,
    setTimeout(run, delayMs) {
      const timer = { at: now + delayMs, run };
      armed.push(timer);
      if (delayMs <= skipMs) {
        setImmediate(() => {
          if (!armed.includes(timer)) return;
          armed = armed.filter((other) => other !== timer);
          waits.push(delayMs);
          now = Math.max(now, timer.at);
          run();
        });
      }
      return timer;
    },
    clearTimeout(timer) {
      armed = armed.filter((other) => other !== timer);
    },
    advance(ms) {
      now += ms;
      const due = armed.filter(({ at }) => at <= now);
      armed = armed.filter(({ at }) => at > now);
      for (const timer of due) timer.run();
    },
  };
}
