import { faultKinds, type ReplyFault } from "../fault/fault-kinds.js";
import type { ByteSource } from "../file/byte-source.js";
import { type BodyOptions, bodyStream } from "./body-stream.js";
import { type Connection, ConnectionLostError } from "./connection.js";
import { type Reply, textReply } from "./reply.js";

const LOGIN_PAGE =
  "<!doctype html>\n<html><head><title>Sign in</title></head><body><h1>Please sign in</h1></body></html>\n";

/** The connection that a reply is sent on. */
export interface Delivery {
  readonly connection: Connection | undefined;
  /** True if the reply answers a HEAD request. */
  readonly isHead?: boolean;
  delay(ms: number): Promise<void>;
  /** Called when the reply is sent. */
  onEnd(): void;
}

/**
 * Sends a reply, changed by a fault.
 * @throws {ConnectionLostError} if the fault breaks the connection before the reply
 */
export function deliver(intended: Reply, fault: ReplyFault | undefined, delivery: Delivery): Response {
  if (fault?.kind === "lostReply") {
    delivery.connection?.destroy();
    throw new ConnectionLostError();
  }
  const reply =
    fault?.kind === "html" ? textReply(200, "text/html; charset=utf-8", fault.body ?? LOGIN_PAGE) : intended;
  const { status, headers, body, isFile } = reply;
  if (fault?.kind === "headers")
    for (const [name, value] of Object.entries(fault.headers)) headers.set(name, value);
  if (!body || delivery.isHead) {
    delivery.onEnd();
    return new Response(null, { status, headers });
  }
  const faultOptions = bodyOptions(fault, body.sizeBytes);
  if (fault?.kind === "truncatedBody") headers.set("connection", "close");
  if (!isFile && !faultOptions) {
    delivery.onEnd();
    return new Response(readAll(body), { status, headers });
  }
  const { connection, delay, onEnd } = delivery;
  const stream = bodyStream(body.chunks(), { ...faultOptions, connection, delay, onEnd });
  return new Response(stream, { status, headers });
}

function bodyOptions(fault: ReplyFault | undefined, sizeBytes: number): Partial<BodyOptions> | undefined {
  switch (fault?.kind) {
    case "cutConnection":
      return {
        limit: fault.atByte ?? Math.floor(sizeBytes / 2),
        breaks: true,
        ...(fault.bytesPerSecond === undefined ? {} : { bytesPerSecond: fault.bytesPerSecond }),
      };
    case "truncatedBody":
      return { limit: fault.atByte ?? Math.floor(sizeBytes / 2) };
    case "slowBody":
      return { bytesPerSecond: fault.bytesPerSecond ?? faultKinds.slowBody.fields.bytesPerSecond.default };
    default:
      return undefined;
  }
}

function readAll(body: ByteSource): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(body.sizeBytes);
  let at = 0;
  for (const chunk of body.chunks()) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
