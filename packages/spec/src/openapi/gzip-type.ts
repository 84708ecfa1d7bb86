import { mediaTypeOf } from "./body-format.js";

/** True if a media type says that a file is gzip. RFC 6713 */
export function isGzipType(contentType: string): boolean {
  return /^application\/(x-)?gzip$/.test(mediaTypeOf(contentType));
}
