import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { FileSystem } from "./file-system.js";

/** More than a lock or a note ever has. */
const MAX_TEXT_BYTES = 65_536;

/**
 * Opens a file that others may have put there: never through a symbolic link, and without waiting for whoever would write to a pipe.
 * @param access how it is opened, as in `node:fs`'s constants
 */
export async function openNoFollow(
  fs: FileSystem,
  path: string,
  access: number,
  mode?: number,
): Promise<FileHandle> {
  const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants>; // Windows has neither
  return fs.open(path, access | O_NOFOLLOW | O_NONBLOCK, mode);
}

/** True if this is a plain file of this user. */
export async function isOwn(file: FileHandle): Promise<boolean> {
  const found = await file.stat();
  return found.isFile() && (!process.geteuid || found.uid === process.geteuid());
}

/** Reads the beginning of a plain file as text. */
export async function readText(file: FileHandle, maxBytes = MAX_TEXT_BYTES): Promise<string> {
  const size = Math.min((await file.stat()).size, maxBytes);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
  return buffer.toString("utf8", 0, bytesRead);
}
