import type { DigestName, Hash } from "../file/hash.js";
import type { FileOptions } from "../file/options.js";
import type { PartsFolder, PartsTarget } from "../file/parts-folder.js";
import type { FileInfo, FileSink } from "../file/sink.js";
import type { ConnectionWatch, Transport } from "../http/transport.js";

/** A channel of `node:diagnostics_channel`. */
export interface EventChannel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

/** What the file system of a runtime does for downloads. */
export interface FileStore {
  /**
   * Checks whether a file can be saved there, as far as that is possible without making anything.
   * Returns the file's name if the path has it.
   * @throws {@link DownloadError} `TARGET_EXISTS`, `FILE_ERROR`
   */
  checkPath(to: string | URL, options: FileOptions): Promise<string | undefined>;
  /** The end of a message about a target that is none; `""` if the runtime knows nothing of its kind. */
  targetHint(to: unknown): string;
  /** Opens a sink for a file's bytes; makes nothing before the reply is known to be good. */
  openPath(to: string | URL, options: FileOptions, file: FileInfo): Promise<FileSink>;
  /** Opens the folder that the parts of a file are saved into until all of them are there. */
  openParts(to: string | URL, target: PartsTarget): Promise<PartsFolder>;
  /** Removes temporary files that nothing has written to for so long; returns their paths. */
  cleanupDirectory(directory: string | URL, olderThanMs: number): Promise<string[]>;
}

/** What the package needs of the runtime that it is on. The folders beside this file implement it, and `#platform` is the one that fits. */
export interface Platform {
  /** The channel on which the whole process can listen, where the runtime has such a thing. */
  eventChannel(name: string): EventChannel | undefined;
  /** The runtime's own way to send a request, where it has a better one than `fetch` and the user has given none. */
  createTransport(agent?: object, fetch?: typeof globalThis.fetch): Transport | undefined;
  /**
   * A `fetch` whose requests go by an agent, where the runtime has such a thing.
   * @throws {TypeError} if the user has given a `fetch`, too
   */
  fetchBy?(
    agent: object | undefined,
    fetch: typeof globalThis.fetch | undefined,
  ): typeof globalThis.fetch | undefined;
  /** Watches the connection of a request that `fetch` is about to send, where the runtime tells what becomes of it. */
  readonly watchConnection?: (url: URL) => ConnectionWatch;
  /** The codes of errors that say that nothing of a request was sent, where the runtime gives errors codes. */
  readonly notSent?: RegExp;
  /** The codes of errors that the same request would end with again. */
  readonly permanent?: RegExp;
  /** The cause of an error as it may stand in a log, without secrets. Where it is missing, an error has no cause: its message says what is wrong. */
  cleanCause?(cause: unknown, redact: (text: string) => string): unknown;
  /** The end of a message about an unknown option: which one may be meant. */
  didYouMean?(word: string, names: readonly string[]): string;
  /** Undoes a content encoding, and fails where the encoded body ends too early. */
  decode(body: AsyncIterable<Uint8Array>, encoding: string): AsyncIterable<Uint8Array>;
  createHash(name: DigestName): Promise<Hash>;
  /** Absent where there are no paths. */
  readonly files?: FileStore;
}
