import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../page/fault.js";
import { type Robots, readRobots, reasonOf } from "./robots.js";

/** How the web is asked. Tests replace it. */
export interface WebOptions {
  readonly fetch?: typeof globalThis.fetch;
  /** Waits, in milliseconds. */
  readonly wait?: (ms: number) => Promise<unknown>;
  /** A monotonic clock, in milliseconds. */
  readonly now?: () => number;
  /** The time limit of one page, in milliseconds. */
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  /** The largest OpenAPI document that is read, in bytes. @default 50 MB */
  readonly maxDocumentBytes?: number;
}

/** Sends one request, without following redirects. */
export type PoliteFetch = (url: string, headers: Record<string, string>) => Promise<Response | Fault>;

const NAME = "outhaul-docs-check";
/** The longest wait that is granted to a server, in milliseconds. */
const MAX_WAIT_MS = 120_000;

/** Creates a fetch that heeds each site's robots.txt, its pace, and `Retry-After` (RFC 9110 §10.2.3). */
export function politeFetch({
  fetch = globalThis.fetch,
  wait = sleep,
  now = () => performance.now(),
  timeoutMs = 30_000,
}: WebOptions): PoliteFetch {
  const sites = new Map<string, Promise<Robots | Fault>>();
  const nextAt = new Map<string, number>();

  async function robotsOf(origin: string): Promise<Robots | Fault> {
    const get = (file: string) =>
      fetch(file, { headers: { "user-agent": NAME }, signal: AbortSignal.timeout(timeoutMs) });
    const robots = sites.get(origin) ?? readRobots(origin, NAME, get);
    sites.set(origin, robots);
    return await robots;
  }

  async function request(url: string, headers: Record<string, string>, delayMs: number): Promise<Response> {
    const { origin } = new URL(url);
    const waitMs = (nextAt.get(origin) ?? 0) - now();
    if (waitMs > 0) await wait(waitMs);
    try {
      return await fetch(url, {
        headers: {
          "user-agent": NAME,
          "accept-language": "en",
          accept: "text/html, text/*;q=0.9, */*;q=0.1",
          ...headers,
        },
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
    } finally {
      nextAt.set(origin, now() + delayMs);
    }
  }

  return async (url, headers) => {
    const robots = await robotsOf(new URL(url).origin);
    if ("fault" in robots) return robots;
    const refusal = refusalOf(robots, url);
    if (refusal) return refusal;
    try {
      const response = await request(url, headers, robots.delayMs);
      const retryMs = retryAfterMs(response);
      if (!isBusy(response) || retryMs === undefined || retryMs > MAX_WAIT_MS) return response;
      await response.body?.cancel();
      await wait(retryMs);
      return await request(url, headers, robots.delayMs);
    } catch (error) {
      return { fault: "unreachable", why: `cannot be reached: ${reasonOf(error)}` };
    }
  };
}

/** Why a site's robots.txt does not allow to read a page now. */
function refusalOf(robots: Robots, url: string): Fault | undefined {
  if (!robots.isAllowed(url))
    return { fault: "robots", why: "may not be read by programs: robots.txt forbids it" };
  if (robots.delayMs <= MAX_WAIT_MS) return undefined;
  return {
    fault: "robots",
    why: `is on a site whose robots.txt asks for ${robots.delayMs / 1000} s between requests`,
  };
}

function isBusy({ status }: Response): boolean {
  return status === 429 || status === 503;
}

/** The wait that a reply asks for by `Retry-After`, in milliseconds. */
export function retryAfterMs(response: Response): number | undefined {
  const value = response.headers.get("retry-after")?.trim();
  if (!value) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
