import { randomBytes } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { FileOptions } from "../../../file/options.js";
import type { PartialFile } from "../../../file/sink.js";
import type { FileVersion } from "../../../file/version.js";
import { fitFileName } from "../../../file-name/safe.js";
import { fileError, systemCodeOf } from "./error.js";
import type { FileSystem } from "./file-system.js";

/** The file that a download is written to until it is whole. */
export interface TemporaryFile {
  readonly path: string;
  readonly file: FileHandle;
  /** The bytes that an earlier run left in it. */
  readonly partial?: PartialFile | undefined;
  /** Called at the first byte of each version. */
  begin?(version: FileVersion): Promise<void>;
  /** Called before each write. @throws {@link DownloadError} `LOCKED` where another process has taken it over */
  hold?(): Promise<void> | undefined;
  /** Called after each write, with the end of what is written. */
  written?(position: number): void;
  /** Puts what is written on the disk, for another run. */
  sync?(): Promise<void>;
  /** Called before the file is closed. */
  settle?(): Promise<void>;
  /** @throws {@link DownloadError} `LOCKED` where another process has taken it over */
  check?(): Promise<void>;
  /** Called when the file has its final name. */
  release?(): Promise<void>;
  /** True if another run may go on with the bytes after a failure for this reason. */
  isKeptAfter?(reason: unknown): boolean;
  /** Called when the download has failed. */
  abandon(reason: unknown): Promise<void>;
}

/** Creates a file under a random name beside the final one. */
export async function createTemporaryFile(
  fs: FileSystem,
  directory: string,
  name: string,
  { mode = 0o666 }: FileOptions,
): Promise<TemporaryFile> {
  for (;;) {
    const end = `.${randomBytes(6).toString("hex")}.part`;
    const path = join(directory, `.${fitFileName(name, "", 254 - end.length)}${end}`);
    try {
      const file = await fs.open(path, "wx", mode);
      return { path, file, abandon: async () => fs.rm(path, { force: true }).catch(() => {}) };
    } catch (error) {
      if (systemCodeOf(error) !== "EEXIST") throw fileError("make", path, error);
    }
  }
}
