import type { ClientRequest, IncomingMessage } from "node:http";
import { connectionReset, wasReset } from "./connection-reset.js";

/** How much may wait for a reader before the server is held back. */
const MAX_QUEUED_BYTES = 1 << 20;
const MAX_QUEUED_CHUNKS = 1024;

/** A body whose reader can get what has already arrived without waiting. */
export interface NodeBody extends AsyncIterable<Uint8Array> {
  /** The next chunk, if one has arrived. */
  nextBuffered(): Uint8Array | undefined;
}

/**
 * Reads a reply's body chunk by chunk. A connection that is reset fails the request only: a body that ends with its connection would look whole. The stream's own iterator throws its buffer away when the connection breaks, and a download
 * would have to fetch those bytes again; this one yields them first.
 * @param ended has a reason once we have ended the reply ourselves; what is queued is of no use then
 */
export function readBody(sent: ClientRequest, reply: IncomingMessage, ended: { reason?: unknown }): NodeBody {
  const queue: Uint8Array[] = [];
  let queuedBytes = 0;
  let end: { error?: unknown } | undefined;
  let broken: { error?: unknown } = {};
  let wakeReader: (() => void) | undefined;
  let wakeScheduled = false;
  const isFull = () => queuedBytes >= MAX_QUEUED_BYTES || queue.length >= MAX_QUEUED_CHUNKS;
  const wake = () => {
    wakeScheduled = false;
    wakeReader?.();
  };
  const settle = (how: { error?: unknown }) => {
    end ??= how;
    wake();
  };
  reply.on("data", (chunk: Uint8Array) => {
    queue.push(chunk);
    queuedBytes += chunk.length;
    if (isFull()) reply.pause();
    // The socket often has more in the same turn: one wake-up for all of it is cheaper than one a chunk.
    if (!wakeReader || wakeScheduled) return;
    wakeScheduled = true;
    setImmediate(wake);
  });
  sent.on("error", (error) => {
    broken = { error };
  });
  const { socket } = sent;
  const onSocketEnd = () => {
    if (socket && wasReset(socket)) broken = { error: connectionReset() };
  };
  socket?.prependOnceListener("end", onSocketEnd);
  reply.on("end", () => settle(broken));
  reply.on("error", (error) => settle({ error }));
  reply.on("close", () => {
    socket?.removeListener("end", onSocketEnd); // the connection goes on to carry other replies
    settle({ error: new Error("closed early") });
  });

  function nextBuffered(): Uint8Array | undefined {
    if ("reason" in ended) return undefined;
    const chunk = queue.shift();
    if (chunk) queuedBytes -= chunk.length;
    if (!isFull() && reply.isPaused()) reply.resume();
    return chunk;
  }

  async function next(): Promise<IteratorResult<Uint8Array>> {
    for (;;) {
      if ("reason" in ended) throw ended.reason;
      const value = nextBuffered();
      if (value) return { done: false, value };
      if (end && "error" in end) throw end.error;
      if (end) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        wakeReader = resolve;
      });
      wakeReader = undefined;
    }
  }
  return { nextBuffered, [Symbol.asyncIterator]: () => ({ next }) };
}
