import { abortable } from "../time/abortable.js";
import type { Clock } from "../time/clock.js";

/** How often a wait is told of: one of hours must not look hung. */
const HEARTBEAT_MS = 60_000;

/** A wait that is told of when it begins and every minute, and that others can wake. */
export class ToldWait {
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  #tellAt = 0;
  /** Lets a wait that is under way look again. */
  wake: () => void = () => {};

  constructor(clock: Clock, signal: AbortSignal | undefined) {
    this.#clock = clock;
    this.#signal = signal;
  }

  /**
   * Waits until a moment, until it is woken or until it has to be told of again; rejects with `signal.reason` in the tick of the abort.
   * @param tell returns false if there is nothing to tell yet
   */
  async until(at: number, tell: () => boolean): Promise<void> {
    const now = this.#clock.now();
    if (now >= this.#tellAt && tell()) this.#tellAt = now + HEARTBEAT_MS;
    const lookAt = this.#tellAt > now ? this.#tellAt : now + HEARTBEAT_MS;
    let timer: unknown;
    const waited = new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = this.#clock.setTimeout(resolve, Math.max(Math.min(at, lookAt) - now, 0));
    });
    await abortable(waited, this.#signal).finally(() => this.#clock.clearTimeout(timer));
  }
}
/** The option of a start that may have to wait for long, and what it may be. */
export const START_TIMEOUT = { timeoutMs: "number" };
