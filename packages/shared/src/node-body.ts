import type { IncomingMessage } from "node:http";

/** How much may wait for a reader before the server is held back. */
const HIGH_BYTES = 1 << 18;
const HIGH_CHUNKS = 512;

/**
 * The body of a reply, chunk by chunk. Unlike the stream's own iterator it keeps what has arrived when the connection breaks: the stream
 * throws its buffer away then, and a download would have to fetch those bytes again.
 * @param given whether we ended the reply ourselves; what has arrived is of no use then
 */
export function bodyChunks(reply: IncomingMessage, given: { reason?: unknown }): AsyncIterable<Uint8Array> {
  const queue: Uint8Array[] = [];
  let size = 0;
  let end: { error?: unknown } | undefined;
  let wake: (() => void) | undefined;
  const settle = (how: { error?: unknown }) => {
    end ??= how;
    wake?.();
  };
  reply.on("data", (chunk: Uint8Array) => {
    queue.push(chunk);
    size += chunk.length;
    if (size >= HIGH_BYTES || queue.length >= HIGH_CHUNKS) reply.pause();
    wake?.();
  });
  reply.on("end", () => settle({}));
  reply.on("error", (error) => settle({ error }));
  reply.on("close", () => settle({ error: new Error("closed early") }));

  async function next(): Promise<IteratorResult<Uint8Array>> {
    for (;;) {
      if ("reason" in given) throw given.reason;
      const value = queue.shift();
      if (value) {
        size -= value.length;
        if (size < HIGH_BYTES && queue.length < HIGH_CHUNKS && reply.isPaused()) reply.resume();
        return { done: false, value };
      }
      if (end && "error" in end) throw end.error;
      if (end) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      wake = undefined;
    }
  }
  return { [Symbol.asyncIterator]: () => ({ next }) };
}
