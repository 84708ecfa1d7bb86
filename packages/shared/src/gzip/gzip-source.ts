import type { FileLocation, FileSource } from "../transfer/source.js";
import type { Transfer } from "../transfer/transfer.js";
import type { Reply } from "../workflow/workflow.js";
import { type GzipFile, readClaim } from "./claim.js";
import { gzipTransfer } from "./gzip-transfer.js";

/** Makes the source of a file one that may be gzip: the file gets its right name, and is unpacked with `decompress: true`. */
export function gzipSource<T extends object>(source: T, gzip: GzipFile = { inside: {} }): T {
  return withGzip(source as unknown as FileSource, gzip) as unknown as T; // generated code hands over nothing else
}

function withGzip(source: FileSource, gzip: GzipFile): FileSource {
  if (source.reply?.url.protocol === "about:") return source; // it stands for a file that the vendor never made
  let word: unknown;
  return {
    ...source,
    async locate(options): Promise<FileLocation> {
      const location = await source.locate(options);
      if (location.reply) word = gzip.compression?.(location.reply as Reply);
      return location;
    },
    wrap: <T extends object>(transfer: T, createTransfer: unknown): T => {
      const inner = source.wrap?.(transfer, createTransfer) ?? transfer;
      const wrapped = gzipTransfer(inner as unknown as Transfer, ({ filename, contentType }) =>
        readClaim({ type: contentType, name: filename }, { types: source.types, gzip }, word),
      );
      return wrapped as unknown as T; // only transfers are wrapped
    },
  };
}
