import { join } from "node:path";
import type { SaveOptions } from "../../../file/options.js";
import type { FileInfo, FileSink } from "../../../file/sink.js";
import { commitFile } from "./commit.js";
import { fileError, systemCodeOf } from "./error.js";
import { type FileSystem, makeFolder, nodeFileSystem } from "./file-system.js";
import { openPartialFile } from "./partial-file.js";
import { checkFree, fileTarget } from "./target.js";
import { createTemporaryFile, type TemporaryFile } from "./temporary-file.js";
import { createUnpackedFile, readAll } from "./unpacked-file.js";
import { createFileWriter } from "./writer.js";

/** Opens a sink that writes under a temporary name beside the final one, until the file is whole. */
export async function openFileSink(
  to: string | URL,
  options: SaveOptions,
  info: FileInfo,
  given?: FileSystem,
): Promise<FileSink> {
  const fs = given ?? (await nodeFileSystem());
  const { directory, name } = await resolveTarget(fs, to, options, info);
  const temporary = options.keepPartial
    ? await openPartialFile(fs, directory, name, await info.sourceKey(), options)
    : await createTemporaryFile(fs, directory, name, options);
  return createSink(fs, directory, name, temporary, options);
}

/**
 * Finds out where the file goes. A partial file is looked at before the request; any other is created after it, so that a refused reply
 * leaves no trace at all.
 */
async function resolveTarget(
  fs: FileSystem,
  to: string | URL,
  options: SaveOptions,
  info: FileInfo,
): Promise<{ directory: string; name: string }> {
  const { overwrite = "error", createDirs, keepPartial } = options;
  const { directory, name: given } = await fileTarget(to, options, fs);
  const name =
    keepPartial && given !== undefined ? given : await info.name().then((suggested) => given ?? suggested);
  if (given === undefined && overwrite === "error") await checkFree(fs, join(directory, name));
  if (createDirs) {
    await makeFolder(fs, directory).catch((error: unknown) => {
      throw fileError("make", directory, error);
    });
  }
  return { directory, name };
}

function createSink(
  fs: FileSystem,
  directory: string,
  name: string,
  temporary: TemporaryFile,
  options: SaveOptions,
): FileSink {
  const { overwrite = "error", fsync, mode } = options;
  const path = join(directory, name);
  const { file, partial } = temporary;
  const startWriter = (position: number) =>
    createFileWriter(file, position, (end) => temporary.written?.(end));
  let writer = startWriter(partial?.bytes ?? 0);
  let closed = false;

  const close = async () => {
    if (closed) return;
    closed = true;
    await temporary.settle?.();
    await file.close();
  };
  const withFileError = async <T>(doing: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw fileError(doing, path, error);
    }
  };

  return {
    partial,
    begin: async (version) => temporary.begin?.(version),
    write(chunk) {
      const held = temporary.hold?.();
      const drained = held ? held.then(() => writer.write(chunk)) : writer.write(chunk);
      return drained && withFileError("write", drained);
    },
    async restart() {
      await writer.drop();
      await withFileError("empty", file.truncate(0));
      writer = startWriter(0);
    },
    async finish({ signal, unpack }) {
      await withFileError("write", writer.flush());
      const unpacked =
        unpack &&
        (await createUnpackedFile(unpack(readAll(file)), () =>
          createTemporaryFile(fs, directory, name, options),
        ));
      const whole = unpacked ?? temporary;
      try {
        if (mode !== undefined) await withFileError("set the mode of", whole.file.chmod(mode));
        signal.throwIfAborted();
        if (fsync) await withFileError("flush", whole.file.sync());
        await withFileError("close", unpacked ? unpacked.file.close() : close());
        signal.throwIfAborted();
        await temporary.check?.();
        const finalPath = await commitFile(fs, whole.path, directory, name, overwrite);
        if (fsync) await syncDirectory(fs, directory);
        if (unpacked) {
          await withFileError("close", close());
          await fs.rm(temporary.path, { force: true });
        }
        await temporary.release?.();
        return finalPath;
      } catch (error) {
        await unpacked?.file.close().catch(() => {});
        await unpacked?.abandon(error);
        throw error;
      }
    },
    async abort(reason) {
      // Bytes that another run goes on with have to be on disk; others need not be.
      if (temporary.isKeptAfter?.(reason)) {
        await writer.flush().catch(() => {});
        await temporary.sync?.().catch(() => {});
      } else await writer.drop();
      await close().catch(() => {});
      await temporary.abandon(reason);
    },
  };
}

/** Writes a name to the disk; not every system lets a directory be opened for it. */
async function syncDirectory(fs: FileSystem, directory: string): Promise<void> {
  try {
    const handle = await fs.open(directory, "r");
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!/^(EISDIR|EPERM|EACCES|EINVAL|ENOTSUP|EBADF)$/.test(systemCodeOf(error) ?? ""))
      throw fileError("flush", directory, error);
  }
}
