import { Zip, ZipPassThrough } from "fflate";
import type { ByteSource } from "./row-file.js";

/** A ZIP of files that are stored as they are, so that its size is known before it is made. */
export function zipFile(
  entries: readonly { readonly name: string; readonly source: ByteSource }[],
): ByteSource {
  return {
    sizeBytes:
      zipOverhead(entries.map(({ name }) => name)) +
      entries.reduce((sum, { source }) => sum + source.sizeBytes, 0),
    *chunks() {
      let ready: Uint8Array[] = [];
      const take = (): Uint8Array[] => {
        const taken = ready;
        ready = [];
        return taken;
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
          yield* take();
        }
        file.push(new Uint8Array(), true);
        yield* take();
      }
      zip.end();
      yield* take();
    },
  };
}

/** The bytes of a ZIP beside its files: for each a local header, a data descriptor and an entry of the directory, and the directory's end. */
export function zipOverhead(names: readonly string[]): number {
  const encoder = new TextEncoder();
  return names.reduce((sum, name) => sum + 30 + 16 + 46 + 2 * encoder.encode(name).length, 22);
}
