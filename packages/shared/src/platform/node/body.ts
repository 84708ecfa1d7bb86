import type { IncomingMessage } from "node:http";

/** How much may wait for a reader before the server is held back. */
const HIGH_BYTES = 1 << 20;
const HIGH_CHUNKS = 1024;

/** A body whose reader can take what has come already without waiting for it. */
export interface NodeBody extends AsyncIterable<Uint8Array> {
  /** The next chunk, where there is one. */
  more(): Uint8Array | undefined;
}

/**
 * The body of a reply, chunk by chunk. Unlike the stream's own iterator it keeps what has arrived when the connection breaks: the stream
 * throws its buffer away then, and a download would have to fetch those bytes again.
 * @param given whether we ended the reply ourselves; what has arrived is of no use then
 */
export function bodyChunks(reply: IncomingMessage, given: { reason?: unknown }): NodeBody {
  const queue: Uint8Array[] = [];
  let size = 0;
  let end: { error?: unknown } | undefined;
  let wake: (() => void) | undefined;
  let waking = false;
  const wakeUp = () => {
    waking = false;
    wake?.();
  };
  const settle = (how: { error?: unknown }) => {
    end ??= how;
    wakeUp();
  };
  reply.on("data", (chunk: Uint8Array) => {
    queue.push(chunk);
    size += chunk.length;
    if (size >= HIGH_BYTES || queue.length >= HIGH_CHUNKS) reply.pause();
    // Not at once: the socket has more in the same turn, and one waking for all of it costs a fraction.
    if (!wake || waking) return;
    waking = true;
    setImmediate(wakeUp);
  });
  reply.on("end", () => settle({}));
  reply.on("error", (error) => settle({ error }));
  reply.on("close", () => settle({ error: new Error("closed early") }));

  function more(): Uint8Array | undefined {
    if ("reason" in given) return undefined;
    const value = queue.shift();
    if (value) size -= value.length;
    if (size < HIGH_BYTES && queue.length < HIGH_CHUNKS && reply.isPaused()) reply.resume();
    return value;
  }

  async function next(): Promise<IteratorResult<Uint8Array>> {
    for (;;) {
      if ("reason" in given) throw given.reason;
      const value = more();
      if (value) return { done: false, value };
      if (end && "error" in end) throw end.error;
      if (end) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      wake = undefined;
    }
  }
  return { more, [Symbol.asyncIterator]: () => ({ next }) };
}
