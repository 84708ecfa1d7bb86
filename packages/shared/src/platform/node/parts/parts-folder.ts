import { randomBytes } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { rename, rmdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { PartsFolder, PartsTarget } from "../../../file/parts-folder.js";
import {
  acquireLock,
  checkFree,
  commitFile,
  createFileWriter,
  fileError,
  fileTarget,
  fitFileName,
  isFolderOfParts,
  isKeptAfter,
  isOwn,
  JOINED_NAME,
  type Lock,
  nodeFileSystem,
  openNoFollow,
  PART_NAME,
  readText,
  systemCodeOf,
  targetExists,
} from "../files/index.js";

/** More than the note of the longest list has. */
const MAX_NOTE_BYTES = 64 * 1024 * 1024;

/** Opens the folder that the parts of a file are saved into; with `keepPartial` another run finds it again. */
export async function openPartsFolder(
  to: string | URL,
  { options, name: suggested, isFolder }: PartsTarget,
): Promise<PartsFolder> {
  const fs = await nodeFileSystem();
  const { overwrite = "error", createDirs, keepPartial, fsync, mode } = options;
  const { directory, name: found } = await findName();
  const name = found ?? suggested;
  const final = join(directory, name);
  if (overwrite === "error") await checkFree(fs, final);
  if (createDirs) await attempt("make", directory, fs.mkdir(directory, { recursive: true }));
  const end = keepPartial ? ".keep.parts" : `.${randomBytes(6).toString("hex")}.part`;
  const base = join(directory, `.${fitFileName(name, "", 200)}`);
  const path = base + end;
  const notePath = `${base}.keep.parts.json`;
  const lock = keepPartial ? await acquireLock(fs, `${base}.keep.parts.lock`, path) : undefined;
  try {
    await attempt("make", path, fs.mkdir(path, { recursive: keepPartial === true }));
    if (!(await fs.lstat(path)).isDirectory()) throw fileError("save into", path, { code: "ENOTDIR" });
    return createFolder(keepPartial ? await readNote() : undefined, lock);
  } catch (error) {
    await lock?.release().catch(() => {});
    throw fileError("open", path, error);
  }

  async function findName(): Promise<{ directory: string; name?: string }> {
    const target = await fileTarget(to, { ...options, overwrite: "replace" }, fs);
    if (target.name !== undefined) return target;
    const isInside = /[\\/]$/.test(String(to));
    if (isFolder && !isInside && (await isFolderOfParts(fs, target.directory)))
      return { directory: resolve(target.directory, ".."), name: basename(target.directory) };
    return target;
  }

  async function readNote(): Promise<unknown> {
    try {
      const file = await openNoFollow(fs, notePath, constants.O_RDONLY);
      try {
        return (await isOwn(file)) ? JSON.parse(await readText(file, MAX_NOTE_BYTES)) : undefined;
      } finally {
        await file.close();
      }
    } catch {
      return undefined; // without a note nobody knows what the parts are of
    }
  }

  function createFolder(note: unknown, lock: Lock | undefined): PartsFolder {
    const pathOf = (one: string) => join(path, one);
    const removeAll = async () => {
      await fs.rm(path, { force: true, recursive: true }).catch(() => {});
      await fs.rm(notePath, { force: true }).catch(() => {});
    };
    const removeBut = async (names: readonly string[]) => {
      for (const one of await fs.readdir(path))
        if (!names.includes(one)) await fs.rm(pathOf(one), { force: true, recursive: true });
    };
    const release = async () => lock?.release().catch(() => {});
    return {
      note,
      targetName: found,
      joinedName: JOINED_NAME,
      async clear() {
        await removeBut([]);
        await fs.rm(notePath, { force: true });
      },
      pathOf,
      finalPath: join,
      async keep(now) {
        if (!lock) return;
        await lock.check();
        const temporary = `${notePath}.${randomBytes(6).toString("hex")}.part`;
        await attempt("write", temporary, writeSynced(temporary, JSON.stringify(now)));
        await attempt("write", notePath, fs.rename(temporary, notePath));
      },
      async sizeOf(one) {
        const found = await fs.lstat(pathOf(one)).catch(() => undefined);
        // A run that was killed right after its commit left the file with its final name as well: that one is not ours to change.
        return found?.isFile() && found.nlink <= 1 ? found.size : undefined;
      },
      read: (one) => createReadStream(pathOf(one)),
      remove: async (one) => fs.rm(pathOf(one), { force: true }),
      async append(one, position, bytes) {
        const at = pathOf(one);
        const file = await attempt(
          "open",
          at,
          openNoFollow(fs, at, constants.O_RDWR | constants.O_CREAT, mode ?? 0o666),
        );
        try {
          await attempt("empty", at, file.truncate(position));
          const writer = createFileWriter(file, position);
          for await (const chunk of bytes) {
            const drained = writer.write(chunk);
            if (drained) await attempt("write", at, drained);
          }
          await attempt("write", at, writer.flush());
          if (lock) await file.datasync();
        } finally {
          await file.close();
        }
      },
      async commit(names) {
        await lock?.check();
        await attempt("tidy", path, removeBut(names)); // what runs that were killed left here
        const done = await commitFolder();
        await fs.rm(notePath, { force: true }).catch(() => {});
        await release();
        return done;
      },
      async commitFile(one) {
        await lock?.check();
        const file = await fs.open(pathOf(one), "r+");
        try {
          if (mode !== undefined) await file.chmod(mode);
          if (fsync) await file.sync();
        } finally {
          await file.close();
        }
        const done = await commitFile(fs, pathOf(one), directory, name, overwrite);
        await removeAll();
        await release();
        return done;
      },
      async abandon(reason) {
        if (!lock || !isKeptAfter(reason)) await removeAll();
        await rmdir(path).catch(() => {}); // an empty one is of no use to anybody
        await release();
      },
    };
  }

  async function writeSynced(at: string, text: string): Promise<void> {
    const file = await fs.open(at, "wx");
    try {
      await file.writeFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  /** Gives the folder its name in one step; a folder that it replaces goes out of the way before, and comes back if that fails. */
  async function commitFolder(): Promise<string> {
    if (overwrite === "rename") {
      for (let n = 0; ; n++) {
        const candidate = n === 0 ? final : join(directory, fitFileName(name, ` (${n})`));
        if (await isThere(candidate)) continue;
        await attempt("name", candidate, rename(path, candidate));
        return candidate;
      }
    }
    const found = await isThere(final);
    if (found && overwrite === "error") throw targetExists(final);
    const end = `.${randomBytes(6).toString("hex")}.old`;
    const old = join(directory, `.${fitFileName(name, "", 254 - end.length)}${end}`);
    if (found) {
      if (!(await isReplaceable())) throw targetExists(final);
      await attempt("replace", final, rename(final, old));
    }
    try {
      await attempt("name", final, rename(path, final));
    } catch (error) {
      if (found) await rename(old, final).catch(() => {});
      throw error;
    }
    if (found) await fs.rm(old, { force: true, recursive: true }).catch(() => {});
    return final;
  }

  /** A folder with anything else in it than parts is not ours to remove. */
  async function isReplaceable(): Promise<boolean> {
    const entries = await fs.readdir(final).catch((error: unknown) => {
      if (systemCodeOf(error) === "ENOTDIR") return [];
      throw fileError("replace", final, error);
    });
    return entries.every((one) => PART_NAME.test(one));
  }

  async function isThere(at: string): Promise<boolean> {
    return fs.lstat(at).then(
      () => true,
      () => false,
    );
  }
}

async function attempt<T>(doing: string, path: string, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw fileError(doing, path, error);
  });
}
