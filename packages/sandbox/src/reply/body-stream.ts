import { type Connection, ConnectionLostError } from "./connection.js";

/** The options of {@link bodyStream}. */
export interface BodyOptions {
  /** The number of bytes to send. @default all */
  readonly limit?: number;
  /** Break the connection at the end. */
  readonly breaks?: boolean;
  readonly bytesPerSecond?: number;
  readonly connection?: Connection | undefined;
  delay(ms: number): Promise<void>;
  /** Called once, when the body has ended or is cancelled. */
  onEnd?(): void;
}

/** The time for the bytes before a break to leave the machine. */
const FLUSH_MS = 25;

/** Streams bytes on demand: all of them, the first ones, slowly, or until the connection breaks. */
export function bodyStream(bytes: Iterable<Uint8Array>, options: BodyOptions): ReadableStream<Uint8Array> {
  const { limit = Number.POSITIVE_INFINITY, breaks = false, bytesPerSecond, connection, delay } = options;
  const pieces = limitedPieces(bytes, limit, bytesPerSecond)[Symbol.iterator]();
  let hasEnded = false;

  function end(): void {
    if (hasEnded) return;
    hasEnded = true;
    options.onEnd?.();
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value: piece } = pieces.next();
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

/** The first `limit` bytes. A slow body has pieces of a tenth of a second. */
function* limitedPieces(
  bytes: Iterable<Uint8Array>,
  limit: number,
  bytesPerSecond: number | undefined,
): Generator<Uint8Array, undefined> {
  let left = limit;
  for (const chunk of bytes) {
    const allowed = chunk.subarray(0, Math.min(left, chunk.length));
    left -= allowed.length;
    const size = bytesPerSecond === undefined ? allowed.length : Math.max(Math.floor(bytesPerSecond / 10), 1);
    for (let at = 0; at < allowed.length; at += size) yield allowed.subarray(at, at + size);
    if (left <= 0) return;
  }
}
