import { DownloadError, type DownloadErrorCode } from "../errors/download-error.js";
import { showUrl } from "../http/show-url.js";
import type { ByteTransport, RawReply } from "../http/transport.js";
import { connectionFailure, Retry } from "./retry.js";
import type { FileLocation, FileSource } from "./source.js";
import { failure, type TransferState } from "./state.js";
import type { Patience } from "./timeouts.js";

/** The headers of the caller that any server may see. */
const HARMLESS = /^(accept|accept-language|user-agent)$/;

/** The requests of one download: address, redirects, and which header goes where. */
export interface Requester {
  /** Whether the last reply came from where a redirect led to. */
  readonly redirected: boolean;
  /** Whether all redirects were seen. */
  readonly verified: boolean;
  readonly isGet: boolean;
  /** Whether a request may be repeated without doing something twice. */
  readonly repeatable: boolean;
  /** The source's address, without its query; tells one source from another. */
  key(): Promise<string>;
  /** Follows redirects to the reply. What it throws is a {@link Retry} where the network failed. */
  send(range: Record<string, string>): Promise<RawReply>;
  /** Asks the source for its address anew; `false` if it has no other. */
  renew(): Promise<boolean>;
}

interface Place extends FileLocation {
  headers: Record<string, string>;
}

export function createRequester(
  source: FileSource,
  state: TransferState,
  transport: ByteTransport,
  patience: Patience,
): Requester {
  const { signal, race } = patience;
  let start: Place | undefined;
  let at: Place | undefined;
  let { reply: open } = source;
  let verified = true;
  const isGet = () => (start?.method ?? "GET") === "GET";

  const locate = async (renew: boolean): Promise<Place> => {
    const found = await race(source.locate({ renew, signal }));
    const headers = Object.entries(found.headers ?? {}).map(
      ([name, value]) => [name.toLowerCase(), value] as const,
    );
    for (const [name, value] of headers) {
      // The platform's own error would show the value.
      if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
        throw new TypeError(`download: the header "${name}" has characters that no header may have`);
    }
    return {
      ...found,
      headers: Object.fromEntries(found.trusted ? headers : headers.filter(([name]) => HARMLESS.test(name))),
    };
  };

  const check = async (url: URL, code: DownloadErrorCode): Promise<void> => {
    if (!/^https?:$/.test(url.protocol))
      throw new DownloadError(code, `download: only http and https are fetched, not ${url.protocol}`);
    if (url.username || url.password)
      throw new DownloadError(
        code,
        `download: the address on ${url.host} holds a user name or password; give them as headers`,
      );
    if ((await race((async () => state.options.allowUrl?.(new URL(url)))())) === false)
      throw failure("URL_NOT_ALLOWED", url, "is refused by allowUrl");
  };

  async function send(range: Record<string, string>): Promise<RawReply> {
    if (open) {
      const first = open;
      open = undefined;
      return first;
    }
    start ??= await locate(false);
    at ??= start;
    if (at.url.protocol === "http:" && at === start && !source.allowHttp) {
      throw failure("URL_NOT_ALLOWED", at.url, "is plain http, the configured address is not");
    }
    await check(at.url, "INVALID_URL");
    for (let hops = 0; ; hops++) {
      const { url, headers, method, body } = at;
      const leave =
        start.trusted && url.origin === start.url.origin ? await source.enter?.(url, signal) : undefined;
      let reply: RawReply;
      try {
        const sent = { ...headers, "accept-encoding": "identity", ...range };
        // A server that answered before may have lost the connection; one that never did is just too slow.
        reply = await patience.head(
          (signal) => transport(url, { method, body, signal, headers: sent }),
          (error) => (state.head ? new Retry(error) : error),
        );
      } catch (error) {
        leave?.();
        if (error instanceof Retry || error instanceof DownloadError) throw error;
        throw connectionFailure(url, error);
      }
      reply.redact = source.redact ?? secretsOf(start.headers);
      const { destroy } = reply;
      let left = false;
      reply.destroy = (reason) => {
        destroy.call(reply, reason);
        if (!left) leave?.();
        left = true;
      };
      const location = /^30[12378]$/.test(String(reply.status)) ? reply.headers.get("location") : undefined;
      if (location === undefined) {
        // A browser followed by itself.
        if (reply.url.href !== url.href.split("#")[0]) {
          verified = false;
          at = move(at, reply.url, 307);
        }
        return reply;
      }
      const { status } = reply;
      reply.destroy();
      const next = location ? parse(location, url) : undefined;
      if (!next) throw failure("INVALID_REDIRECT", url, `redirects (${status}) to no address`, { status });
      if (hops >= (state.options.maxRedirects ?? 5))
        throw failure("TOO_MANY_REDIRECTS", url, `redirects once more than maxRedirects allows`, { status });
      if (url.protocol === "https:" && next.protocol === "http:" && !state.options.allowInsecureRedirect) {
        throw failure("INSECURE_REDIRECT", url, `redirects from https to plain http`, { status });
      }
      await check(next, "INVALID_REDIRECT");
      state.progress.tell({ type: "redirected", url: showUrl(next), status });
      at = move(at, next, status);
    }
  }

  return {
    get redirected() {
      return at !== start;
    },
    get verified() {
      return verified;
    },
    get isGet() {
      return isGet();
    },
    get repeatable() {
      return isGet() || state.options.retry?.unsafeMethods === true;
    },
    async key() {
      start ??= await locate(false);
      return start.url.origin + start.url.pathname;
    },
    send,
    async renew() {
      const before = start;
      const moved = at !== start;
      at = start = await locate(true);
      return (
        moved ||
        !before ||
        before.url.href !== start.url.href ||
        JSON.stringify(before.headers) !== JSON.stringify(start.headers)
      );
    },
  };
}

function move(from: Place, url: URL, status: number): Place {
  const same = url.origin === from.url.origin;
  const headers = same
    ? from.headers
    : Object.fromEntries(Object.entries(from.headers).filter(([name]) => HARMLESS.test(name)));
  return { ...from, url, headers, ...(status < 304 && { method: "GET", body: undefined }) };
}

function parse(location: string, base: URL): URL | undefined {
  try {
    return new URL(location, base);
  } catch {
    return undefined;
  }
}

/** A server that refuses a request may repeat what it was sent. */
function secretsOf(headers: Record<string, string>): (text: string) => string {
  const secrets = Object.entries(headers)
    .filter(([name]) => !HARMLESS.test(name))
    .flatMap(([, value]) => value.split(" "))
    .filter((word) => word.length > 3);
  return (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, "***"), text);
}
