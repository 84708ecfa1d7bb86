/** The file formats that the sandbox can produce. */
export type FileFormat = "csv" | "json" | "xlsx" | "zip" | "pdf";

/** The media types of the file formats. */
export const MEDIA_TYPES: Readonly<Record<FileFormat, string>> = {
  csv: "text/csv",
  json: "application/json",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  zip: "application/zip",
  pdf: "application/pdf",
};

/** True if a word of a request names a file format. */
export function isFileFormat(word: unknown): word is FileFormat {
  return typeof word === "string" && Object.hasOwn(MEDIA_TYPES, word);
}

/** The file format of a media type. */
export function formatOfMediaType(mediaType: string): FileFormat | undefined {
  return Object.keys(MEDIA_TYPES)
    .filter(isFileFormat)
    .find((format) => MEDIA_TYPES[format] === mediaType);
}

/** The media type of gzip files. RFC 6713 */
export const GZIP_TYPE = "application/gzip";
