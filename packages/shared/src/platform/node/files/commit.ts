import type { FileOptions } from "../../../file/options.js";
import { fitFileName } from "../../../file-name/safe.js";
import { fileError, noLinks, systemCodeOf, targetExists } from "./error.js";
import type { FileSystem } from "./file-system.js";

/** How many names are tried with `overwrite: "rename"`. */
const MAX_NAMES = 10_000;

/** Gives a whole file its final name, in one step, and never over a file that it may not replace. Returns the path. */
export async function commitFile(
  fs: FileSystem,
  part: string,
  directory: string,
  name: string,
  overwrite: NonNullable<FileOptions["overwrite"]>,
): Promise<string> {
  const { join } = await import("node:path");
  const path = join(directory, name);
  if (overwrite === "replace") {
    await fs.rename(part, path).catch((error: unknown) => {
      throw fileError("replace", path, error);
    });
    return path;
  }
  for (let n = 0; n < (overwrite === "rename" ? MAX_NAMES : 1); n++) {
    const candidate = n === 0 ? path : join(directory, fitFileName(name, ` (${n})`));
    if (await placeNew(fs, part, candidate)) return candidate;
  }
  throw targetExists(path);
}

/** Moves a file to a name that nothing has; `false` if something has it. */
async function placeNew(fs: FileSystem, part: string, path: string): Promise<boolean> {
  try {
    await fs.link(part, path); // unlike rename, it fails if the name exists
  } catch (error) {
    if (systemCodeOf(error) === "EEXIST") return false;
    if (!noLinks(error)) throw fileError("name", path, error);
    return placeUnlinked(fs, part, path);
  }
  await fs.unlink(part).catch(() => {}); // the file is there; a second name in the way is no failure
  return true;
}

/** For file systems without links: reserves the name with an empty file, then moves over that one. */
async function placeUnlinked(fs: FileSystem, part: string, path: string): Promise<boolean> {
  try {
    await (await fs.open(path, "wx")).close();
  } catch (error) {
    if (systemCodeOf(error) === "EEXIST") return false;
    throw fileError("name", path, error);
  }
  try {
    await fs.rename(part, path);
    return true;
  } catch (error) {
    await fs.unlink(path).catch(() => {});
    throw fileError("name", path, error);
  }
}
