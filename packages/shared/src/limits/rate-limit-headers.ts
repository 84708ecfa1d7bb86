import type { Clock } from "../time/clock.js";

/** How many requests a vendor still accepts, and for how long that holds. */
export interface Allowance {
  readonly left: number;
  /** Until the vendor counts anew; `undefined` when it does not say. */
  readonly resetMs: number | undefined;
}

/**
 * What a reply says of the requests that are left: in the IETF's `RateLimit` field (draft-ietf-httpapi-ratelimit-headers, of several items the
 * tightest), else in `X-RateLimit-Remaining` and `X-RateLimit-Reset`. A malformed field says nothing.
 */
export function readAllowance(headers: Headers, clock: Pick<Clock, "now">): Allowance | undefined {
  const field = headers.get("ratelimit");
  if (field !== null) return readField(field);
  const left = headers.get("x-ratelimit-remaining");
  if (left === null || !/^\s*\d{1,15}\s*$/.test(left)) return undefined;
  return { left: Number(left), resetMs: readReset(headers, clock) };
}

/** Items such as `"steady";r=0;t=12`, with commas between them. */
function readField(field: string): Allowance | undefined {
  const item = /\s*"[^"]*"((?:\s*;\s*[a-z*][\w.*-]*=(?:\d+|"[^"]*"|:[\w+/=]*:))*)\s*(?:,|$)/y;
  const said: Allowance[] = [];
  while (item.lastIndex < field.length) {
    const parameters = item.exec(field)?.[1] ?? "";
    const left = /;\s*r=(\d+)/.exec(parameters)?.[1];
    const seconds = /;\s*t=(\d+)/.exec(parameters)?.[1];
    if (left === undefined) return undefined;
    said.push({ left: Number(left), resetMs: seconds === undefined ? undefined : Number(seconds) * 1000 });
  }
  return said.sort((a, b) => a.left - b.left || (b.resetMs ?? 0) - (a.resetMs ?? 0))[0];
}

/** The vendors that have this header give the seconds that are left, or the moment in seconds since the epoch. */
function readReset(headers: Headers, clock: Pick<Clock, "now">): number | undefined {
  const value = headers.get("x-ratelimit-reset");
  if (value === null || !/^\s*\d{1,10}(\.\d+)?\s*$/.test(value)) return undefined;
  const ms = Number(value) * 1000;
  return ms < 1e12 ? ms : Math.max(ms - (Date.parse(headers.get("date") ?? "") || clock.now()), 0);
}
