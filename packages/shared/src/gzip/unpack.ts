import { DownloadError } from "../errors/download-error.js";
import type { Hash } from "../file/hash.js";
import type { DownloadOptions } from "../file/options.js";
import type { Claim } from "./claim.js";
import { beginsLikeGzip, whatBegins } from "./found.js";

/** What is known of the bytes that came out. */
export interface Unpacked {
  bytes: number;
  sha256: string | undefined;
}

export interface UnpackContext {
  readonly claim: Claim;
  /** True if a content encoding was undone before: a server may have meant the file's own compression by it. */
  readonly wasEncoded: boolean;
  readonly options: DownloadOptions;
  readonly hash: Hash | undefined;
  readonly result: Unpacked;
  readonly elapsedMs: () => number;
}

/**
 * Unpacks a gzip file while it comes, and passes on what is none and never was said to be.
 * @throws {@link DownloadError} `UNEXPECTED_CONTENT`, `DECODE_ERROR`, `TOO_LARGE`, `TIMEOUT`, `UNSUPPORTED_ENCODING`
 */
export async function* unpack(
  body: AsyncIterable<Uint8Array>,
  { claim, wasEncoded, options, hash, result, elapsedMs }: UnpackContext,
): AsyncGenerator<Uint8Array> {
  const { maxBytes = Infinity, timeouts: { totalMs = Infinity } = {}, signal } = options;
  result.bytes = 0;
  for await (const chunk of plainBytes(body, claim, wasEncoded)) {
    signal?.throwIfAborted();
    if (elapsedMs() > totalMs)
      throw new DownloadError("TIMEOUT", `download: not unpacked within ${totalMs / 1000} s`, {
        phase: "total",
      });
    result.bytes += chunk.length;
    if (result.bytes > maxBytes)
      throw new DownloadError(
        "TOO_LARGE",
        `download: the unpacked file has more than maxBytes, ${maxBytes} bytes`,
      );
    hash?.update(chunk);
    yield chunk;
  }
  result.sha256 = await hash?.digest();
}

async function* plainBytes(
  body: AsyncIterable<Uint8Array>,
  claim: Claim,
  wasEncoded: boolean,
): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  const head = await readHead(chunks);
  checkClaim(head, wasEncoded ? {} : claim);
  const whole = withHead(head, chunks);
  if (!beginsLikeGzip(head)) return yield* whole;
  const { gunzip } = await import("#gunzip");
  try {
    yield* gunzip(whole);
  } catch (error) {
    if ((error as { code?: string }).code !== "Z_BUF_ERROR") throw error;
    throw new DownloadError(
      "DECODE_ERROR",
      "download: the gzip file ends too early: its end was never sent",
      {
        cause: error,
      },
    );
  }
}

/** Looks whether the file is what it is said to be. @throws {@link DownloadError} */
export function checkClaim(head: Uint8Array, { isGzipBy, other }: Claim): void {
  if (beginsLikeGzip(head)) return;
  if (other !== undefined)
    throw new DownloadError(
      "UNSUPPORTED_ENCODING",
      `download: the vendor says that the file is compressed with ${JSON.stringify(other.slice(0, 40))}, which cannot be undone; without decompress it is kept as it is`,
    );
  if (isGzipBy)
    throw new DownloadError(
      "UNEXPECTED_CONTENT",
      `download: the file is said to be gzip by ${isGzipBy === "spec" ? "its vendor" : "its name or type"}, but it ${whatBegins(head)}`,
    );
}

/** Reads until there are bytes; one is enough to tell gzip from text. */
async function readHead(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  for (;;) {
    const { done, value } = await chunks.next();
    if (done) return new Uint8Array();
    if (value.length > 0) return value;
  }
}

async function* withHead(head: Uint8Array, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  yield* { [Symbol.asyncIterator]: () => chunks };
}
