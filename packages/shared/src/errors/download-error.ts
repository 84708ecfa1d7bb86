import { OuthaulError, type OuthaulErrorDetails } from "./outhaul-error.js";

/**
 * Why a download failed:
 *
 * - the file: `INCOMPLETE` (cut, and no attempt is left), `INCOMPLETE_UNVERIFIABLE` (less was proved than `requireIntegrity` asks),
 *   `SIZE_MISMATCH`, `DIGEST_MISMATCH`, `DECODE_ERROR`, `UNSUPPORTED_ENCODING` (a Content-Encoding that is not known, or that cannot be kept),
 *   `SOURCE_CHANGED`, `RANGE_MISMATCH`, `CANNOT_RESTART` (the target has bytes that cannot be taken back);
 * - the reply: `HTTP_STATUS` (4xx, 5xx), `UNEXPECTED_STATUS`, `NO_CONTENT`, `UNEXPECTED_TYPE`, `UNEXPECTED_CONTENT`, `TOO_LARGE`;
 * - the address: `INVALID_URL`, `URL_NOT_ALLOWED`, `INVALID_REDIRECT`, `INSECURE_REDIRECT`, `TOO_MANY_REDIRECTS`;
 * - the target: `TARGET_EXISTS`, `FILE_ERROR` (`systemCode` has the system's word), `LOCKED`;
 * - the time: `TIMEOUT` (`phase` says which).
 */
export type DownloadErrorCode =
  | "CANNOT_RESTART"
  | "DECODE_ERROR"
  | "DIGEST_MISMATCH"
  | "FILE_ERROR"
  | "HTTP_STATUS"
  | "INCOMPLETE"
  | "INCOMPLETE_UNVERIFIABLE"
  | "INSECURE_REDIRECT"
  | "INVALID_REDIRECT"
  | "INVALID_URL"
  | "LOCKED"
  | "NO_CONTENT"
  | "RANGE_MISMATCH"
  | "SIZE_MISMATCH"
  | "SOURCE_CHANGED"
  | "TARGET_EXISTS"
  | "TIMEOUT"
  | "TOO_LARGE"
  | "TOO_MANY_REDIRECTS"
  | "UNEXPECTED_CONTENT"
  | "UNEXPECTED_STATUS"
  | "UNEXPECTED_TYPE"
  | "UNSUPPORTED_ENCODING"
  | "URL_NOT_ALLOWED";

/** What a {@link DownloadError} knows beside its message. */
export interface DownloadErrorDetails extends Omit<OuthaulErrorDetails, "code"> {
  /** The status of the reply. */
  status?: number | undefined;
  /** How many bytes of the file had arrived. */
  bytes?: number | undefined;
  /** How many requests for the file were made. */
  attempts?: number | undefined;
  /** What took too long: the reply's head, the next bytes, or the whole. */
  phase?: "headers" | "stall" | "total" | undefined;
  /** The file on disk. */
  path?: string | undefined;
  /** The system's word for what is wrong with the file, such as `ENOSPC`. */
  systemCode?: string | undefined;
  /** What was demanded: a size or a digest. */
  expected?: string | number | undefined;
  /** What was found instead. */
  actual?: string | number | undefined;
  /** At most the first 8 KiB of the reply; neither enumerable nor in the message. */
  body?: string | undefined;
}

/** A file did not arrive whole, or is not what it should be; nothing stands under its final name. */
export class DownloadError extends OuthaulError {
  override name = "DownloadError";
  declare readonly code: DownloadErrorCode;
  declare readonly status?: number;
  declare readonly bytes?: number;
  declare readonly attempts?: number;
  declare readonly phase?: "headers" | "stall" | "total";
  declare readonly path?: string;
  declare readonly systemCode?: string;
  declare readonly expected?: string | number;
  declare readonly actual?: string | number;
  /** At most the first 8 KiB of the reply that was refused. Not enumerable, so that a log of the error does not hold it. */
  declare readonly body?: string;

  constructor(code: DownloadErrorCode, message = "", { body, ...details }: DownloadErrorDetails = {}) {
    super(message, { code, ...details });
    if (body !== undefined) Object.defineProperty(this, "body", { value: body });
  }
}
