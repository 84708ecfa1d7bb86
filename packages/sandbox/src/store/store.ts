import type { Faults } from "../fault/faults.js";
import type { ExportFile } from "../job/export-file.js";
import type { Job } from "../job/job.js";
import { aborted } from "../reply/aborted.js";
import { type Connection, ConnectionLostError } from "../reply/connection.js";
import { deliver } from "../reply/deliver.js";
import { type Reply, textReply } from "../reply/reply.js";
import type { RequestLog } from "../request/log.js";
import { parseRange } from "./byte-range.js";

/** An object in the store. */
export interface Stored {
  readonly job: Job;
  readonly file: () => ExportFile;
  /** Of the vendor whose file it is. */
  readonly faults: Faults;
  readonly log: RequestLog;
}

/** A store of files on an origin of its own, as vendors rent one: it knows no vendor's credentials, only links that are signed and expire. */
export interface Store {
  /** The origin that its links name. */
  origin: string;
  /** A link to an object, good until `expiresAt`. `sample` is a link of the vendor's examples: its path and its other parameters are kept. */
  link(sample: URL, stored: Stored, expiresAt: number): Promise<string>;
  handler(request: Request, connection?: Connection): Promise<Response>;
  clear(): void;
}

export interface StoreOptions {
  readonly origin: string;
  readonly now: () => number;
  readonly seed: number;
  /** The headers, in lower case, that carry a vendor's credentials, and so are none of the store's business. */
  readonly foreignHeaders: ReadonlySet<string>;
  delay(ms: number): Promise<void>;
}

/** Makes an empty store. */
export function createStore({ origin, now, seed, foreignHeaders, delay }: StoreOptions): Store {
  const objects = new Map<string, Stored>();

  async function sign(path: string, expires: string): Promise<string> {
    const encoder = new TextEncoder();
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("raw", encoder.encode(`store ${seed}`), algorithm, false, [
      "sign",
    ]);
    const signature = await crypto.subtle.sign("HMAC", key, encoder.encode(`GET\n${path}\n${expires}`));
    return btoa(String.fromCharCode(...new Uint8Array(signature)));
  }

  async function answer(request: Request, stored: Stored | undefined, url: URL): Promise<Reply> {
    if (request.method !== "GET" && request.method !== "HEAD") {
      return xmlError(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
    }
    const [expires, signature] = [url.searchParams.get("Expires"), url.searchParams.get("Signature")];
    const foreign = [...request.headers.keys()].filter((name) => foreignHeaders.has(name));
    if (signature !== null && foreign.length > 0) {
      return xmlError(
        400,
        "InvalidArgument",
        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
        `<ArgumentName>${foreign[0]}</ArgumentName>`,
      );
    }
    if (signature === null || expires === null) return xmlError(403, "AccessDenied", "Access Denied");
    if (signature !== (await sign(url.pathname, expires))) {
      return xmlError(
        403,
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided.",
      );
    }
    if (Number(expires) * 1000 < now()) return expired(expires);
    if (!stored) return xmlError(404, "NoSuchKey", "The specified key does not exist.");
    return content(request.headers, stored.file());
  }

  function expired(expires: string): Reply {
    const times = [Number(expires) * 1000, now()].map((time) => new Date(time).toISOString());
    return xmlError(
      403,
      "AccessDenied",
      "Request has expired",
      `<Expires>${times[0]}</Expires><ServerTime>${times[1]}</ServerTime>`,
    );
  }

  return {
    origin,
    async link(sample, stored, expiresAt) {
      const url = new URL(sample.pathname + sample.search, this.origin);
      const expires = String(Math.floor(expiresAt / 1000));
      objects.set(url.pathname, stored);
      url.searchParams.set("Expires", expires);
      url.searchParams.set("Signature", await sign(url.pathname, expires));
      return url.href;
    },
    async handler(request, connection) {
      const url = new URL(request.url);
      const stored = objects.get(url.pathname);
      const record = stored?.log.begin(request, now());
      if (record && stored)
        Object.assign(record, { path: "(store)", operation: "(store)", job: stored.job.id });
      const met = { operation: "(store)", parts: new Set(["file"] as const), job: stored?.job };
      const early = stored?.faults.early(met);
      if (early?.kind === "dropped" || early?.kind === "hang") {
        if (early.kind === "hang") await aborted(request.signal);
        connection?.destroy();
        throw new ConnectionLostError();
      }
      if (early?.kind === "changedFile" && stored) stored.job.revision += 1;
      let reply: Reply;
      if (early?.kind === "expiredLink") reply = expired(url.searchParams.get("Expires") ?? "0");
      else if (early?.kind === "error") {
        reply = xmlError(
          early.sendAs ?? early.status ?? 500,
          "InternalError",
          early.message ?? "Please try again.",
        );
        if (early.retryAfter !== undefined) reply.headers.set("retry-after", String(early.retryAfter));
      } else reply = await answer(request, stored, url);
      if (record) record.status = reply.status;
      const late = stored?.faults.late(met);
      if (late?.kind === "lostReply" && record) record.status = undefined;
      return deliver(reply, late, { connection, delay, onEnd: () => {}, isHead: request.method === "HEAD" });
    },
    clear: () => objects.clear(),
  };
}

/** The file, or the part of it that is asked for (RFC 9110 §14). */
function content(asked: Headers, file: ExportFile): Reply {
  const { sizeBytes, etag, mediaType } = file;
  const headers = new Headers({ "accept-ranges": "bytes", etag, "content-type": mediaType });
  const ifRange = asked.get("if-range");
  const range = ifRange === null || ifRange === etag ? parseRange(asked.get("range"), sizeBytes) : undefined;
  if (range === "unsatisfiable") {
    const reply = xmlError(416, "InvalidRange", "The requested range is not satisfiable");
    reply.headers.set("content-range", `bytes */${sizeBytes}`);
    return reply;
  }
  const { from, to } = range ?? { from: 0, to: sizeBytes };
  headers.set("content-length", String(to - from));
  if (range) headers.set("content-range", `bytes ${from}-${to - 1}/${sizeBytes}`);
  const body = { sizeBytes: to - from, chunks: () => part(file.chunks(), from, to) };
  return { status: range ? 206 : 200, headers, body, isFile: true };
}

function* part(chunks: Iterable<Uint8Array>, from: number, to: number): Iterable<Uint8Array> {
  let at = 0;
  for (const chunk of chunks) {
    const start = at;
    at += chunk.length;
    if (at > from) yield chunk.subarray(Math.max(from - start, 0), Math.min(to - start, chunk.length));
    if (at >= to) return;
  }
}

function xmlError(status: number, code: string, message: string, more = ""): Reply {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message>${more}<RequestId>SANDBOX</RequestId></Error>`;
  return textReply(status, "application/xml", text);
}
