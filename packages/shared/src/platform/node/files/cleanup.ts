import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fileError } from "./error.js";
import { type FileSystem, nodeFileSystem } from "./file-system.js";

/** The names that downloads under way have; those of `keepPartial` are for another run to use. */
const TEMPORARY = /^\..+\.[\da-f]{12}\.part$/;

/** Removes temporary files that no download has touched for so long; returns their paths. */
export async function cleanupPartials(
  directory: string | URL,
  olderThanMs: number,
  now = Date.now(),
  given?: FileSystem,
): Promise<string[]> {
  const fs = given ?? (await nodeFileSystem());
  const root = typeof directory === "string" ? directory : fileURLToPath(directory);
  const removed: string[] = [];
  try {
    for (const name of await fs.readdir(root)) {
      if (!TEMPORARY.test(name)) continue;
      const path = join(root, name);
      const found = await fs.lstat(path).catch(() => undefined);
      if (!found?.isFile() || now - found.mtimeMs < olderThanMs) continue;
      await fs.rm(path, { force: true });
      removed.push(path);
    }
  } catch (error) {
    throw fileError("clean up", root, error);
  }
  return removed;
}
