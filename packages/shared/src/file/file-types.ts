/**
 * What a file is, as its vendor documents it: the media types that it may have, and how it begins with each of them, as one character a byte; `""` where
 * nobody knows.
 */
export type FileTypes = Readonly<Record<string, string>>;

/** The media type of a reply, without its parameters, in lower case. */
export function mediaType(headers: Headers): string | undefined {
  return headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() || undefined;
}

/** Types that say nothing about what is sent. */
const ANY_BYTES = /^(application|binary)\/(octet-stream|download|x-download|force-download)$/;

/** True if a media type is the wanted one, or of the wanted kind: `text/*`. */
export function matchesType(type: string, wanted: string): boolean {
  return (
    type === wanted || (wanted.endsWith("/*") && type.startsWith(wanted.slice(0, -1))) || wanted === "*/*"
  );
}

/** What is known of a file whose vendor documents nothing. */
export const ANY_FILE: FileTypes = { "*/*": "" };

/** The one rule of what may be a vendor's file: a reply of a documented type, or of one that says nothing. A page is none, unless it is documented. */
export function mayBeFile(file: FileTypes, type: string | undefined): boolean {
  if (!type || ANY_BYTES.test(type) || Object.hasOwn(file, type)) return true;
  return !/html/.test(type) && Object.keys(file).some((wanted) => matchesType(type, wanted));
}

/** How a file of a type begins; a ZIP begins with `PK` whoever sends it. */
export function signatureOf(file: FileTypes, type = ""): string {
  return (Object.hasOwn(file, type) && file[type]) || (type === "application/zip" ? "PK" : "");
}

/** True if bytes, one character each, begin as they should. */
export function beginsWith(head: Uint8Array | readonly number[], signature: string): boolean {
  return String.fromCharCode(...head.slice(0, signature.length)) === signature;
}

/** True if a file begins like gzip. No text has such a first byte. RFC 1952 §2.3.1 */
export function isGzip([first]: Uint8Array): boolean {
  return first === 0x1f;
}

/** True if a vendor documents nothing but texts for its file. */
export function isTextOnly(file: FileTypes): boolean {
  return Object.keys(file).every((type) => /^text|json/.test(type));
}

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
export const EXTENDED = /\.[a-z][a-z0-9]{0,9}$/i;

/** The name, with an ending that fits the media type if it has none. */
export function withExtension(name: string, type: string | undefined): string {
  const extension = EXTENSIONS[type?.split(/[/.-]/).pop() ?? ""];
  return extension && !EXTENDED.test(name) ? `${name}.${extension}` : name;
}
