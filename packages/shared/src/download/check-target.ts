import type { SaveOptions } from "../file/options.js";
import type { SaveTarget } from "../file/result.js";

/**
 * Checks whether a file can be saved there, as far as that is possible without making anything. `save` does so before it waits; call it before
 * you start an export to know even earlier.
 * @throws {@link DownloadError} `TARGET_EXISTS`, `FILE_ERROR`; {@link TypeError} if it is no target
 */
export async function checkTarget(to: SaveTarget, options: SaveOptions = {}): Promise<void> {
  const { checkSaveTarget } = await import("./open.js"); // loaded at the first download
  await checkSaveTarget(to, options);
}
