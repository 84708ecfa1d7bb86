import { decodedBody } from "../body/body.js";
import { DownloadError } from "../errors/download-error.js";
import { isGzip } from "../file/file-types.js";
import type { RestartReason } from "../file/options.js";
import { type RawReply, undoneEncoding } from "../http/transport.js";
import { bufferHead, headCheck } from "./checks.js";
import { connectionFailure, RetryableFailure } from "./retry.js";
import { checkChangeAllowed, countBytes, downloadError, type TransferState } from "./state.js";

const NOTHING = new Uint8Array();

/**
 * Yields the body's new bytes in batches, checked; its end is the end of the file.
 * @param from the offset of the body's first byte
 * @param end where a range ends
 */
export async function* receiveBody(
  state: TransferState,
  reply: RawReply,
  from: number,
  end: number | undefined,
): AsyncGenerator<Uint8Array[], void> {
  const receiver = createReceiver(state, reply, from, end);
  const nextBuffered = undoneEncoding(reply) === "" ? reply.nextBuffered : undefined;
  for await (const first of readBody(reply, receiver.headBytes)) {
    const batch: Uint8Array[] = [];
    let failure: { error: unknown } | undefined;
    try {
      for (let chunk: Uint8Array | undefined = first; chunk; chunk = nextBuffered?.()) {
        const accepted = receiver.accept(chunk);
        if (accepted.length) batch.push(accepted);
      }
    } catch (error) {
      failure = { error };
    }
    // What is counted is passed on, whatever comes after it.
    if (batch.length) {
      state.progress.report(state.bytes, state.version?.total);
      yield batch;
    }
    if (failure) throw failure.error;
  }
  receiver.checkEnd();
}

interface Receiver {
  /** How many bytes of the beginning have to be seen at once. */
  readonly headBytes: number;
  /** Returns what of a chunk is new, and counts it. */
  accept(chunk: Uint8Array): Uint8Array;
  /** @throws where the body has ended before the file has */
  checkEnd(): void;
}

function createReceiver(
  state: TransferState,
  reply: RawReply,
  from: number,
  end: number | undefined,
): Receiver {
  const { url } = reply;
  const { source } = state;
  const { maxBytes = Infinity, expected } = state.options;
  const limit = Math.min(maxBytes, expected?.sizeBytes ?? Infinity);
  const isStart = !state.bytes;
  const check = isStart ? headCheck(reply, state.options, source.types) : undefined;
  const inspection = isStart ? source.inspect?.(reply) : undefined;
  let position = from;

  const mismatch = (problem: string, restart: RestartReason) =>
    new RetryableFailure(downloadError("RANGE_MISMATCH", url, problem), { immediately: true, restart });

  /** @throws where the first bytes are not those of the file */
  function checkFirstBytes(chunk: Uint8Array): void {
    const error = inspection?.errorIn(chunk);
    if (error) throw error;
    if (!check || check.accepts(chunk)) return;
    const text = new TextDecoder().decode(chunk.subarray(0, 8192));
    const what = isGzip(chunk) ? "gzip" : "a body";
    throw downloadError("UNEXPECTED_CONTENT", url, `sent ${what} that does not begin as the file should`, {
      body: reply.redact?.(text),
    });
  }

  function acceptNew(chunk: Uint8Array): Uint8Array {
    if (!state.bytes) checkFirstBytes(chunk);
    if (state.bytes + chunk.length > limit) {
      const code = limit === maxBytes ? "TOO_LARGE" : "SIZE_MISMATCH";
      throw downloadError(code, url, `sent more than ${limit} bytes`);
    }
    // More than was announced comes only from a transport that decodes and hides it.
    if (end === undefined && position > (state.version?.total ?? position))
      state.version = { encoded: true, noRanges: true };
    countBytes(state, chunk);
    return chunk;
  }

  return {
    headBytes: Math.max(check?.bytes ?? 0, inspection?.bytes ?? 0),
    accept(chunk) {
      const start = position;
      position += chunk.length;
      if (end !== undefined && position > end) throw mismatch("sent more than the range", "rangeMismatch");
      if (start >= state.bytes) return acceptNew(chunk);
      const known = chunk.subarray(0, state.bytes - start);
      if (!matchesTail(state, known, start)) {
        checkChangeAllowed(state, url, "sent other bytes than before");
        throw mismatch("sent other bytes than before", "changed");
      }
      return known.length < chunk.length ? acceptNew(chunk.subarray(known.length)) : NOTHING;
    },
    checkEnd() {
      if (isStart && !state.bytes) checkFirstBytes(NOTHING);
      if (state.bytes >= (state.version?.total ?? 0) && position >= state.bytes) return;
      if (position !== end) throw connectionFailure(url, undefined, reply.redact, "broke off");
      throw new RetryableFailure(downloadError("INCOMPLETE", url, "sent a part of the range"), {
        immediately: true,
      });
    },
  };
}

/** Yields the decoded body; what it throws says whether another attempt may help. */
async function* readBody(reply: RawReply, headBytes: number): AsyncGenerator<Uint8Array, void> {
  const body = decodedBody(reply);
  try {
    yield* headBytes ? bufferHead(body, headBytes) : body;
  } catch (error) {
    if (!(error instanceof DownloadError))
      throw connectionFailure(reply.url, error, reply.redact, "broke off");
    if (error.code === "TIMEOUT") throw new RetryableFailure(error);
    if (error.code !== "DIGEST_MISMATCH") throw error;
    throw new RetryableFailure(error, { immediately: true, restart: "digestMismatch" });
  }
}

/** True if bytes that come a second time are the same, as far as they are remembered. */
function matchesTail({ tail, bytes }: TransferState, repeated: Uint8Array, start: number): boolean {
  const offset = start - (bytes - tail.length);
  return offset < 0 || repeated.every((byte, index) => byte === tail[offset + index]);
}
