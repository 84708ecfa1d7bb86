import { DownloadError } from "../errors/download-error.js";
import type { DownloadOptions, DownloadProgress, Integrity, SaveOptions } from "../file/options.js";
import type { SavedFile, SavedPart } from "../file/result.js";
import type { Digests } from "../transfer/digests.js";
import type { FileHead } from "../transfer/state.js";
import type { Transfer } from "../transfer/transfer.js";
import { joinKindOf } from "./join-kind.js";
import { type JoinKind, notJoined } from "./joiner.js";
import type { OpenPart } from "./open-part.js";
import type { Part, PartRow } from "./part-row.js";

/** A file in parts while it is fetched: what all ways to save it have in common. */
export interface PartsRun {
  readonly row: PartRow;
  /** The transfer of the whole: its time limits, its options and its progress. */
  readonly whole: Transfer;
  readonly saved: SavedPart[];
  readonly totals: PartsTotals;
  /** The options of one part: those that are about the whole are not its own. */
  optionsOf(part: Part, more?: SaveOptions): SaveOptions;
  /** Opens a part: its head has not come yet. */
  open(part: Part, more?: SaveOptions): OpenPart;
  /** The first part, with its head. */
  first(): Promise<OpenPart>;
  /** Fetches a part, and once more with a fresh address if the one it had has expired since it was given. */
  fetch<T>(opened: OpenPart, more: SaveOptions, use: (opened: OpenPart) => Promise<T>): Promise<T>;
  /** Counts a part that has come whole. */
  add(part: SavedPart, opened?: OpenPart): void;
  /** Says how the parts are joined. @throws {@link DownloadError} if they cannot be */
  joinKind(head: FileHead): JoinKind;
  /** Starts the digests that somebody demands of the whole. */
  startDigests(): Promise<Digests | undefined>;
  /** Checks the whole at its end. @throws {@link DownloadError} */
  check(bytes: number, digests: Digests | undefined): Promise<Pick<SavedFile, "sha256" | "integrity">>;
}

/** What the transfers of all parts came to. */
export interface PartsTotals {
  /** As they were sent. */
  bytes: number;
  attempts: number;
  resumed: number;
  restarted: number;
  redirectsVerified: boolean;
  head: FileHead | undefined;
}

/** From the weakest proof to the strongest. */
const RANKS: readonly Integrity[] = ["none", "framing", "length", "digest"];

/** Makes what all ways to save a file in parts have in common. */
export function createPartsRun(
  whole: Transfer,
  row: PartRow,
  openWith: (part: Part, options: DownloadOptions) => OpenPart,
): PartsRun {
  const { timeouts } = whole;
  const saved: SavedPart[] = [];
  const totals: PartsTotals = {
    bytes: 0,
    attempts: 0,
    resumed: 0,
    restarted: 0,
    redirectsVerified: true,
    head: undefined,
  };

  function optionsOf({ index }: Part, more: SaveOptions = {}): SaveOptions {
    const {
      expected: _expected,
      minBytes: _minBytes,
      timeouts: times,
      ...options
    } = {
      ...(whole.state.options as SaveOptions), // `save` adds its own
      ...more,
    };
    const { headersMs, stallMs } = times ?? {};
    const { maxBytes, onProgress } = options;
    return {
      ...options,
      signal: timeouts.signal,
      timeouts: { headersMs, stallMs },
      ...(index > 0 && { filename: undefined }),
      ...(maxBytes !== undefined && { maxBytes: Math.max(maxBytes - totals.bytes, 0) }),
      ...(onProgress && { onProgress: reporter(index, onProgress) }),
    };
  }

  function reporter(index: number, tell: (progress: DownloadProgress) => void) {
    const before = totals.bytes;
    return ({ bytes, totalBytes, phase, ...rest }: DownloadProgress) =>
      tell({
        ...rest,
        bytes: before + bytes,
        totalBytes: row.count === 1 ? totalBytes : undefined,
        etaMs: row.count === 1 ? rest.etaMs : undefined,
        phase: phase === "done" ? "downloading" : phase,
        done: false,
        part: index + 1,
        parts: row.count,
      });
  }

  const open: PartsRun["open"] = (part, more = {}) => openWith(part, optionsOf(part, more));

  const fetch: PartsRun["fetch"] = async (opened, more, use) => {
    try {
      return await use(opened);
    } catch (error) {
      if (!isExpired(error) || !opened.part.renew()) throw told(error, opened.part);
      totals.attempts += opened.transfer.state.attempts;
      return use(open(opened.part, more));
    }
  };

  /** Says of an error about the size of a part that it is about all of them. */
  function told(error: unknown, { index }: Part): unknown {
    const { maxBytes } = whole.state.options;
    if (!(error instanceof DownloadError) || error.code !== "TOO_LARGE" || index === 0) return error;
    return new DownloadError(
      "TOO_LARGE",
      `download: with part ${index + 1}, the parts have more than maxBytes, ${maxBytes} bytes`,
      { cause: error },
    );
  }

  return {
    row,
    whole,
    saved,
    totals,
    optionsOf,
    open,
    fetch,
    async first() {
      const part = (await row.at(0, "")) as Part; // a list without addresses is an error
      return fetch(open(part), {}, async (opened) => {
        await opened.transfer.steps.next();
        totals.head = opened.transfer.state.head;
        return opened;
      });
    },
    add(part, opened) {
      saved.push(part);
      totals.bytes += part.sizeBytes;
      if (!opened) return;
      const { state } = opened.transfer;
      totals.attempts += state.attempts;
      totals.resumed += state.resumed;
      totals.restarted += state.restarted;
      totals.redirectsVerified &&= state.redirectsVerified;
    },
    joinKind(head) {
      if (row.count === 1) return "one";
      const kind = joinKindOf(head, whole.state.targetName);
      if (kind) return kind;
      throw notJoined(`the file comes in parts of ${head.contentType ?? "no type"}, called ${head.filename}`);
    },
    async startDigests() {
      const { expected = {}, sha256 } = whole.state.options;
      if (!sha256 && !expected.sha256 && !expected.md5) return undefined;
      const { createDigests } = await import("../transfer/digests.js");
      return createDigests(whole.state.options, undefined);
    },
    async check(bytes, digests) {
      const { expected = {}, minBytes = 0 } = whole.state.options;
      const wanted = expected.sizeBytes ?? bytes;
      if (bytes !== wanted || bytes < minBytes)
        throw new DownloadError(
          "SIZE_MISMATCH",
          `download: all parts together have ${bytes} bytes, ${bytes < minBytes ? `less than minBytes, ${minBytes}` : `not ${wanted}`}`,
          { expected: expected.sizeBytes ?? minBytes, actual: bytes },
        );
      const { sha256, matched } = (await digests?.check()) ?? { matched: false };
      const ranks = saved.map(({ integrity }) => RANKS.indexOf(integrity));
      return { sha256, integrity: matched ? "digest" : (RANKS[Math.min(...ranks)] ?? "none") };
    },
  };
}

/** True if a reply says that an address is not good any more. */
function isExpired(error: unknown): boolean {
  return error instanceof DownloadError && /^(401|403|404|410)$/.test(String(error.status));
}
