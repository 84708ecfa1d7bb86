import type { Clock } from "../time/clock.js";
import { readAllowance } from "./rate-limit-headers.js";
import { slidingWindow } from "./sliding-window.js";

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

/** The part of every limit that polls may use, so that creates, cancels and downloads never starve. */
const POLL_SHARE = 0.8;
/** The vendor counts when requests arrive: one may take longer than the next by this much. */
const TRANSIT_MS = 200;
/** How long what a vendor says of its limits in a reply that is no refusal can hold requests back at most. */
const LONGEST_HOLD_MS = 300_000;

/** Keeps the limits within this process, by sliding windows over the moments at which requests were sent. */
export function createRateLimiter(
  { quotas = [], maxConcurrent = Infinity }: RateLimits,
  clock: Clock,
): RateLimiter {
  const share = (limit: number) => Math.max(1, Math.floor(limit * POLL_SHARE));
  const all = quotas.map(({ quota, windowMs }) => slidingWindow(quota, windowMs + TRANSIT_MS));
  const polls = quotas.map(({ quota, windowMs }) => slidingWindow(share(quota), windowMs + TRANSIT_MS));
  const longestWindowMs = Math.max(10_000, ...quotas.map(({ windowMs }) => windowMs));
  const urgent: Waiting[] = [];
  const patient: Waiting[] = [];
  const open = { all: 0, polls: 0, downloads: 0 };
  let pausedUntil = 0;
  let left = 0;
  let leftUntil = 0;
  let lastPollAt = 0;
  let timer: unknown;

  function freeAt(kind: RequestKind, now: number): number {
    if (open.all >= maxConcurrent) return Infinity;
    let at = left > 0 ? pausedUntil : Math.max(pausedUntil, leftUntil);
    for (const window of all) at = Math.max(at, window.freeAt());
    if (kind !== "poll") return at;
    if (open.polls >= share(maxConcurrent)) return Infinity;
    for (const window of polls) {
      at = Math.max(at, window.freeAt());
      // More polls are due than fit: evenly spread, each job has its turn at the same distance.
      if (window.freeAt(patient.length) > now) at = Math.max(at, lastPollAt + window.spacingMs);
    }
    return at;
  }

  function take(kind: RequestKind, now: number): () => void {
    const group = kind === "poll" ? "polls" : kind === "download" ? "downloads" : undefined;
    for (const window of all) window.add(now);
    if (group === "polls") {
      for (const window of polls) window.add(now);
      lastPollAt = now;
    }
    left--;
    open.all++;
    if (group) open[group]++;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      open.all--;
      if (group) open[group]--;
      pump();
    };
  }

  /** Lets go who may go, the urgent first, and in each queue who came first. */
  function pump(): void {
    if (timer !== undefined) clock.clearTimeout(timer);
    timer = undefined;
    for (;;) {
      const queue = urgent.length ? urgent : patient;
      const first = queue[0];
      if (!first) return;
      const now = clock.now();
      const at = freeAt(first.kind, now);
      if (at > now) {
        if (at < Infinity) timer = clock.setTimeout(pump, at - now);
        return;
      }
      queue.shift();
      first.go(take(first.kind, now));
    }
  }

  return {
    acquire({ kind, signal }) {
      const now = clock.now();
      const queue = kind === "poll" ? patient : urgent;
      const behind = urgent.length + (kind === "poll" ? patient.length : 0);
      if (behind === 0 && !signal?.aborted && freeAt(kind, now) <= now) return take(kind, now);
      return new Promise((resolve, reject) => {
        signal?.throwIfAborted();
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
      const said = readAllowance(headers, clock);
      if (status === 429) {
        // Without a usable header the longest window has passed before the vendor counts anew. A negative Retry-After speaks of requests open at once: one of ours has to end.
        const resetMs = said?.left === 0 ? said.resetMs : undefined;
        const unsaidMs = Number(headers.get("retry-after")) < 0 ? 1000 : longestWindowMs;
        pausedUntil = Math.max(pausedUntil, clock.now() + (retryAfterMs ?? resetMs ?? unsaidMs));
      } else if (said) {
        // The vendor may not have counted those that are under way; this reply's own is none of them.
        left = said.left - Math.max(open.all - open.downloads - 1, 0);
        const resetMs = (said.left === 0 ? retryAfterMs : undefined) ?? said.resetMs ?? longestWindowMs;
        leftUntil = clock.now() + Math.min(resetMs, LONGEST_HOLD_MS);
      }
      if (urgent.length || patient.length) pump();
    },
  };
}
