import type { DownloadOptions } from "./download-options.js";
import { fileNameFromHeader } from "./file-name-header.js";
import { safeFileName } from "./file-name-safe.js";

const EXTENSIONS: Record<string, string> = {
  "text/csv": "csv",
  "text/plain": "txt",
  "text/html": "html",
  "text/tab-separated-values": "tsv",
  "text/xml": "xml",
  "application/xml": "xml",
  "application/json": "json",
  "application/x-ndjson": "ndjson",
  "application/zip": "zip",
  "application/gzip": "gz",
  "application/pdf": "pdf",
};

/** The name that a file is saved under: by the reply's header, else by the job, else by the address; safe in any case. */
export function fileNameOf(
  { headers, url }: { headers: Headers; url: URL },
  { fileName, filename }: { fileName?: string | undefined; filename?: DownloadOptions["filename"] },
): string {
  const contentType = mediaType(headers);
  const fromHeader = fileNameFromHeader(headers.get("content-disposition") ?? "");
  const fromUrl = lastPart(url);
  const byUrl = safeFileName(fromUrl) ?? "download";
  const extension = EXTENSIONS[contentType ?? ""];
  const suggested =
    safeFileName(fromHeader ?? "") ??
    safeFileName(fileName ?? "") ??
    (extension && !/\.[^.]+$/.test(byUrl) ? `${byUrl}.${extension}` : byUrl);
  const chosen =
    typeof filename === "function"
      ? filename({ fromHeader, fromUrl: fromUrl || undefined, contentType, suggested })
      : filename;
  return safeFileName(chosen ?? "") ?? suggested;
}

/** The media type without its parameters, in lower case. */
export function mediaType(headers: Headers): string | undefined {
  return headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() || undefined;
}

function lastPart({ pathname }: URL): string {
  const part = /[^/]*$/.exec(pathname)?.[0] ?? "";
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
