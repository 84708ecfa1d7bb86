import { mediaType } from "../file/file-types.js";
import type { DownloadOptions } from "../file/options.js";
import { fileNameFromHeader } from "./header.js";
import { safeFileName } from "./safe.js";

/** How names end, by the last word of a media type: `text/tab-separated-values`, `application/x-gzip`. */
const EXTENSIONS: Record<string, string> = {
  csv: "csv",
  plain: "txt",
  html: "html",
  values: "tsv",
  xml: "xml",
  json: "json",
  ndjson: "ndjson",
  zip: "zip",
  gzip: "gz",
  pdf: "pdf",
  excel: "xls",
  sheet: "xlsx",
};

/** A name that ends like a file's. */
const EXTENDED = /\.[a-z][a-z0-9]{0,9}$/i;

/** The name that a file is saved under: by the reply's header, else by an address that ends like a file, else by the job; safe in any case. */
export function fileNameOf(
  { headers, url }: { headers: Headers; url: URL },
  { fileName, filename }: { fileName?: string | undefined; filename?: DownloadOptions["filename"] },
): string {
  const contentType = mediaType(headers);
  const fromHeader = fileNameFromHeader(headers.get("content-disposition") ?? "");
  const fromUrl = lastPart(url);
  const extension = EXTENSIONS[contentType?.split(/[/.-]/).pop() ?? ""];
  const withExtension = (name: string): string =>
    extension && !EXTENDED.test(name) ? `${name}.${extension}` : name;
  // The last part of an address is a file's name only when it looks like one: "download" or "retrieve" is none.
  const byUrl = safeFileName(fromUrl);
  const byJob = safeFileName(fileName ?? "");
  const suggested =
    safeFileName(fromHeader ?? "") ??
    (byUrl && EXTENDED.test(byUrl) ? byUrl : withExtension(byJob ?? byUrl ?? "download"));
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
