import type { EventChannel } from "../../client/events.js";
import { DownloadError } from "../../errors/download-error.js";
import type { FileOptions } from "../../file/options.js";
import type { DownloadSink, TransferInfo } from "../../file/sink.js";
import type { ByteTransport } from "../../http/transport.js";
import type { Hash } from "../../transfer/digests.js";

/** Where anybody in the process can listen; there is no such thing here. */
export function eventChannel(_name: string): EventChannel | undefined {
  return undefined;
}

/** The platform's own way of requesting; none here: fetch is. */
export function platformTransport(_agent: object | undefined): ByteTransport | undefined {
  return undefined;
}

/** Only a transport that leaves the encoding in place needs it, and fetch does not. */
export function decode(body: AsyncIterable<Uint8Array>, _encoding: string): AsyncIterable<Uint8Array> {
  return body;
}

/**
 * `crypto.subtle` digests whole buffers only, so the file is held in memory until its end, and there is no MD5. Workers have a digest that
 * takes a stream.
 */
export async function createHash(name: "sha256" | "md5"): Promise<Hash> {
  const { DigestStream } = crypto as {
    DigestStream?: new (name: string) => WritableStream<Uint8Array> & { digest: Promise<ArrayBuffer> };
  };
  const label = name === "md5" ? "MD5" : "SHA-256";
  if (DigestStream) {
    const stream = new DigestStream(label);
    const writer = stream.getWriter();
    return {
      update: (chunk) => void writer.write(chunk).catch(() => {}), // the close tells
      digest: async () => {
        await writer.close();
        return hex(await stream.digest);
      },
    };
  }
  if (name === "md5") throw new TypeError("download: there is no MD5 on this platform; expect a sha256");
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  return {
    update: (chunk) => void chunks.push(chunk as Uint8Array<ArrayBuffer>), // nobody sends shared memory over the network
    digest: async () => hex(await crypto.subtle.digest(label, await new Blob(chunks).arrayBuffer())),
  };
}

function hex(digest: ArrayBuffer): string {
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @throws {@link DownloadError} always: there are no paths here */
export async function checkPath(to: string | URL, _options: FileOptions): Promise<void> {
  throw new DownloadError(
    "FILE_ERROR",
    `download: cannot save to the path ${to}: no file system here; give a WritableStream or a file handle`,
    {
      systemCode: "ENOTSUP",
    },
  );
}

export async function openPath(
  to: string | URL,
  options: FileOptions,
  _transfer: TransferInfo,
): Promise<DownloadSink> {
  return checkPath(to, options) as Promise<never>;
}

export async function cleanupDirectory(directory: string | URL, _olderThanMs: number): Promise<string[]> {
  return checkPath(directory, {}) as Promise<never>;
}
