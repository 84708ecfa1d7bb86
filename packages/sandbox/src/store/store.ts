import { faultKinds, type RequestFault } from "../fault/fault-kinds.js";
import type { FaultQueue, Part } from "../fault/fault-queue.js";
import type { ExportFile } from "../job/export-file.js";
import type { Job } from "../job/job.js";
import { type Connection, ConnectionLostError } from "../reply/connection.js";
import { deliver } from "../reply/deliver.js";
import type { Reply } from "../reply/reply.js";
import { untilAborted } from "../reply/until-aborted.js";
import type { OpenRecord, RequestLog, RequestRecord } from "../request/request-log.js";
import { fileReply } from "./file-reply.js";
import type { PolledLink } from "./polled-link.js";
import { signLink } from "./signature.js";
import { expiredError, xmlError } from "./xml-error.js";

/** An object in the store: the file of a job, with the faults and the log of its vendor. */
export interface StoredObject {
  readonly job: Job;
  readonly file: () => ExportFile;
  readonly faults: FaultQueue;
  readonly log: RequestLog;
  /** Set if the link is asked at until the file is there. */
  readonly polled?: PolledLink | undefined;
  /** Called when a request for it comes in, and when it is answered. */
  onRequest(record: RequestRecord): void;
}

/** A file store on its own origin, as vendors rent one. It accepts signed links that expire, but no credentials of a vendor. */
export interface Store {
  /** The origin of its links. */
  origin: string;
  /** Creates a link to an object that is valid until `expiresAt`. It keeps the path and the parameters of `sample`, a link of the vendor's examples. */
  link(sample: URL, stored: StoredObject, expiresAt: number): Promise<string>;
  handler(request: Request, connection?: Connection): Promise<Response>;
  clear(): void;
}

/** The options of {@link createStore}. */
export interface StoreOptions {
  readonly origin: string;
  readonly now: () => number;
  readonly seed: number;
  /** The headers, in lower case, that carry credentials of a vendor. The store refuses them. */
  readonly vendorHeaders: ReadonlySet<string>;
  delay(ms: number): Promise<void>;
}

/** The most files that are kept; the oldest links go first. */
const MAX_OBJECTS = 10_000;

/** Creates an empty store. */
export function createStore(options: StoreOptions): Store {
  const { now, seed, delay } = options;
  const secret = `store ${seed}`;
  const objects = new Map<string, StoredObject>();

  async function answer(
    request: Request,
    stored: StoredObject | undefined,
    record: OpenRecord | undefined,
    connection: Connection | undefined,
  ): Promise<Response> {
    const candidate = { operation: "(store)", parts: partsOf(stored?.polled), job: stored?.job };
    const requestFault = stored?.faults.nextForRequest(candidate);
    if (record) record.fault = requestFault?.kind;
    if (requestFault?.kind === "hang") await untilAborted(request.signal);
    if (requestFault?.kind === "dropped" || requestFault?.kind === "hang") {
      connection?.destroy();
      throw new ConnectionLostError();
    }
    if (requestFault?.kind === "changedFile" && stored) stored.job.revision += 1;
    const reply =
      faultReply(requestFault, request, now()) ?? (await objectReply(request, stored, secret, options));
    const replyFault = stored?.faults.nextForReply(candidate);
    if (record) {
      record.status = replyFault?.kind === "lostReply" ? undefined : reply.status;
      record.fault ??= replyFault?.kind;
    }
    const isHead = request.method === "HEAD";
    return deliver(reply, replyFault, { connection, delay, onEnd: () => {}, isHead });
  }

  return {
    origin: options.origin,
    async link(sample, stored, expiresAt) {
      const url = new URL(sample.pathname + sample.search, this.origin);
      const expires = String(Math.floor(expiresAt / 1000));
      objects.delete(url.pathname);
      objects.set(url.pathname, stored);
      const [oldest] = objects.keys();
      if (objects.size > MAX_OBJECTS && oldest !== undefined) objects.delete(oldest);
      url.searchParams.set("Expires", expires);
      url.searchParams.set("Signature", await signLink(secret, url.pathname, expires));
      return url.href;
    },
    async handler(request, connection) {
      const stored = objects.get(new URL(request.url).pathname);
      if (!stored) return answer(request, undefined, undefined, connection);
      const record = stored.log.append(request, now());
      Object.assign(record, { path: "(store)", operation: "(store)", job: stored.job.id });
      stored.onRequest(record);
      try {
        return await answer(request, stored, record, connection);
      } finally {
        record.endedAt = now();
        stored.onRequest(record);
      }
    },
    clear: () => objects.clear(),
  };
}

/** The parts of an export that a link is: a poll, too, if it is asked at until the file is there. */
function partsOf(polled: PolledLink | undefined): Set<Part> {
  if (!polled) return new Set(["file"]);
  return new Set(polled.isReady() ? ["poll", "download", "file"] : ["poll"]);
}

/** The error that a fault asks for. */
function faultReply(fault: RequestFault | undefined, request: Request, now: number): Reply | undefined {
  if (fault?.kind === "expiredLink") return expiredError(expiresOf(request) ?? "0", now);
  if (fault?.kind === "unknownStatus")
    return xmlError(202, String(fault.word ?? faultKinds.unknownStatus.fields.word.default), "Not yet.");
  if (fault?.kind !== "error") return undefined;
  const {
    status = faultKinds.error.fields.status.default,
    sendAs = status,
    message = "Please try again.",
    retryAfter,
  } = fault;
  const reply = xmlError(sendAs, "InternalError", message);
  if (retryAfter !== undefined) reply.headers.set("retry-after", String(retryAfter));
  return reply;
}

/** The reply with an object, or the error for a request that the store refuses. */
async function objectReply(
  request: Request,
  stored: StoredObject | undefined,
  secret: string,
  { now, vendorHeaders }: StoreOptions,
): Promise<Reply> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return xmlError(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
  }
  const url = new URL(request.url);
  const expires = expiresOf(request);
  const signature = url.searchParams.get("Signature");
  const credential = [...request.headers.keys()].find((name) => vendorHeaders.has(name));
  if (signature !== null && credential !== undefined) {
    return xmlError(
      400,
      "InvalidArgument",
      "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
      `<ArgumentName>${credential}</ArgumentName>`,
    );
  }
  if (signature === null || expires === null) return xmlError(403, "AccessDenied", "Access Denied");
  if (signature !== (await signLink(secret, url.pathname, expires))) {
    return xmlError(
      403,
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided.",
    );
  }
  if (Number(expires) * 1000 < now()) return expiredError(expires, now());
  if (!stored) return xmlError(404, "NoSuchKey", "The specified key does not exist.");
  return stored.polled?.poll() ?? fileReply(request.headers, stored.file());
}

function expiresOf({ url }: Request): string | null {
  return new URL(url).searchParams.get("Expires");
}
