import type { Clock } from "./clock.js";

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  #now: number;
  #timers: { at: number; run: () => void }[] = [];
  /** What `random` gives; 0.5 means no jitter. */
  randomValue = 0.5;

  constructor(readonly origin = Date.UTC(2026, 0, 1)) {
    this.#now = origin;
  }

  now(): number {
    return this.#now;
  }

  random(): number {
    return this.randomValue;
  }

  setTimeout(run: () => void, delayMs: number): unknown {
    if (!(delayMs >= 0 && delayMs <= 2 ** 53)) throw new RangeError(`setTimeout with ${delayMs}`);
    const timer = { at: this.#now + delayMs, run };
    this.#timers.push(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers = this.#timers.filter((other) => other !== timer);
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
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.clearTimeout(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await this.flush();
    }
    this.#now = until;
    await this.flush();
  }

  /** Lets time pass until the promise has settled. */
  async settle<T>(promise: Promise<T>, limitSeconds = 200_000): Promise<T> {
    let settled = false;
    promise.then(
      () => (settled = true),
      () => (settled = true),
    );
    await this.flush();
    const limit = this.#now + limitSeconds * 1000;
    while (!settled) {
      const next = this.#timers.slice().sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > limit)
        throw new Error(`nothing more happens at ${this.seconds} s, and the promise is pending`);
      this.clearTimeout(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await this.flush();
    }
    return promise;
  }
}
