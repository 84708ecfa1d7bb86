/** A rate limit: a number of requests in a window of time. */
export interface Quota {
  readonly name: string;
  readonly quota: number;
  readonly windowMs: number;
}

/**
 * Parses a rate limit policy in the syntax of the IETF's RateLimit-Policy: `"burst";q=10;w=1, "steady";q=150;w=60`.
 * Undefined if it is none: the standard (draft-ietf-httpapi-ratelimit-headers) has whole numbers only.
 */
export function parseRateLimit(policy: string): Quota[] | undefined {
  const quotas: Quota[] = [];
  for (const item of policy.split(",")) {
    const [, name, quota, seconds] = /^\s*"([^"]+)"\s*;\s*q=(\d+)\s*;\s*w=(\d+)\s*$/.exec(item) ?? [];
    if (name === undefined || !Number(quota) || !Number(seconds)) return undefined;
    quotas.push({ name, quota: Number(quota), windowMs: Number(seconds) * 1000 });
  }
  return quotas;
}
