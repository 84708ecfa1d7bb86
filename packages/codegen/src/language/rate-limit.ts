/** So many requests in so many milliseconds. */
export interface Quota {
  readonly quota: number;
  readonly windowMs: number;
}

/** Reads the syntax of the IETF's RateLimit-Policy: `"burst";q=10;w=1, "steady";q=150;w=60`. Undefined when it is none. */
export function parseRateLimit(policy: string): Quota[] | undefined {
  const quotas: Quota[] = [];
  for (const item of policy.split(",")) {
    const [, quota, seconds] = /^\s*"[^"]+"\s*;\s*q=(\d+)\s*;\s*w=(\d+)\s*$/.exec(item) ?? [];
    if (!Number(quota) || !Number(seconds)) return undefined;
    quotas.push({ quota: Number(quota), windowMs: Number(seconds) * 1000 });
  }
  return quotas;
}
