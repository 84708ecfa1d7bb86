import { concat } from "../body/concat.js";
import {
  DownloadError,
  type DownloadErrorCode,
  type DownloadErrorDetails,
} from "../errors/download-error.js";
import type { DownloadOptions, Integrity, RestartReason } from "../file/options.js";
import type { FileVersion } from "../file/version.js";
import { showUrl } from "../http/show-url.js";
import type { Digests } from "./digests.js";
import type { ProgressReporter } from "./progress.js";
import type { FileSource } from "./source.js";

/** What a transfer yields: chunks of the file; `open` when the head has come; `restart` when all chunks before are void. */
export type TransferStep = Uint8Array[] | "open" | "restart";

/** What a good reply's head says of the file. */
export interface FileHead {
  filename: string;
  /** The name before it was brought in line with the encoding of the bytes. */
  suggested: string;
  contentType: string | undefined;
}

/** What a download knows between its attempts. */
export interface TransferState {
  options: DownloadOptions;
  readonly source: FileSource;
  readonly progress: ProgressReporter;
  /** The name that the caller gave the file, if it is saved to a path. */
  targetName?: string | undefined;
  head?: FileHead | undefined;
  /** The version that the bytes are of. */
  version?: FileVersion | undefined;
  /** How many bytes of it were passed on. */
  bytes: number;
  /** The last of them, where they may have to be compared. */
  tail: Uint8Array;
  digests?: Digests | undefined;
  /** True if the bytes that were passed on can be taken back. */
  rewindable: boolean;
  /** Set if the next request has to ask for the whole file, to the reason. */
  restartReason?: RestartReason | undefined;
  attempts: number;
  resumed: number;
  restarted: number;
  /** True if a fresh address was asked for, and no byte has come since. */
  renewed: boolean;
  /** True if every redirect was seen. */
  redirectsVerified: boolean;
  integrity: Integrity;
  sha256?: string | undefined;
}

/** How much of the end is fetched again and compared with `resume: "unsafe"`. */
const OVERLAP_BYTES = 65_536;

/** The range that continues the file; `undefined` if only the whole helps. RFC 9110 §13.1.5, §14.2 */
export function rangeOfRest({
  bytes,
  version,
  tail,
  restartReason,
  options,
}: TransferState): { from: number; headers: Record<string, string> } | undefined {
  if (!bytes || !version || restartReason || options.resume === false) return undefined;
  if (version.encoded || version.noRanges) return undefined;
  const validator = version.etag ?? version.lastModified;
  if (!validator && !tail.length) return undefined;
  const from = validator ? bytes : bytes - tail.length;
  return { from, headers: { range: `bytes=${from}-`, ...(validator && { "if-range": validator }) } };
}

/** Counts bytes that are passed on. */
export function countBytes(state: TransferState, chunk: Uint8Array): void {
  state.bytes += chunk.length;
  state.digests?.update(chunk);
  if (state.options.resume === "unsafe") state.tail = concat(state.tail, chunk).slice(-OVERLAP_BYTES);
}

/** Takes all bytes back. @throws {@link DownloadError} `CANNOT_RESTART` if they are delivered already */
export function discardBytes(state: TransferState, reason: RestartReason): void {
  const { bytes } = state;
  if (!state.rewindable)
    throw new DownloadError(
      "CANNOT_RESTART",
      `download: the file begins anew (${reason}), but ${bytes} bytes of it are delivered`,
    );
  state.progress.emit({ type: "restarted", reason, bytes });
  state.restarted++;
  state.bytes = 0;
  state.tail = new Uint8Array();
}

/** @throws {@link DownloadError} `SOURCE_CHANGED` if the caller wants one version or none */
export function checkChangeAllowed({ options }: TransferState, url: URL, problem: string): void {
  if (options.onChange === "error") throw downloadError("SOURCE_CHANGED", url, problem);
}

/** An error about an address. */
export function downloadError(
  code: DownloadErrorCode,
  url: URL,
  problem: string,
  details?: DownloadErrorDetails,
): DownloadError {
  return new DownloadError(code, `download: ${showUrl(url)} ${problem}`, details);
}

/** Adds to the error how far the download was, and of what. */
export function annotate(error: unknown, { bytes, attempts, options, source }: TransferState): unknown {
  if (error instanceof DownloadError) Object.assign(error, { bytes, attempts });
  return error === options.signal?.reason ? error : (source.annotate?.(error) ?? error);
}
