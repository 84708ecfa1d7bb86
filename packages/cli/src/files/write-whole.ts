import { randomUUID } from "node:crypto";
import nodeFs from "node:fs";
import { dirname } from "node:path";
import { DiskError } from "../errors/command-error.js";
import { reasonOf, systemCode } from "../errors/system-reason.js";

/** The functions of `node:fs` that writing a file takes. */
export type WritingFs = Pick<
  typeof nodeFs,
  | "chmodSync"
  | "chownSync"
  | "closeSync"
  | "fsyncSync"
  | "openSync"
  | "realpathSync"
  | "renameSync"
  | "rmSync"
  | "statSync"
  | "writeSync"
>;

/** How a file is written. */
export interface WriteOptions {
  /** The permissions of the file. @default those of the file that is there, or else what the umask leaves */
  readonly mode?: number;
  readonly fs?: WritingFs;
}

/**
 * Writes a file so that its name always has a whole text: the old one until the new one is on the disk. Libraries that count on one `write` to take all of it
 * leave a cut file on a full disk, so the bytes are counted here.
 * @throws {DiskError} if it cannot be written; the old file is as it was
 */
export function writeWhole(file: string, text: string, { mode, fs = nodeFs }: WriteOptions = {}): void {
  let temporary: string | undefined;
  try {
    const path = targetOf(file, fs);
    const before = fs.statSync(path, { throwIfNoEntry: false });
    temporary = `${path}.${randomUUID()}.tmp`;
    const descriptor = fs.openSync(temporary, "wx", mode ?? 0o666);
    try {
      writeAll(descriptor, Buffer.from(text), fs);
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    if (before && mode === undefined) keepOwner(temporary, before, fs);
    fs.renameSync(temporary, path);
    temporary = undefined;
    syncFolder(dirname(path), fs);
  } catch (cause) {
    throw new DiskError(`cannot write ${file}: ${reasonOf(cause)}; it is as it was before`, { cause });
  } finally {
    if (temporary !== undefined) fs.rmSync(temporary, { force: true });
  }
}

/** The file that a link leads to, so that the link stays. */
function targetOf(file: string, fs: WritingFs): string {
  try {
    return fs.realpathSync(file);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return file;
    throw error;
  }
}

function writeAll(descriptor: number, bytes: Buffer, fs: WritingFs): void {
  for (let written = 0; written < bytes.length; ) {
    const count = fs.writeSync(descriptor, bytes, written);
    if (count === 0) throw Object.assign(new Error("nothing was written"), { code: "EIO" });
    written += count;
  }
}

function keepOwner(path: string, { mode, uid, gid }: nodeFs.Stats, fs: WritingFs): void {
  try {
    fs.chownSync(path, uid, gid);
  } catch {
    // only root can give a file away; then it is ours
  }
  fs.chmodSync(path, mode & 0o7777);
}

/** Makes the new name last through a power cut, where the system can. */
function syncFolder(folder: string, fs: WritingFs): void {
  try {
    const descriptor = fs.openSync(folder, "r");
    try {
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  } catch {
    // Windows opens no folders; the file itself is written
  }
}
