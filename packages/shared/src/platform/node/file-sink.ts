import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { SaveOptions } from "../../file/options.js";
import type { DownloadSink, TransferInfo } from "../../file/sink.js";
import { fitFileName } from "../../file-name/safe.js";
import { commitFile } from "./commit.js";
import { fileError, systemCodeOf } from "./file-error.js";
import { type FileSystem, nodeFileSystem } from "./file-system.js";
import { checkFree, fileTarget } from "./file-target.js";
import { createFileWriter } from "./file-writer.js";
import { openPartial, type Partial } from "./partial.js";

/** Bytes into a file: under a temporary name beside its own, until it is whole. */
export async function openFileSink(
  to: string | URL,
  options: SaveOptions,
  transfer: TransferInfo,
  given?: FileSystem,
): Promise<DownloadSink> {
  const fs = given ?? (await nodeFileSystem());
  const { overwrite = "error", createDirs, fsync, keepPartial } = options;
  const { directory, name: known } = await fileTarget(to, options, fs);
  // A partial file is looked at before the request, any other is made after it: a reply that is refused then leaves no trace at all.
  const name =
    keepPartial && known !== undefined ? known : await transfer.name().then((told) => known ?? told);
  const path = join(directory, name);
  if (known === undefined && overwrite === "error") await checkFree(fs, path);
  if (createDirs) {
    await fs.mkdir(directory, { recursive: true }).catch((error: unknown) => {
      throw fileError("make", directory, error);
    });
  }
  const part: Partial = keepPartial
    ? await openPartial(fs, directory, name, await transfer.key(), options)
    : await openTemporary(fs, directory, name, options);
  const { file, held } = part;
  let writer = createFileWriter(file, held?.bytes ?? 0);
  let closed = false;

  const close = async () => {
    if (!closed) await file.close();
    closed = true;
  };
  const guard = async <T>(doing: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw fileError(doing, path, error);
    }
  };

  return {
    held,
    begin: async (version) => part.begin?.(version),
    write(chunk) {
      const room = writer.write(chunk);
      return room && guard("write", room);
    },
    async restart() {
      await writer.drop();
      await guard("empty", file.truncate(0));
      writer = createFileWriter(file, 0);
    },
    async finish({ signal }) {
      await guard("write", writer.flush());
      if (options.mode !== undefined) await guard("set the mode of", file.chmod(options.mode));
      signal.throwIfAborted();
      if (fsync) await guard("flush", file.sync());
      await guard("close", close());
      signal.throwIfAborted();
      await part.check?.();
      const final = await commitFile(fs, part.path, directory, name, overwrite);
      if (fsync) await syncDirectory(fs, directory);
      await part.release?.();
      return final;
    },
    async abort(reason) {
      // What is kept for another run is kept whole.
      await (part.keeps?.(reason) ? writer.flush().catch(() => {}) : writer.drop());
      await close().catch(() => {});
      await part.abandon(reason);
    },
  };
}

/** A new file that no other download uses. */
async function openTemporary(
  fs: FileSystem,
  directory: string,
  name: string,
  { mode = 0o666 }: SaveOptions,
): Promise<Partial> {
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

/** Puts a name on the disk; not every system lets a directory be opened for it. */
async function syncDirectory(fs: FileSystem, directory: string): Promise<void> {
  try {
    const handle = await fs.open(directory, "r");
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!/^(EISDIR|EPERM|EACCES|EINVAL|ENOTSUP|EBADF)$/.test(systemCodeOf(error) ?? ""))
      throw fileError("flush", directory, error);
  }
}
