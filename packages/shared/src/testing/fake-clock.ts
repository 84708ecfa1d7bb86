import type { Clock } from "../time/clock.js";

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  #now: number;
  /** In the order of the due times. */
  readonly #timers: Timer[] = [];
  /** What `random` gives; 0.5 means no jitter. */
  random: () => number = () => 0.5;

  constructor(readonly origin = Date.UTC(2026, 0, 1)) {
    this.#now = origin;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(run: () => void, delayMs: number): unknown {
    if (!(delayMs >= 0 && delayMs <= 2 ** 53)) throw new RangeError(`setTimeout with ${delayMs}`);
    const timer = { at: this.#now + delayMs, run };
    this.#timers.splice(this.#after(timer.at), 0, timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    const known = timer as Timer | undefined; // made by setTimeout above
    if (!known) return;
    for (let index = this.#after(known.at) - 1; this.#timers[index]?.at === known.at; index--)
      if (this.#timers[index] === known) this.#timers.splice(index, 1);
  }

  /** How many timers are armed. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Seconds since the start. */
  get seconds(): number {
    return (this.#now - this.origin) / 1000;
  }

  /** Lets everything happen that needs no time. */
  async flush(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Lets `seconds` pass, timer by timer. */
  async advance(seconds: number): Promise<void> {
    const until = this.#now + seconds * 1000;
    await this.flush();
    while (this.#runNext(until)) await this.flush();
    this.#now = Math.max(this.#now, until);
    await this.flush();
  }

  /** Lets time pass as for a machine that sleeps: what was due runs late, after waking. */
  async sleepThrough(seconds: number): Promise<void> {
    this.#now += seconds * 1000;
    while (this.#runNext(this.#now));
  }

  /** Lets time pass until the promise has settled. */
  async settle<T>(promise: Promise<T>, limitSeconds = 200_000): Promise<T> {
    let settled = false;
    const done = () => {
      settled = true;
    };
    promise.then(done, done);
    await this.flush();
    const limit = this.#now + limitSeconds * 1000;
    while (!settled) {
      if (!this.#runNext(limit))
        throw new Error(`nothing more happens at ${this.seconds} s, and the promise is pending`);
      await this.flush();
    }
    return promise;
  }

  #runNext(until: number): boolean {
    const next = this.#timers[0];
    if (!next || next.at > until) return false;
    this.#timers.shift();
    this.#now = Math.max(this.#now, next.at);
    next.run();
    return true;
  }

  /** How many timers are due at this moment or before. */
  #after(at: number): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#timers[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Random numbers that are the same in every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
