import type { SaveOptions } from "../file/options.js";
import type { SaveTarget } from "../file/result.js";
import { checkOptions } from "../options/check-options.js";
import { WAIT_OPTIONS } from "../polling/wait-options.js";

/** What may be said of a job that found nothing. */
export const IF_EMPTY = { ifEmpty: ["skip", "file", "error"] };

/**
 * Checks whether a file can be saved there, as far as that is possible without making anything. `save` does so before it waits; call it before
 * you start an export to know even earlier.
 * @throws {@link DownloadError} `TARGET_EXISTS`, `FILE_ERROR`; {@link TypeError} if it is no target
 */
export async function checkTarget(to: SaveTarget, options: SaveOptions = {}): Promise<void> {
  const { checkSaveTarget, SAVE_OPTIONS } = await import("../download/open.js"); // loaded at the first download
  checkOptions("checkTarget", options, { ...WAIT_OPTIONS, ...SAVE_OPTIONS, ...IF_EMPTY }); // those of a job's save may be given as they are
  await checkSaveTarget(to, options);
}
