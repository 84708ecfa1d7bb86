import { withExtension } from "../file/file-types.js";
import type { DownloadOptions } from "../file/options.js";
import type { FileHead } from "../transfer/state.js";
import { type Claim, GZIP_ENDING, isGzipType } from "./claim.js";

/** The head of a file as it is saved: `sales.csv.gz` where it stays gzip, `sales.csv` with the type of the inside where it is unpacked. */
export function gzipHead(
  head: FileHead,
  { isGzipBy, inside }: Claim,
  { decompress, filename: chosen }: DownloadOptions,
): FileHead {
  const { filename, contentType } = head;
  if (!isGzipBy) return head;
  const withoutEnding = filename.replace(GZIP_ENDING, (_ending, tar: string) => (tar ? ".tar" : ""));
  const plain = withExtension(withoutEnding, inside);
  if (decompress !== true) {
    const isNamed = filename !== withoutEnding && plain === withoutEnding;
    const isKept = isNamed || chosen !== undefined || isGzipBy === "server";
    return isKept ? head : { ...head, filename: `${plain}.gz` };
  }
  return {
    ...head,
    filename: typeof chosen === "string" ? filename : plain,
    contentType: inside ?? (isGzipType(contentType ?? "") ? undefined : contentType),
  };
}
