import type { Stats } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fileError } from "./error.js";
import { type FileSystem, nodeFileSystem } from "./file-system.js";

/** How the files in a folder of parts are called. */
export const PART_NAME = /\.part-\d{4,}(\.[^/]*)?$/;

/** The file that parts are joined in, until it has its own name. */
export const JOINED_NAME = "joined";

/** The names that downloads under way have; those of `keepPartial` are for another run to use. */
const TEMPORARY = /^\..+\.[\da-f]{12}\.part$/;

/** The name of a folder of parts that goes out of the way of a new one. */
const REPLACED = /^\.(.+)\.[\da-f]{12}\.old$/;

/** The names of what stands beside the bytes that `keepPartial` keeps. */
const BESIDE_KEPT = /^(\..+\.keep)\.(parts\.)?(json|lock)$/;

/** Removes temporary files and folders that no download has touched for so long; returns their paths. */
export async function cleanupPartials(
  directory: string | URL,
  olderThanMs: number,
  now = Date.now(),
  given?: FileSystem,
): Promise<string[]> {
  const fs = given ?? (await nodeFileSystem());
  const root = typeof directory === "string" ? directory : fileURLToPath(directory);
  const removed: string[] = [];

  async function remove(name: string): Promise<void> {
    const path = join(root, name);
    await fs.rm(path, { force: true, recursive: true });
    removed.push(path);
  }

  const isOld = (changedAt: number | undefined) => changedAt !== undefined && now - changedAt >= olderThanMs;

  try {
    for (const name of await fs.readdir(root)) {
      const path = join(root, name);
      const [, replaced] = REPLACED.exec(name) ?? [];
      const [, kept, parts] = BESIDE_KEPT.exec(name) ?? [];
      if (TEMPORARY.test(name)) {
        const found = await saved(fs, path);
        if (found && isOld(found.changedAt)) await remove(name);
      } else if (replaced) {
        const found = await saved(fs, path);
        if (!found?.own.isDirectory() || !isOld(found.own.ctimeMs)) continue;
        // Without the new folder the old one is all there is.
        if (await lstatOf(fs, join(root, replaced))) await remove(name);
        else await fs.rename(path, join(root, replaced));
      } else if (kept) {
        if (!isOld((await lstatOf(fs, path))?.mtimeMs)) continue;
        const bytes = `${kept}.${parts ? "parts" : "part"}`;
        const found = await saved(fs, join(root, bytes));
        if (found?.hasBytes || (!found && (await lstatOf(fs, join(root, bytes))))) continue;
        if (found) await remove(bytes);
        await remove(name);
      }
    }
  } catch (error) {
    throw fileError("clean up", root, error);
  }
  return removed;
}

/** What is known of something that a save made. */
interface Saved {
  readonly own: Stats;
  /** When it, or a file in it, was last written to. */
  readonly changedAt: number;
  /** True if it has bytes that no other name leads to. */
  readonly hasBytes: boolean;
}

/** Looks at a file, or at a folder of parts; `undefined` for all else, which no save makes. */
async function saved(fs: FileSystem, path: string): Promise<Saved | undefined> {
  const own = await lstatOf(fs, path);
  if (!own?.isDirectory()) return own?.isFile() ? toSaved(own, [own]) : undefined;
  const files: Stats[] = [];
  for (const name of await fs.readdir(path)) {
    const file = await lstatOf(fs, join(path, name));
    if (!file?.isFile() || (name !== JOINED_NAME && !PART_NAME.test(name))) return undefined;
    files.push(file);
  }
  return toSaved(own, files);
}

function toSaved(own: Stats, files: readonly Stats[]): Saved {
  return {
    own,
    changedAt: Math.max(own.mtimeMs, ...files.map(({ mtimeMs }) => mtimeMs)),
    hasBytes: files.some(({ nlink, size }) => nlink === 1 && size > 0),
  };
}

async function lstatOf(fs: FileSystem, path: string): Promise<Stats | undefined> {
  return fs.lstat(path).catch(() => undefined);
}
