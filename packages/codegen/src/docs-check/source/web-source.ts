import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../page/fault.js";
import { readPage } from "../page/page.js";
import type { Answer, PageSource } from "./page-source.js";
import { type Robots, readRobots, reasonOf } from "./robots.js";

/** What the web may be asked with; tests pass their own. */
export interface WebOptions {
  readonly fetch?: typeof globalThis.fetch;
  /** Waits so many milliseconds. */
  readonly wait?: (ms: number) => Promise<unknown>;
  /** Milliseconds since any moment. */
  readonly now?: () => number;
  /** How long one page may take. */
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

const NAME = "outhaul-docs-check";
const MAX_REDIRECTS = 5;
/** The longest wait that a server may ask for. */
const MAX_WAIT_MS = 120_000;

/** Reads pages from the web, politely: one at a time, as slowly as robots.txt asks, and not again what has not changed. */
export function webSource({
  fetch = globalThis.fetch,
  wait = sleep,
  now = () => performance.now(),
  timeoutMs = 30_000,
  maxBytes = 5_000_000,
}: WebOptions = {}): PageSource {
  const sites = new Map<string, Promise<Robots | Fault>>();
  const nextAt = new Map<string, number>();

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

  /** One request for a page, if the site allows it. */
  async function ask(url: string, headers: Record<string, string>): Promise<Response | Fault> {
    const { origin } = new URL(url);
    const robotsGet = (file: string) =>
      fetch(file, { headers: { "user-agent": NAME }, signal: AbortSignal.timeout(timeoutMs) });
    if (!sites.has(origin)) sites.set(origin, readRobots(origin, NAME, robotsGet));
    const robots = await sites.get(origin);
    if (robots === undefined || "fault" in robots)
      return robots ?? { fault: "unreachable", why: "cannot be reached" };
    if (!robots.isAllowed(url))
      return { fault: "robots", why: "may not be read by programs: robots.txt forbids it" };
    if (robots.delayMs > MAX_WAIT_MS)
      return {
        fault: "robots",
        why: `is on a site whose robots.txt asks for ${robots.delayMs / 1000} s between requests`,
      };
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
  }

  return {
    async read(cited, { etag, lastModified }): Promise<Answer> {
      const start = withoutFragment(cited);
      const headers: Record<string, string> = {
        ...(etag === undefined ? {} : { "if-none-match": etag }),
        ...(lastModified === undefined ? {} : { "if-modified-since": lastModified }),
      };
      let url = start;
      let permanent = true;
      for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
        const response = await ask(url, headers);
        if ("fault" in response) return response;
        const location = [301, 302, 303, 307, 308].includes(response.status)
          ? response.headers.get("location")
          : null;
        if (location === null) return readReply(response, url, { start, permanent, maxBytes });
        await response.body?.cancel();
        const next = URL.canParse(location, url) ? new URL(location, url) : undefined;
        if (!next || !/^https?:$/.test(next.protocol))
          return { fault: "redirects", why: "is sent on to where no page can be" };
        if (asksToLogIn(next) && !asksToLogIn(new URL(start)))
          return { fault: "login", why: `is sent on to ${next.origin}${next.pathname}, to log in` };
        if (response.status !== 301 && response.status !== 308) permanent = false;
        url = withoutFragment(next.href);
      }
      return { fault: "redirects", why: `is sent on more than ${MAX_REDIRECTS} times` };
    },
  };
}

async function readReply(
  response: Response,
  url: string,
  { start, permanent, maxBytes }: { start: string; permanent: boolean; maxBytes: number },
): Promise<Answer> {
  if (response.status === 304) return { unchanged: true };
  if (!response.ok) {
    await response.body?.cancel();
    return faultOf(response);
  }
  if (url !== start && new URL(url).pathname === "/" && new URL(start).pathname !== "/")
    return { fault: "not-found", why: `is sent on to the site's first page, ${new URL(url).origin}` };
  let bytes: Uint8Array | undefined;
  try {
    bytes = await readAtMost(response, maxBytes);
  } catch (error) {
    return { fault: "unreachable", why: `broke off: ${reasonOf(error)}` };
  }
  if (bytes === undefined) return { fault: "too-big", why: `is bigger than ${maxBytes / 1e6} MB` };
  const page = readPage(bytes, response.headers.get("content-type") ?? "");
  if ("fault" in page) return page;
  const etag = response.headers.get("etag");
  const lastModified = response.headers.get("last-modified");
  return {
    page,
    ...(url !== start && permanent ? { movedTo: url } : {}),
    ...(etag ? { etag } : {}),
    ...(lastModified ? { lastModified } : {}),
  };
}

function faultOf(response: Response): Fault {
  const { status } = response;
  if (status === 404 || status === 410)
    return { fault: "not-found", why: `answers ${status}: it is not there any more` };
  if (status === 401 || status === 407) return { fault: "login", why: `answers ${status}: it needs a login` };
  if (status === 403 || status === 451)
    return { fault: "forbidden", why: `answers ${status}: it is not for programs, or not from here` };
  if (status === 429) {
    const seconds = Math.ceil((retryAfterMs(response) ?? 0) / 1000);
    return {
      fault: "rate-limited",
      why: `answers 429: too many requests${seconds ? `; it asks to come back in ${seconds} s` : ""}`,
    };
  }
  if (status >= 500) return { fault: "server-error", why: `answers ${status}: the server is in trouble` };
  return { fault: "status", why: `answers ${status}` };
}

function isBusy({ status }: Response): boolean {
  return status === 429 || status === 503;
}

function retryAfterMs(response: Response): number | undefined {
  const value = response.headers.get("retry-after")?.trim();
  if (!value) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

async function readAtMost(response: Response, maxBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) return undefined; // leaving the loop cancels the rest
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function asksToLogIn({ pathname, hostname }: URL): boolean {
  return (
    /(^|[/._-])(log-?in|sign-?in|sso|saml2?|authorize|auth)([/._-]|$)/i.test(pathname) ||
    /^(login|sso|auth|id|accounts?)\./i.test(hostname)
  );
}

function withoutFragment(url: string): string {
  const parsed = new URL(url);
  parsed.hash = "";
  return parsed.href;
}
