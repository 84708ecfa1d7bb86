import type { Fault } from "../page/fault.js";
import { readPage } from "../page/page.js";
import type { Answer, FoundText, PageSource } from "./page-source.js";
import { politeFetch, retryAfterMs, type WebOptions } from "./polite-fetch.js";
import { reasonOf } from "./robots.js";

const MAX_REDIRECTS = 5;
/** A compressed body that is cut decodes to the half of it, without an error. */
const UNCOMPRESSED = { "accept-encoding": "identity" };

/** Reads pages from the web: one at a time, at the pace of robots.txt, with conditional requests. */
export function webSource(options: WebOptions = {}): PageSource {
  const fetch = politeFetch(options);
  const { maxBytes = 5_000_000, maxDocumentBytes = 50_000_000 } = options;
  /** Follows redirects by hand. @returns the reply at their end */
  async function ask(
    start: string,
    headers: Record<string, string>,
  ): Promise<{ response: Response; url: string; permanent: boolean } | Fault> {
    let url = start;
    let permanent = true;
    for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
      const response = await fetch(url, headers);
      if ("fault" in response) return response;
      const location = locationOf(response);
      if (location === null) return { response, url, permanent };
      await response.body?.cancel();
      const next = targetOf(location, url, start);
      if ("fault" in next) return next;
      if (response.status !== 301 && response.status !== 308) permanent = false;
      url = withoutFragment(next.href);
    }
    return { fault: "redirects", why: `is sent on more than ${MAX_REDIRECTS} times` };
  }

  return {
    async read(cited, { etag, lastModified }): Promise<Answer> {
      const start = withoutFragment(cited);
      const found = await ask(start, {
        ...(etag === undefined ? {} : { "if-none-match": etag }),
        ...(lastModified === undefined ? {} : { "if-modified-since": lastModified }),
        ...UNCOMPRESSED,
      });
      if ("fault" in found) return found;
      const { response, url, permanent } = found;
      return await readReply(response, url, { start, permanent, maxBytes });
    },
    async readText(cited): Promise<FoundText | Fault> {
      const found = await ask(withoutFragment(cited), {
        accept: "application/json, application/yaml, text/yaml, */*;q=0.1",
        ...UNCOMPRESSED,
      });
      if ("fault" in found) return found;
      if (!found.response.ok) return await faultOf(found.response, maxBytes);
      const bytes = await readWhole(found.response, maxDocumentBytes);
      return "fault" in bytes ? bytes : { text: Buffer.from(bytes).toString("utf8") };
    },
  };
}

/** The address that a redirect leads to; null for any other reply. */
function locationOf({ status, headers }: Response): string | null {
  return [301, 302, 303, 307, 308].includes(status) ? headers.get("location") : null;
}

/** The next address of a redirect, if a page can be there. */
function targetOf(location: string, url: string, start: string): URL | Fault {
  const next = URL.canParse(location, url) ? new URL(location, url) : undefined;
  if (!next || !/^https?:$/.test(next.protocol))
    return { fault: "redirects", why: "is sent on to where no page can be" };
  if (asksToLogIn(next) && !asksToLogIn(new URL(start)))
    return { fault: "login", why: `is sent on to ${next.origin}${next.pathname}, to log in` };
  return next;
}

async function readReply(
  response: Response,
  url: string,
  { start, permanent, maxBytes }: { start: string; permanent: boolean; maxBytes: number },
): Promise<Answer> {
  if (response.status === 304) return { unchanged: true };
  if (!response.ok) return await faultOf(response, maxBytes);
  if (url !== start && new URL(url).pathname === "/" && new URL(start).pathname !== "/")
    return { fault: "not-found", why: `is sent on to the site's first page, ${new URL(url).origin}` };
  const bytes = await readWhole(response, maxBytes);
  if ("fault" in bytes) return bytes;
  const page = readPage(bytes, response.headers.get("content-type") ?? "");
  if ("fault" in page) return page;
  if (response.headers.has("content-encoding") && isCut(bytes))
    return { fault: "cut", why: "ends in the middle" };
  const etag = response.headers.get("etag");
  const lastModified = response.headers.get("last-modified");
  return {
    page,
    ...(url !== start && permanent ? { movedTo: url } : {}),
    ...(etag ? { etag } : {}),
    ...(lastModified ? { lastModified } : {}),
  };
}

/** The whole body, or why it cannot be had. */
async function readWhole(response: Response, maxBytes: number): Promise<Uint8Array | Fault> {
  try {
    const bytes = await readAtMost(response, maxBytes);
    return bytes ?? { fault: "too-big", why: `is bigger than ${maxBytes / 1e6} MB` };
  } catch (error) {
    return { fault: "unreachable", why: `broke off: ${reasonOf(error)}` };
  }
}

/** True if a page of HTML opens, and does not close. */
function isCut(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString("latin1");
  return /<html\b/i.test(text.slice(0, 5000)) && !/<\/(html|body)\s*>/i.test(text.slice(-5000));
}

async function faultOf(response: Response, maxBytes: number): Promise<Fault> {
  const { status } = response;
  if ([401, 403, 404, 407, 410, 451].includes(status)) {
    await response.body?.cancel();
  } else {
    // A challenge comes with any code: it is none of the site's troubles, and waiting does not help.
    const bytes = await readAtMost(response, maxBytes).catch(() => undefined);
    const page = bytes && readPage(bytes, response.headers.get("content-type") ?? "");
    if (page && "fault" in page && page.fault === "forbidden")
      return { fault: "forbidden", why: `answers ${status}, and ${page.why}` };
  }
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
