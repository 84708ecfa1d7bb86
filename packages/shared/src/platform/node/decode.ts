import { once } from "node:events";
import type { Transform } from "node:stream";
import zlib from "node:zlib";
import { DownloadError } from "../../errors/download-error.js";

/**
 * Undoes a content encoding strictly: the stream must end where the body does, with the right checksum.
 * @param isPadded allows zeros behind the end, as gzip(1) does
 */
export async function* decodeBody(
  body: AsyncIterable<Uint8Array>,
  encoding: string,
  isPadded = false,
): AsyncGenerator<Uint8Array> {
  let decoder: (Transform & { bytesWritten?: number }) | undefined;
  let fed = 0;
  let zeros = 0;
  let failed: { error: unknown } | undefined;

  /** Feeds the decoder; what goes wrong with the body ends the decoder as well. */
  const feed = async (into: Transform, first: Uint8Array, rest: AsyncIterator<Uint8Array>) => {
    try {
      for (let chunk: Uint8Array | undefined = first; chunk; ) {
        fed += chunk.length;
        if (isPadded) zeros = zerosAtEnd(chunk, zeros);
        if (!into.write(chunk) && !into.destroyed) await drained(into);
        if (into.destroyed) return;
        const next: IteratorResult<Uint8Array> = await rest.next();
        chunk = next.done ? undefined : next.value;
      }
      into.end();
    } catch (error) {
      failed = { error };
      into.destroy();
    }
  };

  const iterator = body[Symbol.asyncIterator]();
  let first: Uint8Array;
  do {
    const { done, value } = await iterator.next();
    if (done) throw cutShort();
    first = value;
  } while (!first.length);
  decoder = createDecoder(encoding, first);
  try {
    const feeding = feed(decoder, first, iterator);
    yield* decoder as AsyncIterable<Uint8Array>;
    await feeding;
  } catch (error) {
    if (failed) throw failed.error;
    const code = (error as { code?: string }).code;
    if (code === "Z_BUF_ERROR") throw cutShort(error);
    throw new DownloadError("DECODE_ERROR", `download: the body is no valid ${encoding} (${code})`, {
      cause: error,
    });
  } finally {
    decoder.destroy();
  }
  // zlib is silent about bytes behind the end.
  if (decoder.bytesWritten !== undefined && decoder.bytesWritten < fed - zeros) {
    throw new DownloadError("DECODE_ERROR", `download: the body goes on after the end of its ${encoding}`);
  }
}

/** Waits until there is room again, or the decoder is closed; leaves no listener behind. */
async function drained(decoder: Transform): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  await Promise.race([once(decoder, "drain", { signal }), once(decoder, "close", { signal })]);
  over.abort();
}

/** How many zeros the bytes so far end with. */
function zerosAtEnd(chunk: Uint8Array, before: number): number {
  let last = chunk.length;
  while (last > 0 && chunk[last - 1] === 0) last--;
  return last ? chunk.length - last : before + chunk.length;
}

function cutShort(cause?: unknown): Error {
  return Object.assign(new Error("the encoded body ends too early", { cause }), { code: "Z_BUF_ERROR" });
}

function createDecoder(encoding: string, first: Uint8Array): Transform {
  switch (encoding) {
    case "gzip":
    case "x-gzip":
      return zlib.createGunzip();
    case "br":
      return zlib.createBrotliDecompress();
    case "deflate":
      // Meant is zlib (RFC 9110 §8.4.1.2); some servers send it without the wrapper.
      return ((first[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw();
    case "zstd": {
      const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform };
      if (createZstdDecompress) return createZstdDecompress();
    }
  }
  throw new DownloadError(
    "UNSUPPORTED_ENCODING",
    `download: the content encoding ${JSON.stringify(encoding.slice(0, 40))} is not known`,
  );
}
