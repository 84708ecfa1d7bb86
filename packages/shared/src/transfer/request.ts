import { DownloadError, type DownloadErrorCode } from "../errors/download-error.js";
import { createRedaction, type Redaction } from "../http/redaction.js";
import { redirectUrl } from "../http/redirect-url.js";
import { showUrl } from "../http/show-url.js";
import type { RawReply, Transport } from "../http/transport.js";
import { connectionFailure, RetryableFailure } from "./retry.js";
import type { FileLocation } from "./source.js";
import { downloadError, type TransferState } from "./state.js";
import type { TransferTimeouts } from "./timeouts.js";

/** The headers of the caller that any server may see. */
const HARMLESS_HEADERS = /^(accept|accept-language|user-agent)$/;

/** The requests of one download: which address, which redirects, and which header goes where. */
export interface FileRequests {
  /** True if the last reply came from the target of a redirect. */
  isRedirected(): boolean;
  isGet(): boolean;
  /** True if a request may be repeated without doing something twice. */
  isRepeatable(): boolean;
  /** The source's address without its query, which identifies it. */
  sourceKey(): Promise<string>;
  /** Sends a request and follows redirects. Throws a {@link RetryableFailure} if the network failed. */
  send(range: Record<string, string>): Promise<RawReply>;
  /** Asks the source for a fresh address; `false` if it gives the same one. */
  renew(): Promise<boolean>;
}

/** An address with exactly the headers that may go there. */
interface RequestTarget extends FileLocation {
  headers: Record<string, string>;
}

export function createFileRequests(
  state: TransferState,
  transport: Transport,
  timeouts: TransferTimeouts,
): FileRequests {
  const { signal, race } = timeouts;
  const { source } = state;
  let first: RequestTarget | undefined;
  let current: RequestTarget | undefined;
  let { reply: openReply } = source;
  const isRedirected = () => current !== first;
  const isGet = () => (first?.method ?? "GET") === "GET";

  const locate = async (renew: boolean): Promise<RequestTarget> =>
    toTarget(await race(source.locate({ renew, signal })));

  const checkUrl = async (url: URL, code: DownloadErrorCode): Promise<void> => {
    checkAddress(url, code);
    const allowed = await race((async () => state.options.allowUrl?.(new URL(url)))());
    if (allowed === false) throw downloadError("URL_NOT_ALLOWED", url, "is refused by allowUrl");
  };

  const redaction = createRedaction();
  const redact = (text: string) => redaction.redact(source.redact?.(text) ?? text);

  /** Sends one request to one address. */
  async function sendTo(target: RequestTarget, range: Record<string, string>) {
    const { url, headers, method, body } = target;
    addSecrets(target, redaction);
    const isOwn = first?.trusted && url.origin === first.url.origin;
    const release = isOwn ? await source.acquire?.(url, signal) : undefined;
    const sentHeaders = { ...headers, "accept-encoding": "identity", ...range };
    try {
      const reply = await timeouts.awaitHead(
        (signal) => transport(url, { method, body, signal, headers: sentHeaders }),
        // A server that answered before may have lost the connection; one that never did is just too slow.
        (error) => (state.head ? new RetryableFailure(error) : error),
      );
      if (release) releaseAtEnd(reply, release);
      return reply;
    } catch (error) {
      release?.();
      if (error instanceof RetryableFailure || error instanceof DownloadError) throw error;
      throw connectionFailure(url, error, redact);
    }
  }

  /** Checks where a redirect leads, and what may go along. */
  async function followRedirect(from: RequestTarget, { status, headers }: RawReply, hops: number) {
    const { url } = from;
    const next = redirectUrl(headers, url);
    if (!next)
      throw downloadError("INVALID_REDIRECT", url, `redirects (${status}) to no address`, { status });
    if (hops >= (state.options.maxRedirects ?? 5))
      throw downloadError("TOO_MANY_REDIRECTS", url, `redirects once more than maxRedirects allows`, {
        status,
      });
    if (url.protocol === "https:" && next.protocol === "http:" && !state.options.allowInsecureRedirect)
      throw downloadError("INSECURE_REDIRECT", url, `redirects from https to plain http`, { status });
    await checkUrl(next, "INVALID_REDIRECT");
    state.progress.emit({ type: "redirected", url: showUrl(next), status });
    return redirectTarget(from, next, status);
  }

  async function send(range: Record<string, string>): Promise<RawReply> {
    if (openReply) {
      const reply = openReply;
      openReply = undefined;
      reply.redact = redact;
      return reply;
    }
    first ??= await locate(false);
    current ??= first;
    if (current === first && current.url.protocol === "http:" && !source.allowHttp)
      throw downloadError("URL_NOT_ALLOWED", current.url, "is plain http, the configured address is not");
    await checkUrl(current.url, "INVALID_URL");
    for (let hops = 0; ; hops++) {
      const target: RequestTarget = current;
      const reply = await sendTo(target, range);
      reply.redact = redact;
      if (!isRedirect(reply)) {
        const followedByBrowser = reply.url.href !== target.url.href.split("#")[0];
        if (followedByBrowser) {
          state.redirectsVerified = false;
          current = redirectTarget(target, reply.url, 307);
        }
        return reply;
      }
      reply.destroy();
      current = await followRedirect(target, reply, hops);
    }
  }

  return {
    isRedirected,
    isGet,
    isRepeatable: () => isGet() || state.options.retry?.unsafeMethods === true,
    async sourceKey() {
      first ??= await locate(false);
      return first.url.origin + first.url.pathname;
    },
    send,
    async renew() {
      const before = first;
      const wasRedirected = isRedirected();
      first = await locate(true);
      current = first;
      return wasRedirected || !before || !isSameTarget(before, first);
    },
  };
}

/** Drops what an untrusted address must not see. @throws {TypeError} for a header that cannot be sent, without its value */
function toTarget(location: FileLocation): RequestTarget {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(location.headers ?? {})) {
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw new TypeError(
        `download: the header "${name.toLowerCase()}" has characters that no header may have`,
      );
    headers[name.toLowerCase()] = value;
  }
  return { ...location, headers: location.trusted ? headers : harmlessOnly(headers) };
}

function harmlessOnly(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => HARMLESS_HEADERS.test(name)));
}

/** @throws {@link DownloadError} for an address that is never asked */
function checkAddress(url: URL, code: DownloadErrorCode): void {
  if (!/^https?:$/.test(url.protocol))
    throw new DownloadError(code, `download: only http and https are fetched, not ${url.protocol}`);
  if (url.username || url.password)
    throw new DownloadError(
      code,
      `download: the address on ${url.host} holds a user name or password; give them as headers`,
    );
}

function isRedirect({ status }: RawReply): boolean {
  return /^30[12378]$/.test(String(status));
}

/** The request after a redirect. RFC 9110 §15.4: 301, 302 and 303 become GET. */
function redirectTarget(from: RequestTarget, url: URL, status: number): RequestTarget {
  const headers = url.origin === from.url.origin ? from.headers : harmlessOnly(from.headers);
  return { ...from, url, headers, ...(status < 304 && { method: "GET", body: undefined }) };
}

function isSameTarget(a: RequestTarget, b: RequestTarget): boolean {
  return a.url.href === b.url.href && JSON.stringify(a.headers) === JSON.stringify(b.headers);
}

/** Calls `release` once, when the reply is over. */
function releaseAtEnd(reply: RawReply, release: () => void): void {
  const { destroy } = reply;
  let released = false;
  reply.destroy = (reason) => {
    destroy.call(reply, reason);
    if (!released) release();
    released = true;
  };
}

/** How short a value in the query of an address is no secret, such as a number of seconds. */
const MIN_QUERY_SECRET = 8;

/** Remembers what a request knows that only its server may see: a server that refuses it may repeat what it was sent, and so may an error. */
function addSecrets({ headers, url }: RequestTarget, { add }: Redaction): void {
  for (const [name, value] of Object.entries(headers))
    if (!HARMLESS_HEADERS.test(name)) for (const word of value.split(" ")) add(word);
  for (const value of url.searchParams.values()) if (value.length >= MIN_QUERY_SECRET) add(value);
}
