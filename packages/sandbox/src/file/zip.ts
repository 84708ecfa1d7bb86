import { Zip, ZipPassThrough } from "fflate";
import type { ByteSource } from "./byte-source.js";

/** A ZIP archive. Its files are stored without compression, so its size is known in advance. */
export function zipFile(
  entries: readonly { readonly name: string; readonly source: ByteSource }[],
): ByteSource {
  return {
    sizeBytes:
      zipOverhead(entries.map(({ name }) => name)) +
      entries.reduce((sum, { source }) => sum + source.sizeBytes, 0),
    *chunks() {
      let ready: Uint8Array[] = [];
      const drain = (): Uint8Array[] => {
        const chunks = ready;
        ready = [];
        return chunks;
      };
      const zip = new Zip((error, chunk) => {
        if (error) throw error;
        if (chunk.length > 0) ready.push(chunk);
      });
      for (const { name, source } of entries) {
        const file = new ZipPassThrough(name);
        file.mtime = new Date(2026, 10, 22, 8, 0, 0);
        zip.add(file);
        for (const chunk of source.chunks()) {
          file.push(chunk);
          yield* drain();
        }
        file.push(new Uint8Array(), true);
        yield* drain();
      }
      zip.end();
      yield* drain();
    },
  };
}

/** The bytes of an archive apart from its files: for each file a local header, a data descriptor and a directory entry, and the end of the directory. */
export function zipOverhead(names: readonly string[]): number {
  const encoder = new TextEncoder();
  return names.reduce((sum, name) => sum + 30 + 16 + 46 + 2 * encoder.encode(name).length, 22);
}
