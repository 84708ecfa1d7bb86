import type { Quota } from "@outhaul/spec";

/** The highest counts since the start. */
export interface Maxima {
  /** The most requests that were open at once. */
  readonly concurrent: number;
  /** The most requests in any window, by the name of the limit. */
  readonly windows: Readonly<Record<string, number>>;
  /** The same of the operations that have limits of their own. */
  readonly operations?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The most exports that were open at once, where the vendor limits them. */
  readonly openJobs?: number;
}

/** The quota that is left in the tightest window. */
export interface RemainingQuota {
  readonly limit: number;
  readonly remaining: number;
  /** The time until the window ends. */
  readonly resetMs: number;
}

/** Counts the requests of an account, or of one of its operations. */
export interface Limits {
  readonly quotas: readonly Quota[];
  /** Counts a request as open. */
  begin(): void;
  /** Counts a request as finished. */
  end(): void;
  /** Checks the latest request against the limits. Undefined if nothing speaks against it. */
  exceeded(): { readonly retryAfterMs: number | undefined } | undefined;
  /** Counts the latest request as allowed. */
  allow(): void;
  remaining(): RemainingQuota | undefined;
  maxima(): Maxima;
  clear(): void;
}

/** Creates the counters of one account. All windows slide. */
export function createLimits(
  quotas: readonly Quota[],
  concurrent: number | undefined,
  now: () => number,
): Limits {
  const longestMs = Math.max(0, ...quotas.map(({ windowMs }) => windowMs));
  let arrivals: number[] = [];
  let allowed: number[] = [];
  let open = 0;
  let mostOpen = 0;
  let most: Record<string, number> = {};
  const countWithin = (times: readonly number[], windowMs: number) => countSince(times, now() - windowMs);
  const prune = (times: number[]) => dropBefore(times, now() - longestMs);
  return {
    quotas,
    begin() {
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      arrivals = prune(arrivals);
      if (longestMs > 0) arrivals.push(now());
      for (const { name, windowMs } of quotas)
        most[name] = Math.max(most[name] ?? 0, countWithin(arrivals, windowMs));
    },
    end() {
      open -= 1;
    },
    exceeded() {
      if (concurrent !== undefined && open > concurrent) return { retryAfterMs: undefined };
      allowed = prune(allowed);
      const full = quotas.filter(({ quota, windowMs }) => countWithin(allowed, windowMs) >= quota);
      if (full.length === 0) return undefined;
      const waits = full.map(({ quota, windowMs }) => (allowed.at(-quota) ?? 0) + windowMs - now());
      return { retryAfterMs: Math.max(...waits) };
    },
    allow() {
      if (longestMs > 0) allowed.push(now());
    },
    remaining() {
      const all = quotas.map(({ quota, windowMs }): RemainingQuota => {
        const oldest = allowed.find((time) => time > now() - windowMs) ?? now();
        const remaining = Math.max(quota - countWithin(allowed, windowMs), 0);
        return { limit: quota, remaining, resetMs: oldest + windowMs - now() };
      });
      return all.sort((a, b) => a.remaining - b.remaining)[0];
    },
    maxima: () => ({ concurrent: mostOpen, windows: { ...most } }),
    clear() {
      arrivals = [];
      allowed = [];
      mostOpen = open;
      most = {};
    },
  };
}

/** The number of times after `start`, in a list in ascending order. */
function countSince(times: readonly number[], start: number): number {
  let count = 0;
  for (let index = times.length - 1; index >= 0 && (times[index] ?? 0) > start; index--) count += 1;
  return count;
}

/** Drops the times before `start`, but not so often that every request copies the list. */
function dropBefore(times: number[], start: number): number[] {
  const first = times.findIndex((time) => time > start);
  return first > 1000 ? times.slice(first) : times;
}
