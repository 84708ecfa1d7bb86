import { createHash } from "node:crypto";
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { DownloadError } from "../../../errors/download-error.js";
import type { FileOptions } from "../../../file/options.js";
import type { PartialFile } from "../../../file/sink.js";
import { fitFileName } from "../../../file-name/safe.js";
import { fileError } from "./error.js";
import type { FileSystem } from "./file-system.js";
import { acquireLock, type Lock } from "./lock.js";
import { isOwn, openNoFollow } from "./own-file.js";
import { readSidecar, type Sidecar } from "./sidecar.js";
import { createSyncedNote } from "./synced-note.js";
import type { TemporaryFile } from "./temporary-file.js";

/** After these errors the bytes are of no use; after all others another run may go on with them. */
const BYTES_ARE_USELESS =
  /^(DIGEST_MISMATCH|SIZE_MISMATCH|SOURCE_CHANGED|TOO_LARGE|DECODE_ERROR|UNEXPECTED_CONTENT)$/;

/** What the longest of the names below adds: a dot, `.keep.lock` and what a temporary file's name ends with. */
const MAX_NAME_BYTES = 255 - 1 - ".keep.lock".length - ".0123456789ab.part".length;

/**
 * Opens a partial file that outlives its process (`keepPartial`): it has a fixed name, a lock, and a sidecar that says of which version and
 * source the bytes are, and how many of them are proved.
 */
export async function openPartialFile(
  fs: FileSystem,
  directory: string,
  name: string,
  sourceKey: string,
  options: FileOptions,
): Promise<TemporaryFile> {
  const base = join(directory, `.${fixedName(name)}`);
  const path = `${base}.keep.part`;
  const sidecar = `${base}.keep.json`;
  const source = hash(sourceKey);
  const lock = await acquireLock(fs, `${base}.keep.lock`, path);
  let file: FileHandle | undefined;
  try {
    const opened = await openOwn(fs, path, options);
    file = opened.file;
    const { size } = opened;
    const found = size > 0 ? await readSidecar(fs, sidecar) : undefined;
    const isUsable =
      found !== undefined &&
      found.source === source &&
      found.synced > 0 &&
      found.synced <= size &&
      size <= (found.total ?? size);
    const partial = isUsable ? toPartialFile(file, found) : undefined;
    await file.truncate(partial?.bytes ?? 0); // what was not synced is not believed
    const note = createSyncedNote(fs, file, sidecar, source, partial);
    return {
      path,
      file,
      partial,
      begin: note.begin,
      hold: lock.hold,
      written: note.written,
      settle: note.settle,
      sync: note.sync,
      check: lock.check,
      isKeptAfter,
      async release() {
        await fs.rm(sidecar, { force: true });
        await lock.release();
      },
      abandon: (reason) => abandon(fs, path, sidecar, lock, reason),
    };
  } catch (error) {
    await file?.close().catch(() => {});
    await lock.release().catch(() => {});
    throw fileError("open", path, error);
  }
}

/** The name as all runs make it. Two long names that begin alike get different ones. */
function fixedName(name: string): string {
  return Buffer.byteLength(name) > MAX_NAME_BYTES
    ? fitFileName(name, `.${hash(name).slice(0, 12)}`, MAX_NAME_BYTES)
    : name;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** Opens the file for reading and writing: never through a symbolic link, and none that is another user's or no plain file. */
async function openOwn(
  fs: FileSystem,
  path: string,
  { mode = 0o666 }: FileOptions,
): Promise<{ file: FileHandle; size: number }> {
  const { O_RDWR, O_CREAT, O_EXCL } = constants;
  const file = await openNoFollow(fs, path, O_RDWR | O_CREAT, mode);
  const { size, nlink } = await file.stat();
  if (nlink <= 1 && (await isOwn(file))) return { file, size };
  // A run that was killed right after its commit left it with its final name as well: that file is not ours to change.
  await file.close();
  await fs.rm(path);
  return { file: await openNoFollow(fs, path, O_RDWR | O_CREAT | O_EXCL, mode), size: 0 };
}

function toPartialFile(
  file: FileHandle,
  { synced, etag, lastModified, total, kept, type, digest }: Sidecar,
): PartialFile {
  return {
    bytes: synced,
    isOf(version) {
      if (!version) return Boolean(etag ?? lastModified);
      if (version.etag) return version.etag === etag;
      return version.lastModified !== undefined && version.lastModified === lastModified;
    },
    version: { etag, lastModified, total, kept, type, digest, encoded: false, noRanges: false },
    async readInto(reader, signal) {
      const bytes = file.createReadStream({ start: 0, end: synced - 1, autoClose: false });
      for await (const chunk of bytes) {
        signal.throwIfAborted();
        reader.update(chunk);
      }
    },
  };
}

async function abandon(
  fs: FileSystem,
  path: string,
  sidecar: string,
  lock: Lock,
  reason: unknown,
): Promise<void> {
  const isOurs = await lock.check().then(
    () => true,
    () => false,
  );
  if (isOurs) {
    const found = await fs.stat(path).catch(() => undefined);
    if (!found?.size || !isKeptAfter(reason)) {
      await fs.rm(path, { force: true }).catch(() => {});
      await fs.rm(sidecar, { force: true }).catch(() => {});
    }
  }
  await lock.release().catch(() => {});
}

/** True if what has come is of use to another run after a failure. */
export function isKeptAfter(reason: unknown): boolean {
  return !(reason instanceof DownloadError && BYTES_ARE_USELESS.test(reason.code));
}
