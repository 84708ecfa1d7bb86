import { toHex } from "../../encoding/hex.js";
import type { Hash } from "../../file/hash.js";
import type { Platform } from "../platform.js";

/** Browsers and Workers: requests by `fetch`, which decodes bodies itself, and no paths. */
export const platform: Platform = {
  eventChannel: () => undefined,
  createTransport: () => undefined,
  decode: (body) => body,
  async createHash(name) {
    const algorithm = name === "md5" ? "MD5" : `SHA-${name.slice(3)}`;
    const { DigestStream } = crypto as { DigestStream?: DigestStreamClass };
    if (DigestStream) return streamHash(new DigestStream(algorithm));
    if (name === "md5") throw new TypeError("download: there is no MD5 on this platform; expect a sha256");
    return bufferedHash(algorithm);
  },
};

/** A digest of Workers that takes a stream. */
type DigestStreamClass = new (
  name: string,
) => WritableStream<Uint8Array> & { readonly digest: Promise<ArrayBuffer> };

function streamHash(stream: InstanceType<DigestStreamClass>): Hash {
  const writer = stream.getWriter();
  return {
    update: (chunk) => void writer.write(chunk).catch(() => {}), // close() rejects with the same error
    async digest() {
      await writer.close();
      return toHex(new Uint8Array(await stream.digest));
    },
  };
}

/** `crypto.subtle` digests whole buffers only, so the file stays in memory until its end. */
function bufferedHash(algorithm: string): Hash {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  return {
    update: (chunk) => void chunks.push(chunk as Uint8Array<ArrayBuffer>), // nobody sends shared memory over the network
    digest: async () =>
      toHex(new Uint8Array(await crypto.subtle.digest(algorithm, await new Blob(chunks).arrayBuffer()))),
  };
}
