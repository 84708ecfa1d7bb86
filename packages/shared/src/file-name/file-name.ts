import { EXTENDED, mediaType, withExtension } from "../file/file-types.js";
import type { DownloadOptions } from "../file/options.js";
import { fileNameFromHeader } from "./header.js";
import { safeFileName } from "./safe.js";

/** The name that a file is saved under: by the reply's header, else by an address that ends like a file, else by the job; safe in any case. */
export function fileNameOf(
  { headers, url }: { headers: Headers; url: URL },
  { fileName, filename }: { fileName?: string | undefined; filename?: DownloadOptions["filename"] },
): string {
  const contentType = mediaType(headers);
  const fromHeader = fileNameFromHeader(headers.get("content-disposition") ?? "");
  const fromUrl = lastPart(url);
  // The last part of an address is a file's name only when it looks like one: "download" or "retrieve" is none.
  const byUrl = safeFileName(fromUrl);
  const byJob = safeFileName(fileName ?? "");
  const suggested =
    safeFileName(fromHeader ?? "") ??
    (byUrl && EXTENDED.test(byUrl) ? byUrl : withExtension(byJob ?? byUrl ?? "download", contentType));
  const chosen =
    typeof filename === "function"
      ? filename({ fromHeader, fromUrl: fromUrl || undefined, contentType, suggested })
      : filename;
  return safeFileName(chosen ?? "") ?? suggested;
}

function lastPart({ pathname }: URL): string {
  const part = pathname.slice(pathname.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
