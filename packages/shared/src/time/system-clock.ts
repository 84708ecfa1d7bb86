import type { Clock } from "./clock.js";

interface Timer {
  at: number;
  run: () => void;
  /** Its place in the heap; -1 when it is not there. */
  index: number;
}

/** The longest delay of a platform timer; a longer one would fire at once. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** A timer of the platform fires no earlier than this before its time, unless a test made it. */
const MAX_EARLY_MS = 50;

/**
 * The clock of the machine. All its timers share one timer of the platform: the due times stand in a heap, so that ten
 * thousand waiting jobs arm no more than one. It never runs backwards, whatever happens to the machine's time.
 */
export function createSystemClock(platform: typeof globalThis = globalThis): Clock {
  const heap: Timer[] = [];
  const origin = Date.now() - performance.now();
  /** How far timers are ahead of the clock, where a test has replaced the timers but not `performance`. */
  let skewMs = 0;
  const now = (): number => origin + performance.now() + skewMs;
  /** The platform's timer; in Node an object. */
  let armed:
    | { readonly timer: ReturnType<typeof setTimeout> | number; readonly at: number; readonly by: unknown }
    | undefined;
  let firing = false;

  function place(timer: Timer, from: number): void {
    let index = from;
    for (let parent = (index - 1) >> 1; index > 0; parent = (index - 1) >> 1) {
      const above = heap[parent] as Timer; // inside the heap by construction, as below
      if (above.at <= timer.at) break;
      heap[index] = above;
      above.index = index;
      index = parent;
    }
    for (let child = 2 * index + 1; child < heap.length; child = 2 * index + 1) {
      const right = heap[child + 1];
      if (right && right.at < (heap[child] as Timer).at) child++;
      const below = heap[child] as Timer;
      if (below.at >= timer.at) break;
      heap[index] = below;
      below.index = index;
      index = child;
    }
    heap[index] = timer;
    timer.index = index;
  }

  function remove(timer: Timer): void {
    const { index } = timer;
    timer.index = -1;
    const last = heap.pop();
    if (last && last !== timer) place(last, index);
  }

  /**
   * Sets the platform's timer for the first that is due. One that would fire too early is left as it is, and does not keep the process alive when there is nothing to
   * wait for: timers that come and go with each request need none of the platform's.
   */
  function arm(): void {
    if (firing) return;
    const first = heap[0];
    // A timer of before is not fired by a test that has replaced the timers since.
    if (armed?.by === platform.setTimeout && (!first || armed.at <= first.at)) {
      const { timer } = armed;
      if (typeof timer === "object") return void (first ? timer.ref() : timer.unref());
      if (first) return;
    }
    if (armed) platform.clearTimeout(armed.timer);
    armed = undefined;
    if (!first) return;
    const delayMs = Math.min(Math.max(Math.ceil(first.at - now()), 0), LONGEST_DELAY);
    armed = { timer: platform.setTimeout(fire, delayMs), at: now() + delayMs, by: platform.setTimeout };
  }

  /** Runs what is due, one by one: what a run clears is not run, and what one throws keeps no other from running. */
  function fire(): void {
    const earlyMs = (armed?.at ?? 0) - now();
    if (earlyMs > MAX_EARLY_MS) skewMs += earlyMs;
    armed = undefined;
    firing = true;
    const time = now();
    try {
      for (let first = heap[0]; first && first.at <= time; first = heap[0]) {
        remove(first);
        first.run();
      }
    } finally {
      firing = false;
      arm();
    }
  }

  return {
    now,
    setTimeout(run, delayMs) {
      const timer: Timer = { at: now() + delayMs, run, index: -1 };
      heap.push(timer);
      place(timer, heap.length - 1);
      if (timer.index === 0) arm();
      return timer;
    },
    clearTimeout(timer) {
      const known = timer as Timer; // made by setTimeout above
      if (!known || known.index < 0) return;
      const first = known.index === 0;
      remove(known);
      if (first) arm();
    },
  };
}
