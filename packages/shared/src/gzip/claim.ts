import type { FileTypes } from "../file/file-types.js";
import type { Reply } from "../workflow/workflow.js";

/** What a spec says of a file that is or may be gzip. */
export interface GzipFile {
  /** What is inside, by the media type of the file, or by the range of all types where the file stands at an address; `""` where nobody knows. */
  readonly inside: Readonly<Record<string, string>>;
  /** How the file at an address is compressed, in the vendor's word. Without it, such a file always is gzip. */
  compression?(reply: Reply): unknown;
}

/** What is known of a file, before its first byte, about whether it is gzip. */
export interface Claim {
  /** Who says that it is gzip: the vendor's spec, or the server by the file's name or type. */
  readonly isGzipBy?: "spec" | "server" | undefined;
  /** The media type of what is inside, where it is known. */
  readonly inside?: string | undefined;
  /** The vendor's word for another compression. */
  readonly other?: string | undefined;
}

/** The entry of {@link GzipFile.inside} for a file at an address, whose host decides what it calls the file. */
const AT_ADDRESS = "*/*";

/** Media types that say that a file is gzip. RFC 6713 */
const GZIP_TYPE = /^application\/(x-)?gzip$/;

/** How the names of gzip files end. */
export const GZIP_ENDING = /\.(t?)gz(ip)?$/i;

/** Words that say "not compressed". */
const NOT_COMPRESSED = /^(none|no|false|identity|uncompressed)?$/i;

/** Reads what the spec, the vendor's word and the server say of a file. */
export function readClaim(
  { type = "", name }: { type: string | undefined; name: string },
  { types = {}, gzip: { inside, compression } }: { types?: FileTypes | undefined; gzip: GzipFile },
  word: unknown,
): Claim {
  const byServer = GZIP_TYPE.test(type) || GZIP_ENDING.test(name);
  const isGzipBy = byServer ? "server" : undefined;
  if (compression) {
    const other = String(word ?? "");
    if (/gzip/i.test(other)) return { isGzipBy: "spec", inside: inside[AT_ADDRESS] };
    return NOT_COMPRESSED.test(other) ? { isGzipBy } : { other };
  }
  const isSilent = !Object.hasOwn(types, type);
  const alwaysGzip = Object.keys(types).every((one) => Object.hasOwn(inside, one));
  const key = isSilent && alwaysGzip ? Object.keys(inside)[0] : type;
  if (key !== undefined && Object.hasOwn(inside, key))
    return { isGzipBy: "spec", inside: inside[key] || undefined };
  return { isGzipBy };
}

/** True if a media type says nothing of what is inside a gzip file. */
export function isGzipType(type: string): boolean {
  return GZIP_TYPE.test(type);
}
