import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { DownloadError } from "../../../errors/download-error.js";
import type { FileOptions } from "../../../file/options.js";
import type { PartialFile } from "../../../file/sink.js";
import { fitFileName } from "../../../file-name/safe.js";
import { fileError } from "./error.js";
import type { FileSystem } from "./file-system.js";
import { acquireLock, type Lock } from "./lock.js";
import { readSidecar, type Sidecar, writeSidecar } from "./sidecar.js";
import type { TemporaryFile } from "./temporary-file.js";

/** After these errors the bytes are of no use; after all others another run may go on with them. */
const BYTES_ARE_USELESS =
  /^(DIGEST_MISMATCH|SIZE_MISMATCH|SOURCE_CHANGED|TOO_LARGE|DECODE_ERROR|UNEXPECTED_|NO_CONTENT)/;

/**
 * Opens a partial file that outlives its process (`keepPartial`): it has a fixed name, a lock, and a sidecar that says of which version and
 * source the bytes are.
 */
export async function openPartialFile(
  fs: FileSystem,
  directory: string,
  name: string,
  sourceKey: string,
  options: FileOptions,
): Promise<TemporaryFile> {
  const base = join(directory, `.${fitFileName(name, "", 240)}`);
  const path = `${base}.keep.part`;
  const sidecar = `${base}.keep.json`;
  const source = createHash("sha256").update(sourceKey).digest("hex").slice(0, 32);
  const lock = await acquireLock(fs, `${base}.keep.lock`, path);
  try {
    const { file, size } = await openUnlinked(fs, path, options);
    const note = await readSidecar(fs, sidecar);
    const isUsable = size > 0 && note?.source === source && size <= (note.total ?? size);
    if (!isUsable) await file.truncate(0);
    return {
      path,
      file,
      partial: isUsable ? toPartialFile(file, size, note) : undefined,
      begin: (version) => writeSidecar(fs, sidecar, source, version),
      check: lock.check,
      isKeptAfter,
      async release() {
        await fs.rm(sidecar, { force: true });
        await lock.release();
      },
      abandon: (reason) => abandon(fs, path, sidecar, lock, reason),
    };
  } catch (error) {
    await lock.release().catch(() => {});
    throw fileError("open", path, error);
  }
}

/** Opens the file for reading and writing, never through a symbolic link. */
async function openUnlinked(
  fs: FileSystem,
  path: string,
  { mode = 0o666 }: FileOptions,
): Promise<{ file: FileHandle; size: number }> {
  const { O_RDWR, O_CREAT, O_NOFOLLOW } = (await import("node:fs")).constants;
  const open = () => fs.open(path, O_RDWR | O_CREAT | (O_NOFOLLOW ?? 0), mode);
  const file = await open();
  const { size, nlink } = await file.stat();
  if (nlink <= 1) return { file, size };
  // A run that was killed right after its commit left it with its final name as well: that file is not ours to change.
  await file.close();
  await fs.rm(path);
  return { file: await open(), size: 0 };
}

function toPartialFile(file: FileHandle, size: number, note: Sidecar): PartialFile {
  return {
    bytes: size,
    version: {
      etag: note.etag,
      lastModified: note.lastModified,
      total: note.total,
      encoded: false,
      noRanges: false,
    },
    read: () => file.createReadStream({ start: 0, end: size - 1, autoClose: false }),
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
  if (!isOurs) return;
  const found = await fs.stat(path).catch(() => undefined);
  if (!found?.size || !isKeptAfter(reason)) {
    await fs.rm(path, { force: true }).catch(() => {});
    await fs.rm(sidecar, { force: true }).catch(() => {});
  }
  await lock.release().catch(() => {});
}

function isKeptAfter(reason: unknown): boolean {
  return !(reason instanceof DownloadError && BYTES_ARE_USELESS.test(reason.code));
}
