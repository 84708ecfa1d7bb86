import type { Clock } from "./clock.js";

/** Why a request is sent. Polls give way to everything else. */
export type RequestKind = "create" | "cancel" | "call" | "download" | "poll";

/**
 * Decides when a request may go. The client's own keeps one account's limits inside one process; give one of yours where several processes share an account.
 */
export interface RateLimiter {
  /**
   * Settles when the request may be sent; rejects with `signal.reason`. What it gives is to be called once, when the reply has come.
   */
  acquire(request: {
    kind: RequestKind;
    signal?: AbortSignal | undefined;
  }): (() => void) | Promise<() => void>;
  /** Hears every reply, so that it can obey what the vendor says about its limits. */
  observe?(reply: { status: number; headers: Headers; retryAfterMs?: number | undefined }): void;
}

/** The limits of one account at a vendor. */
export interface RateLimits {
  /** At most `quota` requests in any `windowMs` milliseconds; all of them hold together. */
  readonly quotas?: readonly { readonly quota: number; readonly windowMs: number }[];
  /** How many requests may be open at once. */
  readonly maxConcurrent?: number;
}

interface Waiting {
  kind: RequestKind;
  go: (release: () => void) => void;
}

/** The part of a quota that polls may use, so that creates and downloads never starve. */
const POLL_SHARE = 0.8;

/** Keeps the limits within this process, by sliding windows over the moments at which requests were sent. */
export function createRateLimiter(
  { quotas = [], maxConcurrent = Infinity }: RateLimits,
  clock: Clock,
): RateLimiter {
  const all = quotas.map(({ quota, windowMs }) => slidingWindow(quota, windowMs));
  const polls = quotas.map(({ quota, windowMs }) =>
    slidingWindow(Math.max(1, Math.floor(quota * POLL_SHARE)), windowMs),
  );
  const longestWindowMs = Math.max(10_000, ...quotas.map(({ windowMs }) => windowMs));
  const urgent: Waiting[] = [];
  const patient: Waiting[] = [];
  let open = 0;
  let pausedUntil = 0;
  let timer: unknown;

  const windowsOf = (kind: RequestKind) => (kind === "poll" ? [...all, ...polls] : all);
  const freeAt = (kind: RequestKind): number => {
    if (open >= maxConcurrent) return Infinity;
    let at = pausedUntil;
    for (const window of windowsOf(kind)) at = Math.max(at, window.freeAt());
    return at;
  };

  function take(kind: RequestKind, now: number): () => void {
    for (const window of windowsOf(kind)) window.add(now);
    open++;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      open--;
      pump();
    };
  }

  function pump(): void {
    clock.clearTimeout(timer);
    timer = undefined;
    for (const queue of [urgent, patient]) {
      for (let first = queue[0]; first; first = queue[0]) {
        const now = clock.now();
        const at = freeAt(first.kind);
        if (at > now) {
          if (at < Infinity) {
            timer = clock.setTimeout(pump, at - now);
          }
          return;
        }
        queue.shift();
        first.go(take(first.kind, now));
      }
    }
  }

  return {
    acquire({ kind, signal }) {
      const now = clock.now();
      const queue = kind === "poll" ? patient : urgent;
      const behind = urgent.length + (kind === "poll" ? patient.length : 0);
      if (behind === 0 && freeAt(kind) <= now) return take(kind, now);
      return new Promise((resolve, reject) => {
        const entry: Waiting = {
          kind,
          go(release) {
            signal?.removeEventListener("abort", abort);
            resolve(release);
          },
        };
        const abort = () => {
          queue.splice(queue.indexOf(entry), 1);
          reject(signal?.reason);
          pump();
        };
        signal?.addEventListener("abort", abort, { once: true });
        queue.push(entry);
        pump();
      });
    },
    observe({ status, headers, retryAfterMs }) {
      const now = clock.now();
      if (status === 429) {
        // Without a usable Retry-After the longest window has passed before the vendor counts anew. A negative one speaks of requests open at once: one of ours has to end.
        const pauseMs = retryAfterMs ?? (Number(headers.get("retry-after")) < 0 ? 1000 : longestWindowMs);
        pausedUntil = Math.max(pausedUntil, now + pauseMs);
      }
    },
  };
}

/** At most `quota` moments in any `windowMs` milliseconds: the next is free when the one `quota` before it has left the window. */
function slidingWindow(quota: number, windowMs: number): { freeAt(): number; add(now: number): void } {
  const sent: number[] = [];
  let oldest = 0;
  return {
    freeAt: () => (sent.length < quota ? 0 : (sent[oldest] as number) + windowMs), // full, so that the slot is set
    add(now) {
      sent[oldest] = now;
      oldest = (oldest + 1) % quota;
    },
  };
}
