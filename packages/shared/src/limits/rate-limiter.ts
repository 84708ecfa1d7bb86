import type { Clock } from "../time/clock.js";
import { onAbort } from "../time/on-abort.js";
import { readAllowance } from "./rate-limit-headers.js";
import { type SlidingWindow, slidingWindow } from "./sliding-window.js";

/** Why a request is sent. Polls give way to everything else. */
export type RequestKind = "create" | "cancel" | "call" | "download" | "poll";

/**
 * Decides when a request may go. The client's own keeps one account's limits inside one process; give one of yours where several processes share an account.
 */
export interface RateLimiter {
  /**
   * Settles when the request may be sent; rejects with `signal.reason`. Call the function that it returns once, when the reply has come.
   */
  acquire(request: {
    kind: RequestKind;
    signal?: AbortSignal | undefined;
    /** Method and path, as the vendor's documents write them: `POST /reports`. */
    operation?: string | undefined;
  }): (() => void) | Promise<() => void>;
  /** Called with every reply, so that it can obey what the vendor says about its limits. */
  observe?(reply: {
    status: number;
    headers: Headers;
    retryAfterMs?: number | undefined;
    /** What the reply is to: `POST /reports`. */
    operation?: string | undefined;
  }): void;
}

/** The limits of one account at a vendor. */
export interface RateLimits {
  /** At most `quota` requests in any `windowMs` milliseconds; all of them hold together. */
  readonly quotas?: readonly { readonly quota: number; readonly windowMs: number }[];
  /** How many requests may be open at once. */
  readonly maxConcurrent?: number;
}

interface QueuedRequest {
  readonly kind: RequestKind;
  start(release: () => void): void;
}

/** The part of every limit that polls may use, so that creates, cancels and downloads never starve. */
const POLL_SHARE = 0.8;
/** The vendor counts when requests arrive: one may be on its way longer than the next by this much. */
export const TRANSIT_MS = 200;
/** How long a reply can hold requests back at most: after that the vendor is asked again, and its answer is the caller's. */
export const MAX_HOLD_MS = 300_000;
/** How long a 429 holds requests back at least if it says nothing. */
const MIN_PAUSE_MS = 10_000;

/** Keeps the limits within this process, by sliding windows over the moments at which requests were sent. */
export function createRateLimiter(limits: RateLimits, clock: Clock): RateLimiter {
  return new SlidingWindowLimiter(limits, clock);
}

class SlidingWindowLimiter implements RateLimiter {
  readonly #clock: Clock;
  readonly #maxConcurrent: number;
  /** Over all requests. */
  readonly #windows: readonly SlidingWindow[];
  /** Over polls alone. */
  readonly #pollWindows: readonly SlidingWindow[];
  readonly #longestWindowMs: number;
  /** Everything but polls. */
  readonly #urgent: QueuedRequest[] = [];
  readonly #polls: QueuedRequest[] = [];
  #open = 0;
  #openPolls = 0;
  #openDownloads = 0;
  /** Set by a 429. */
  #pausedUntil = 0;
  /** How many requests the vendor says are left, and until when that holds. */
  #remaining = 0;
  #remainingUntil = 0;
  #lastPollAt = 0;
  #timer: unknown;

  constructor({ quotas = [], maxConcurrent = Infinity }: RateLimits, clock: Clock) {
    this.#clock = clock;
    this.#maxConcurrent = maxConcurrent;
    this.#windows = quotas.map(({ quota, windowMs }) => slidingWindow(quota, windowMs + TRANSIT_MS));
    this.#pollWindows = quotas.map(({ quota, windowMs }) =>
      slidingWindow(pollShare(quota), windowMs + TRANSIT_MS),
    );
    this.#longestWindowMs = Math.max(MIN_PAUSE_MS, ...quotas.map(({ windowMs }) => windowMs));
  }

  acquire({ kind, signal }: Parameters<RateLimiter["acquire"]>[0]): (() => void) | Promise<() => void> {
    const now = this.#clock.now();
    const queue = kind === "poll" ? this.#polls : this.#urgent;
    const ahead = this.#urgent.length + (kind === "poll" ? this.#polls.length : 0);
    if (ahead === 0 && !signal?.aborted && this.freeAt(kind, now) <= now) return this.#start(kind, now);
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const request: QueuedRequest = {
        kind,
        start(release) {
          removeListener();
          resolve(release);
        },
      };
      const removeListener = onAbort(signal, (reason) => {
        queue.splice(queue.indexOf(request), 1);
        reject(reason);
        this.#startQueued();
      });
      queue.push(request);
      this.#startQueued();
    });
  }

  observe({ status, headers, retryAfterMs }: Parameters<NonNullable<RateLimiter["observe"]>>[0]): void {
    const now = this.#clock.now();
    const allowance = readAllowance(headers, this.#clock);
    if (status === 429) {
      const resetMs = allowance?.left === 0 ? allowance.resetMs : undefined;
      const pauseMs = retryAfterMs ?? resetMs ?? this.#defaultPauseMs(headers);
      this.#pausedUntil = Math.max(this.#pausedUntil, now + Math.min(pauseMs, MAX_HOLD_MS));
    } else if (allowance) {
      // The vendor may not have counted those that are under way; this reply's own is none of them.
      this.#remaining = allowance.left - Math.max(this.#open - this.#openDownloads - 1, 0);
      const hintMs = allowance.left === 0 ? retryAfterMs : undefined;
      const resetMs = hintMs ?? allowance.resetMs ?? this.#longestWindowMs;
      this.#remainingUntil = now + Math.min(resetMs, MAX_HOLD_MS);
    }
    if (this.#urgent.length || this.#polls.length) this.#startQueued();
  }

  /**
   * How long to wait after a 429 that does not say: until the longest window has passed. A negative Retry-After means too many requests at once:
   * one of ours has to end.
   */
  #defaultPauseMs(headers: Headers): number {
    return Number(headers.get("retry-after")) < 0 ? 1000 : this.#longestWindowMs;
  }

  /** From when on a request of this kind may start; Infinity while another one has to end first. */
  freeAt(kind: RequestKind, now: number): number {
    if (this.#open >= this.#maxConcurrent) return Infinity;
    let at = this.#remaining > 0 ? this.#pausedUntil : Math.max(this.#pausedUntil, this.#remainingUntil);
    for (const window of this.#windows) at = Math.max(at, window.freeAt());
    if (kind !== "poll") return at;
    if (this.#openPolls >= pollShare(this.#maxConcurrent)) return Infinity;
    for (const window of this.#pollWindows) {
      at = Math.max(at, window.freeAt());
      // If more polls are due than fit, they are spread evenly, and each job has its turn at the same distance.
      if (window.freeAt(this.#polls.length) > now) at = Math.max(at, this.#lastPollAt + window.spacingMs);
    }
    return at;
  }

  /** Counts a request that starts now; returns the function that ends it. */
  #start(kind: RequestKind, now: number): () => void {
    for (const window of this.#windows) window.add(now);
    if (kind === "poll") {
      for (const window of this.#pollWindows) window.add(now);
      this.#lastPollAt = now;
    }
    this.#remaining--;
    this.#count(kind, 1);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#count(kind, -1);
      this.#startQueued();
    };
  }

  #count(kind: RequestKind, change: 1 | -1): void {
    this.#open += change;
    if (kind === "poll") this.#openPolls += change;
    if (kind === "download") this.#openDownloads += change;
  }

  /** Starts the queued requests that may go now, the urgent ones first, and sets a timer for the next one. */
  #startQueued(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    for (;;) {
      const queue = this.#urgent.length ? this.#urgent : this.#polls;
      const first = queue[0];
      if (!first) return;
      const now = this.#clock.now();
      const at = this.freeAt(first.kind, now);
      if (at > now) {
        if (at < Infinity) this.#timer = this.#clock.setTimeout(() => this.#startQueued(), at - now);
        return;
      }
      queue.shift();
      first.start(this.#start(first.kind, now));
    }
  }
}

function pollShare(limit: number): number {
  return Math.max(1, Math.floor(limit * POLL_SHARE));
}
