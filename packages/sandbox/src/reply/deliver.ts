import type { LateFault } from "../fault/fault.js";
import { type BodyOptions, bodyStream } from "./body-stream.js";
import { type Connection, ConnectionLostError } from "./connection.js";
import { type Reply, textReply } from "./reply.js";

const LOGIN_PAGE =
  "<!doctype html>\n<html><head><title>Sign in</title></head><body><h1>Please sign in</h1></body></html>\n";

/** What a reply is sent with. */
export interface Delivery {
  readonly connection: Connection | undefined;
  /** Whether the answer to a HEAD request is wanted. */
  readonly isHead?: boolean;
  delay(ms: number): Promise<void>;
  /** Called when the whole of it has been sent. */
  onEnd(): void;
}

/**
 * Sends a reply, with what goes wrong on the way.
 * @throws {ConnectionLostError} in place of the reply, where the connection breaks before it
 */
export function deliver(made: Reply, fault: LateFault | undefined, delivery: Delivery): Response {
  if (fault?.kind === "lostReply") {
    delivery.connection?.destroy();
    throw new ConnectionLostError();
  }
  const reply =
    fault?.kind === "html" ? textReply(200, "text/html; charset=utf-8", fault.body ?? LOGIN_PAGE) : made;
  const { status, headers, body, isFile } = reply;
  if (fault?.kind === "headers")
    for (const [name, value] of Object.entries(fault.headers)) headers.set(name, value);
  if (!body || delivery.isHead) {
    delivery.onEnd();
    return new Response(null, { status, headers });
  }
  const sending = bodyOptions(fault, body.sizeBytes);
  if (fault?.kind === "truncatedBody") headers.set("connection", "close");
  if (!isFile && !sending) {
    delivery.onEnd();
    const bytes = new Uint8Array(body.sizeBytes);
    let at = 0;
    for (const chunk of body.chunks()) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return new Response(bytes, { status, headers });
  }
  const { connection, delay, onEnd } = delivery;
  return new Response(bodyStream(body.chunks(), { ...sending, connection, delay, onEnd }), {
    status,
    headers,
  });
}

function bodyOptions(fault: LateFault | undefined, sizeBytes: number): Partial<BodyOptions> | undefined {
  switch (fault?.kind) {
    case "cutConnection":
      return { to: fault.atByte ?? Math.floor(sizeBytes / 2), breaks: true };
    case "truncatedBody":
      return { to: fault.atByte ?? Math.floor(sizeBytes / 2) };
    case "slowBody":
      return { bytesPerSecond: fault.bytesPerSecond ?? 10_000 };
    default:
      return undefined;
  }
}
