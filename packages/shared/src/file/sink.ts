import type { FileVersion } from "./version.js";

/** What can end a save from outside while it waits for the sink. */
export interface Cancellation {
  readonly signal: AbortSignal;
  /** Settles like the promise, but rejects as soon as the signal is aborted. */
  race<T>(promise: Promise<T>): Promise<T>;
  /** Set if a partial file holds what was sent, and what is saved is what this makes of it. */
  unpack?(sent: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** Where the bytes of a download go. */
export interface FileSink {
  /** The bytes that an earlier run left here. */
  readonly partial?: PartialFile | undefined;
  /** Called at the first byte of each version. */
  begin?(version: FileVersion): Promise<void>;
  /** Appends the next bytes; returns a promise if the caller has to wait before it sends more. */
  write(chunk: Uint8Array): Promise<void> | undefined;
  /** Discards all bytes. A sink without it cannot take bytes back. */
  restart?(): Promise<void>;
  /** Makes the bytes final unless the signal is aborted before; all of them are there and proved. Returns the path. */
  finish(cancellation: Cancellation): Promise<string | undefined>;
  /** Ends without a file. */
  abort(reason: unknown): Promise<void>;
}

/** The first bytes of a file, kept by an earlier run. */
export interface PartialFile {
  readonly bytes: number;
  readonly version: FileVersion;
  /** True if a validator says that the bytes are of this version, or, where it is not known yet, can say so when the reply comes. */
  isOf(version: FileVersion | undefined): boolean;
  /** Reads the bytes for whoever has to see them once more. */
  readInto(reader: { update(chunk: Uint8Array): void }, signal: AbortSignal): Promise<void>;
}

/** What a sink asks of the download before it is opened. */
export interface FileInfo {
  /** Waits for the reply's head and returns the file's name. */
  name(): Promise<string>;
  /** Identifies the source, so that the partial file of another one is not continued. */
  sourceKey(): Promise<string>;
}
