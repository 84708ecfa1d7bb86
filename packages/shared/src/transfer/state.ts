import {
  DownloadError,
  type DownloadErrorCode,
  type DownloadErrorDetails,
} from "../errors/download-error.js";
import type { DownloadOptions, Integrity, RestartReason } from "../file/options.js";
import type { FileVersion } from "../file/version.js";
import { showUrl } from "../http/show-url.js";
import { concat } from "./checks.js";
import type { Digests } from "./digests.js";
import type { Progress } from "./progress.js";

/** Chunks of the file; `open` when the head has come; `restart` when all chunks before are void. */
export type Step = Uint8Array[] | "open" | "restart";

/** What a good reply said of the file. */
export interface FileHead {
  filename: string;
  contentType: string | undefined;
}

/** What a download knows between its attempts. */
export interface TransferState {
  options: DownloadOptions;
  readonly progress: Progress;
  head?: FileHead | undefined;
  /** The version that the bytes are of. */
  version?: FileVersion | undefined;
  /** How many bytes of it were passed on. */
  bytes: number;
  /** The last of them, where they may have to be compared. */
  tail: Uint8Array;
  digests?: Digests | undefined;
  /** Whether the bytes that were passed on can be forgotten. */
  rewindable: boolean;
  /** The next request is for the whole, for this reason. */
  whole?: RestartReason | undefined;
  attempts: number;
  resumed: number;
  restarted: number;
  integrity: Integrity;
  sha256?: string | undefined;
}

/** How much of the end is fetched again and compared with `resume: "unsafe"`. */
const OVERLAP_BYTES = 65_536;

/** What to ask for to go on; `undefined` where only the whole helps. RFC 9110 §13.1.5, §14.2 */
export function restOf({
  bytes,
  version,
  tail,
  whole,
  options,
}: TransferState): { from: number; headers: Record<string, string> } | undefined {
  if (!bytes || !version || whole || options.resume === false || version.encoded || version.noRanges)
    return undefined;
  const validator = version.etag ?? version.lastModified;
  if (!validator && !tail.length) return undefined;
  const from = validator ? bytes : bytes - tail.length;
  return { from, headers: { range: `bytes=${from}-`, ...(validator && { "if-range": validator }) } };
}

/** Counts bytes that are passed on. */
export function take(state: TransferState, chunk: Uint8Array): void {
  state.bytes += chunk.length;
  state.digests?.update(chunk);
  if (state.options.resume === "unsafe") state.tail = concat(state.tail, chunk).slice(-OVERLAP_BYTES);
}

/** Forgets all bytes. @throws {@link DownloadError} `CANNOT_RESTART` where they are delivered already */
export function forget(state: TransferState, reason: RestartReason): void {
  const { bytes } = state;
  if (!state.rewindable)
    throw new DownloadError(
      "CANNOT_RESTART",
      `download: the file begins anew (${reason}), but ${bytes} bytes of it are delivered`,
    );
  state.progress.tell({ type: "restarted", reason, bytes });
  state.restarted++;
  state.bytes = 0;
  state.tail = new Uint8Array();
  state.digests = undefined;
}

export function failure(
  code: DownloadErrorCode,
  url: URL,
  problem: string,
  details?: DownloadErrorDetails,
): DownloadError {
  return new DownloadError(code, `download: ${showUrl(url)} ${problem}`, details);
}

/** The error, with how far the download was. */
export function annotate(error: unknown, { bytes, attempts }: TransferState): unknown {
  return error instanceof DownloadError ? Object.assign(error, { bytes, attempts }) : error;
}
