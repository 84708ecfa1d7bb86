import type { Patience } from "../transfer/timeouts.js";
import type { FileVersion } from "./version.js";

/** Where the bytes of a download go. */
export interface DownloadSink {
  /** What an earlier run left here. */
  readonly held?: HeldBytes | undefined;
  /** A version begins, at its first byte. */
  begin?(version: FileVersion): Promise<void>;
  /** Takes the next bytes; returns a promise where the next ones have to wait. */
  write(chunk: Uint8Array): Promise<void> | undefined;
  /** Forgets all bytes. Without it they cannot be taken back. */
  restart?(): Promise<void>;
  /** All bytes are there and proved: makes them final, unless the signal is aborted before; tells the path. */
  finish(patience: Pick<Patience, "signal" | "race">): Promise<string | undefined>;
  /** Ends without a file. */
  abort(reason: unknown): Promise<void>;
}

/** The first bytes of a file from an earlier run. */
export interface HeldBytes {
  readonly bytes: number;
  readonly version: FileVersion;
  /** Reads them again. */
  read(): AsyncIterable<Uint8Array>;
}

/** What a sink asks of the download before it is made. */
export interface TransferInfo {
  /** Waits for the reply's head and tells the file's name. */
  name(): Promise<string>;
  /** Tells one source from another. */
  key(): Promise<string>;
}
