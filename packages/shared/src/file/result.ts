import type { Integrity, SaveOptions } from "./options.js";

/** An open download: its head has arrived, its bytes are fetched when they are read, once. Cancel `body` if you want none of them. */
export interface Download {
  /** Safe for every file system; from Content-Disposition, the job or the address. */
  readonly filename: string;
  readonly contentType?: string | undefined;
  /** As announced; unknown where the server encodes or chunks. */
  readonly sizeBytes?: number | undefined;
  readonly etag?: string | undefined;
  /**
   * The bytes. After a broken connection it goes on by itself, where the server allows it; else it fails with `CANNOT_RESTART`.
   * Node's streams take it as `Readable.fromWeb(download.body)`; a program with the types of a browser says
   * `download.body as import("node:stream/web").ReadableStream` there, because those lack two of its methods.
   */
  readonly body: ReadableStream<Uint8Array>;
  bytes(): Promise<Uint8Array>;
  /** The bytes as UTF-8. */
  text(): Promise<string>;
  json<T = unknown>(): Promise<T>;
  blob(): Promise<Blob>;
  /** Saves the file; under its name it is whole or not there. @throws {@link DownloadError}; the signal's reason */
  save(to: SaveTarget, options?: SaveOptions): Promise<SavedFile>;
}

/** A path or file: URL (a directory, or a path that ends with a slash, gets the download's name), a stream, or a browser's file handle. */
export type SaveTarget = string | URL | WritableStream<Uint8Array> | FileHandleLike;

/** What is used of a browser's FileSystemFileHandle. */
export interface FileHandleLike {
  createWritable(): Promise<WritableFileLike>;
}

/** What is used of a browser's FileSystemWritableFileStream. */
export interface WritableFileLike {
  write(data: ArrayBuffer): Promise<void>;
  seek(position: number): Promise<void>;
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
  abort(reason?: unknown): Promise<void>;
}

/** One part of a file that a vendor sends in parts. */
export interface SavedPart {
  /** Where it is, if the parts were kept apart. */
  path?: string | undefined;
  /** As it was sent, with its heading row. */
  sizeBytes: number;
  /** In hex, where it was asked for or promised by the server. */
  sha256?: string | undefined;
  /** What was proved about its bytes. */
  integrity: Integrity;
}

/** A file that was saved. */
export interface SavedFile {
  /** Where it is, if it has a path: the folder, if it came in parts that were kept apart. */
  path?: string | undefined;
  /** Of all parts together, if they were kept apart. */
  sizeBytes: number;
  /** The parts of a file that the vendor sent in parts, in order: none is missing, and none is there twice. */
  parts?: readonly SavedPart[] | undefined;
  /** `true` if the vendor had nothing to export: then there is no file, or an empty one (`ifEmpty`). */
  empty?: true | undefined;
  /** In hex, where it was demanded, asked for or promised by the server. */
  sha256?: string | undefined;
  /** What was proved about the bytes; of a file in parts, the weakest proof of a part. */
  integrity: Integrity;
  contentType?: string | undefined;
  etag?: string | undefined;
  /** Requests for the file, redirects not counted. */
  attempts: number;
  /** How often it went on in the middle. */
  resumed: number;
  /** How often it began anew. */
  restarted: number;
  durationMs: number;
  /** True if every redirect was seen and checked; a browser follows them by itself. */
  redirectsVerified: boolean;
}
