import { beginsWith } from "../file/file-types.js";

/** How files begin that are taken for gzip files by mistake. */
const BEGINNINGS: readonly (readonly [signature: string, what: string])[] = [
  ["PK", "is a ZIP file"],
  ["%PDF-", "is a PDF"],
  ["\x28\xb5\x2f\xfd", "is compressed with zstd"],
  ["BZh", "is compressed with bzip2"],
  ["\xfd7zXZ", "is compressed with xz"],
  ["<", "begins like a page or XML"],
];

/** True if a file's first bytes are those of gzip. RFC 1952 §2.3.1 */
export function beginsLikeGzip(head: Uint8Array): boolean {
  return head.length > 0 && beginsWith(head, "\x1f\x8b".slice(0, head.length));
}

/** Says what a file is that begins like this, and is no gzip file. */
export function whatBegins(head: Uint8Array): string {
  if (head.length === 0) return "is empty";
  const known = BEGINNINGS.find(([signature]) => beginsWith(head, signature));
  if (known) return known[1];
  return isText(head.subarray(0, 256)) ? "is plain text" : "begins with other bytes";
}

function isText(head: Uint8Array): boolean {
  return head.every((byte) => byte > 31 || (byte >= 9 && byte <= 13));
}
