import type { DownloadError } from "../errors/download-error.js";

/** What was proved about a file's bytes: nothing; that the reply was not cut; that all the announced bytes came; that they have the right digest. */
export type Integrity = "none" | "framing" | "length" | "digest";

/** How a download goes on, and when it gives up. */
export interface DownloadOptions {
  /** Ends the download: it rejects with the signal's reason, at once and with nothing left behind. */
  signal?: AbortSignal | undefined;
  /** What the file must be; else `SIZE_MISMATCH` or `DIGEST_MISMATCH`. Digests in hex or base64, over the bytes as they are saved; of a gzip file that is unpacked, as they are sent. */
  expected?:
    | { sizeBytes?: number | undefined; sha256?: string | undefined; md5?: string | undefined }
    | undefined;
  /**
   * Refuses a file of which less was proved, with `INCOMPLETE_UNVERIFIABLE`. Where a server announces no length and sends no chunks, only the end of its
   * connection says that the file is whole (`none`); a reset is seen, but no runtime tells whether the end of TLS was announced.
   * @default "none"
   */
  requireIntegrity?: Integrity | undefined;
  /** Ends with `TOO_LARGE` above this size, in bytes as they are saved. */
  maxBytes?: number | undefined;
  /** Ends with `SIZE_MISMATCH` below this size. */
  minBytes?: number | undefined;
  /** The media types that the reply may have, such as `"text/csv"` or `"text/*"`; else `UNEXPECTED_TYPE`, before a byte is written. */
  expectType?: string | readonly string[] | undefined;
  /**
   * What the file must begin with, as one character a byte (`"PK\x03\x04"`), or a look at its first bytes, at most 512; else `UNEXPECTED_CONTENT`.
   * A reply of type application/zip must begin with `PK` in any case.
   */
  sniff?: string | ((head: Uint8Array) => boolean) | undefined;
  /**
   * Whether a cut download goes on where it broke off: `auto` where an ETag or an old Last-Modified proves that the file is the same,
   * `unsafe` also without (the last 64 KiB are fetched again and compared), `false` never.
   * @default "auto"
   */
  resume?: "auto" | "unsafe" | false | undefined;
  /**
   * What to do when the file at the server changed in the middle: begin anew, or end with `SOURCE_CHANGED`.
   * @default "restart"
   */
  onChange?: "restart" | "error" | undefined;
  timeouts?: DownloadTimeouts | undefined;
  retry?: DownloadRetry | undefined;
  /**
   * Whether a body that the server has compressed (Content-Encoding) is decompressed. `auto` does so unless the file's name ends like the encoding: a
   * server that sends `report.csv.gz` with `Content-Encoding: gzip` means the file that it has, and decompressed it would be a CSV under the name of
   * a gzip file. `true` always does, and a name that was not chosen here loses its ending; `false` keeps what was sent, as far as the transport can: `fetch`
   * decompresses by itself, and ends with `UNSUPPORTED_ENCODING`.
   *
   * `true` also unpacks a file that is gzip itself: of `download` and `downloadTo` any that begins like one, of a job those of which the vendor's spec says it. Its name loses
   * `.gz`. Ranges, lengths, digests, `minBytes` and the progress are about the bytes that are sent, so that a cut download goes on in them; `sizeBytes` and `sha256` of the
   * result are about the file that is saved, and `maxBytes` holds for both. With `keepPartial` the packed bytes stay on the disk until the file is whole, and it is unpacked at
   * the end. A file that is said to be gzip and is not ends with `UNEXPECTED_CONTENT`, one that is cut or damaged with `DECODE_ERROR`. The name of the option is the one of got, axios and Google's storage client.
   * @default "auto"
   */
  decompress?: "auto" | boolean | undefined;
  /** The file's name, instead of the one from the reply, the job or the address; made safe in any case. */
  filename?: string | ((names: FileNames) => string) | undefined;
  /** Sees every address, normalised, before anything is sent to it: the first one and each redirect's. `false` ends with `URL_NOT_ALLOWED`. */
  allowUrl?: ((url: URL) => boolean | Promise<boolean>) | undefined;
  /** @default 5 */
  maxRedirects?: number | undefined;
  /**
   * Follows a redirect from https to plain http, without credentials.
   * @default false
   */
  allowInsecureRedirect?: boolean | undefined;
  /**
   * Computes {@link SavedFile.sha256} even where nothing demands it.
   * @default false
   */
  sha256?: boolean | undefined;
  /** Called with the progress: at the start, at most once an interval, and at the end with `done`. */
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /**
   * The least time between two progress events, in milliseconds.
   * @default 250
   */
  progressIntervalMs?: number | undefined;
  /** Called with what happens on the way: retries, resumes, restarts, redirects. */
  onEvent?: ((event: DownloadEvent) => void) | undefined;
  /**
   * Node, Bun and Deno only: the `http.Agent` or `https.Agent` of this download. The client's option of the same name holds for all requests, also for polls
   * that are answered with the file.
   * @default the client's agent, else the global one, which keeps connections alive
   */
  agent?: object | undefined;
}

/** How long a download may take, in milliseconds. */
export interface DownloadTimeouts {
  /**
   * From the request to the reply's head.
   * @default 60_000
   */
  headersMs?: number | undefined;
  /**
   * Without a byte from the server; time in which nobody asks for bytes does not count.
   * @default 30_000
   */
  stallMs?: number | undefined;
  /** The whole, with all attempts and pauses. Without a limit by default. */
  totalMs?: number | undefined;
}

/** When a broken attempt is followed by another one. */
export interface DownloadRetry {
  /**
   * Attempts in a row that bring nothing new.
   * @default 5
   */
  attempts?: number | undefined;
  /**
   * The first pause; each further one is twice as long, less up to half of it by chance.
   * @default 500
   */
  minDelayMs?: number | undefined;
  /** @default 30_000 */
  maxDelayMs?: number | undefined;
  /** No attempt begins after this time. Without a limit by default. */
  maxElapsedMs?: number | undefined;
  /**
   * A server that asks to wait longer than this ends the download; the error has `retryAfterMs`.
   * @default 60_000
   */
  maxRetryAfterMs?: number | undefined;
  /**
   * Repeats also requests that are not GET.
   * @default false
   */
  unsafeMethods?: boolean | undefined;
}

/** How a file is written. Beside the path, it applies to files only, not to streams. */
export interface FileOptions {
  /**
   * What happens to a file that is already there: `error` leaves it and ends with `TARGET_EXISTS`, `replace` swaps it when the new one is
   * whole, `rename` saves beside it as `name (1).ext`.
   * @default "error"
   */
  overwrite?: "error" | "replace" | "rename" | undefined;
  /**
   * Makes the directories on the way.
   * @default false
   */
  createDirs?: boolean | undefined;
  /**
   * Keeps the partial file after a failure or a crash, and goes on with it the next time. One process at a time: another one ends with `LOCKED`.
   * Parts that have come are kept for the same job (`resume` with its token); what a job that was started later saves begins with the first part.
   * @default false
   */
  keepPartial?: boolean | undefined;
  /**
   * What becomes of a file that the vendor sends in parts (a list of files, or pages); one that comes whole is saved whole. `join`: one file, in which the heading row of CSV
   * stands once; CSV and JSON lines can be joined, everything else ends with `UNEXPECTED_CONTENT`, and so does a part with another heading row. `apart`: a folder of this
   * name, with `name.part-0001.csv` and so on, each as it was sent. `auto`: joined where that is possible by the type or the name of the first part, else apart; a list of one file is that file.
   * Either way nothing has its final name before all parts are there.
   * @default "auto"
   */
  parts?: "auto" | "join" | "apart" | undefined;
  /**
   * Waits until the file and its name are on the disk, not just in the system's memory.
   * @default false
   */
  fsync?: boolean | undefined;
  /**
   * The file's permissions.
   * @default 0o666 less the process's umask
   */
  mode?: number | undefined;
}

/** The options of `save`. */
export interface SaveOptions extends DownloadOptions, FileOptions {}

/** Where a name could come from. */
export interface FileNames {
  /** From Content-Disposition, as the server wrote it. */
  fromHeader?: string | undefined;
  /** The last part of the address. */
  fromUrl?: string | undefined;
  contentType?: string | undefined;
  /** The name that is used otherwise. */
  suggested: string;
}

/** How far a download is. */
export interface DownloadProgress {
  /** Never less than before, except after a restart. */
  bytes: number;
  /** Once it is known. */
  totalBytes?: number | undefined;
  /** Over the last seconds. */
  bytesPerSecond?: number | undefined;
  /** The time left at this speed. */
  etaMs?: number | undefined;
  phase: "downloading" | "retrying" | "done";
  done: boolean;
  /** Which part comes, from 1 on, of a file in parts. */
  part?: number | undefined;
  /** How many parts there are, where the vendor says so. */
  parts?: number | undefined;
}

/** Something on the way of a download. */
export type DownloadEvent =
  | { type: "redirected"; url: string; status: number }
  | { type: "retry"; attempt: number; waitMs: number; error: DownloadError }
  /** The next bytes were asked for and came. */
  | { type: "resumed"; bytes: number }
  /** The file begins anew: it changed, the server sent it whole or wrong, or nothing proves that it is the same. */
  | { type: "restarted"; reason: RestartReason; bytes: number }
  /** `onProgress` threw; reported once. */
  | { type: "callbackFailed"; error: unknown };

export type RestartReason =
  | "changed"
  | "rangeIgnored"
  | "rangeMismatch"
  | "notResumable"
  | "digestMismatch"
  | "decodeFailed";
