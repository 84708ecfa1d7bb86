import { Gzip } from "fflate";
import type { ByteSource } from "./byte-source.js";

/** A gzip file. Its size is known once it was packed; the bytes are the same each time. */
export function gzipFile(content: ByteSource): ByteSource {
  let sizeBytes: number | undefined;
  function* chunks(): Iterable<Uint8Array> {
    let ready: Uint8Array[] = [];
    const drain = (): Uint8Array[] => {
      const packed = ready;
      ready = [];
      return packed;
    };
    const gzip = new Gzip({ level: 1, mtime: 0 }, (chunk) => {
      if (chunk.length > 0) ready.push(chunk);
    });
    for (const chunk of content.chunks()) {
      gzip.push(chunk);
      yield* drain();
    }
    gzip.push(new Uint8Array(), true);
    yield* drain();
  }
  return {
    get sizeBytes() {
      sizeBytes ??= [...chunks()].reduce((sum, { length }) => sum + length, 0);
      return sizeBytes;
    },
    chunks,
  };
}
