/**
 * The time that Outhaul waits by. Give one of your own in tests, so that a job of hours passes in milliseconds.
 */
export interface Clock {
  /** The time now, in milliseconds since the epoch. */
  now(): number;
  /** Runs `callback` once after `delayMs` milliseconds; what it returns is for {@link Clock.clearTimeout}. */
  setTimeout(callback: () => void, delayMs: number): unknown;
  /** Forgets a timer; without effect on one that has run. */
  clearTimeout(timer: unknown): void;
  /** A number from 0 to below 1, for jitter. @default Math.random */
  random?(): number;
}
