/** A limit of the account, as the spec's `x-ratelimit-policy` writes it. */
export interface Quota {
  readonly name: string;
  readonly quota: number;
  readonly windowMs: number;
}

/** The most that was ever seen at once. */
export interface Maxima {
  readonly concurrent: number;
  /** The most requests in any window, by the name of the limit. */
  readonly windows: Readonly<Record<string, number>>;
}

/** Counts an account's requests. */
export interface Limits {
  readonly quotas: readonly Quota[];
  /** Counts a request that comes in. */
  enter(): void;
  /** Counts it as done. */
  leave(): void;
  /** Why the request that came in last is too many; undefined when it is not. */
  refusal(): { readonly retryAfterMs: number | undefined } | undefined;
  /** The requests that are left in the tightest window, and when it ends. */
  left(): { readonly limit: number; readonly remaining: number; readonly resetMs: number } | undefined;
  maxima(): Maxima;
  clear(): void;
}

/** Reads `"burst";q=10;w=1, "steady";q=150;w=60`. */
export function parsePolicy(text: string): Quota[] {
  return text.split(",").flatMap((part) => {
    const [, name, quota, seconds] = /^\s*"([^"]*)";q=(\d+);w=(\d+)\s*$/.exec(part) ?? [];
    return name === undefined ? [] : [{ name, quota: Number(quota), windowMs: Number(seconds) * 1000 }];
  });
}

/** Makes the counters of one account. All windows slide. */
export function createLimits(
  quotas: readonly Quota[],
  concurrent: number | undefined,
  now: () => number,
): Limits {
  const longest = Math.max(0, ...quotas.map(({ windowMs }) => windowMs));
  let arrived: number[] = [];
  let allowed: number[] = [];
  let open = 0;
  let mostOpen = 0;
  let most: Record<string, number> = {};
  const within = (times: readonly number[], windowMs: number): number => {
    const since = now() - windowMs;
    let count = 0;
    for (let index = times.length - 1; index >= 0 && (times[index] ?? 0) > since; index--) count += 1;
    return count;
  };
  const prune = (times: number[]): number[] => {
    const first = times.findIndex((time) => time > now() - longest);
    return first > 1000 ? times.slice(first) : times;
  };
  return {
    quotas,
    enter() {
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      arrived = prune(arrived);
      if (longest > 0) arrived.push(now());
      for (const { name, windowMs } of quotas)
        most[name] = Math.max(most[name] ?? 0, within(arrived, windowMs));
    },
    leave() {
      open -= 1;
    },
    refusal() {
      if (concurrent !== undefined && open > concurrent) return { retryAfterMs: undefined };
      allowed = prune(allowed);
      const full = quotas.filter(({ quota, windowMs }) => within(allowed, windowMs) >= quota);
      if (full.length === 0) {
        if (longest > 0) allowed.push(now());
        return undefined;
      }
      const waits = full.map(({ quota, windowMs }) => (allowed.at(-quota) ?? 0) + windowMs - now());
      return { retryAfterMs: Math.max(...waits) };
    },
    left() {
      const each = quotas.map(({ quota, windowMs }) => {
        const oldest = allowed.find((time) => time > now() - windowMs) ?? now();
        const remaining = Math.max(quota - within(allowed, windowMs), 0);
        return { limit: quota, remaining, resetMs: oldest + windowMs - now() };
      });
      return each.sort((a, b) => a.remaining - b.remaining)[0];
    },
    maxima: () => ({ concurrent: mostOpen, windows: { ...most } }),
    clear() {
      arrived = [];
      allowed = [];
      mostOpen = open;
      most = {};
    },
  };
}
