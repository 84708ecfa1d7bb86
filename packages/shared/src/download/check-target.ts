import { checkPath } from "#platform";
import type { SaveOptions } from "../file/options.js";
import type { SaveTarget } from "../file/result.js";

/**
 * Tells whether a file can be saved there, as far as it can be told without making anything. `save` does so before it waits; call it before you start an export,
 * to be told even earlier.
 * @throws {@link DownloadError} `TARGET_EXISTS`, `FILE_ERROR`; {@link TypeError} for a target that is none
 */
export async function checkTarget(to: SaveTarget, options: SaveOptions = {}): Promise<void> {
  if (typeof to === "string" || to instanceof URL) await checkPath(to, options);
  else if (!("getWriter" in to || "createWritable" in to))
    throw new TypeError("save: the target must be a path, a WritableStream or a file handle");
  else if ("locked" in to && to.locked) throw new TypeError("save: the stream is locked");
}
