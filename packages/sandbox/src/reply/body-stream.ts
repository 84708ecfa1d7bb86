import { type Connection, ConnectionLostError } from "./connection.js";

/** How a body is sent. */
export interface BodyOptions {
  /** The byte to stop before. */
  readonly to?: number;
  /** Break the connection where the body stops. */
  readonly breaks?: boolean;
  readonly bytesPerSecond?: number;
  readonly connection?: Connection | undefined;
  /** Waits for so many milliseconds. */
  delay(ms: number): Promise<void>;
  /** Called once, when the body has ended or is no longer wanted. */
  onEnd?(): void;
}

/** How long the bytes before a break have to leave the machine. */
const FLUSH_MS = 25;

/** Sends bytes as they are asked for: all, a part, slowly, or until the connection breaks. */
export function bodyStream(bytes: Iterable<Uint8Array>, options: BodyOptions): ReadableStream<Uint8Array> {
  const { to = Number.POSITIVE_INFINITY, breaks = false, bytesPerSecond, connection, delay } = options;
  const chunks = bytes[Symbol.iterator]();
  let at = 0;
  let rest: Uint8Array | undefined;
  let hasEnded = false;

  function end(): void {
    if (hasEnded) return;
    hasEnded = true;
    options.onEnd?.();
  }

  /** The next bytes that are wanted. */
  function next(): Uint8Array | undefined {
    while (!rest?.length) {
      if (at >= to) return undefined;
      const { done, value } = chunks.next();
      if (done) return undefined;
      rest = value.subarray(0, Math.min(to - at, value.length));
      at += value.length;
    }
    const piece = bytesPerSecond === undefined ? rest.length : Math.max(Math.floor(bytesPerSecond / 10), 1);
    const taken = rest.subarray(0, piece);
    rest = rest.subarray(piece);
    return taken;
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const piece = next();
        if (piece) {
          if (bytesPerSecond !== undefined) await delay((piece.length / bytesPerSecond) * 1000);
          controller.enqueue(piece);
          return;
        }
        if (breaks) await delay(FLUSH_MS);
        end();
        if (breaks && connection) connection.destroy();
        if (breaks && !connection) controller.error(new ConnectionLostError());
        else controller.close();
      },
      cancel: end,
    },
    { highWaterMark: 1 },
  );
}
