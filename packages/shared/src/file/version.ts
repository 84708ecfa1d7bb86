import { contentEncoding, type RawReply, undoneEncoding } from "../http/transport.js";
import { mediaType } from "./file-types.js";

/** What identifies a version of a file, and says if its bytes can be counted. */
export interface FileVersion {
  /** A strong entity tag; a weak one proves nothing about bytes. RFC 9110 §8.8.3 */
  etag?: string | undefined;
  /** Only where it is a strong validator: well before the reply's own date. RFC 9110 §8.8.2.2 */
  lastModified?: string | undefined;
  /** In bytes, where it is known. */
  total?: number | undefined;
  /** True if the body had a content encoding: its offsets mean nothing then. */
  encoded: boolean;
  /** True if the server says that it supports no ranges. */
  noRanges: boolean;
  /** The content encoding that the bytes are kept in, where the file is what was sent. */
  kept?: string | undefined;
  /** The media type. */
  type?: string | undefined;
  /** The Repr-Digest, where it is about the bytes as they are saved. RFC 9530 */
  digest?: string | undefined;
}

/** A file may change twice in one second, and clocks differ: 60 s are enough. */
const SETTLED_MS = 60_000;

export function versionOf(reply: Pick<RawReply, "headers" | "kept">): FileVersion {
  const { headers, kept } = reply;
  const etag = headers.get("etag") ?? "";
  const lastModified = headers.get("last-modified") ?? "";
  const encoded = undoneEncoding(reply) !== "";
  const isPart = headers.has("content-range");
  return {
    etag: /^"[^"]*"$/.test(etag) ? etag : undefined,
    lastModified:
      Date.parse(headers.get("date") ?? "") - Date.parse(lastModified) >= SETTLED_MS
        ? lastModified
        : undefined,
    total: encoded ? undefined : isPart ? contentRange(headers)?.total : contentLength(headers),
    encoded,
    noRanges: headers.get("accept-ranges") === "none",
    kept: kept ? contentEncoding(headers) : undefined,
    type: mediaType(headers),
    digest: (!encoded && headers.get("repr-digest")) || undefined,
  };
}

/** True if something says that the two are not the same file. */
export function differs(a: FileVersion, b: FileVersion): boolean {
  const other = (key: "etag" | "lastModified" | "total") =>
    a[key] !== undefined && b[key] !== undefined && a[key] !== b[key];
  return other("etag") || (!a.etag && other("lastModified")) || other("total");
}

export function contentLength(headers: Headers): number | undefined {
  const value = headers.get("content-length") ?? "";
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** The first and last position, counted from 0, and the size of the whole, as far as they are given. RFC 9110 §14.4 */
export function contentRange(headers: Headers): { start?: number; end?: number; total?: number } | undefined {
  const [all, start, end, total] =
    /^bytes (?:(\d{1,15})-(\d{1,15})|\*)\/(\d{1,15}|\*)$/i.exec(headers.get("content-range") ?? "") ?? [];
  if (!all) return undefined;
  return {
    ...(start !== undefined && end !== undefined && { start: Number(start), end: Number(end) }),
    ...(total !== "*" && { total: Number(total) }),
  };
}
