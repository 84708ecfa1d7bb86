import { checkOptions } from "../options/check-options.js";

/**
 * Removes what downloads left in a directory when their process was killed: the files, and the folders of parts, named `.<name>.<random>.part`
 * that were not written to for `olderThanMs` milliseconds, a day by default. Files under their final names are never touched, and neither are the
 * bytes that `keepPartial` keeps, or a folder with anything else in it than parts. A folder of parts that was to be replaced gets its name back
 * if the new one never came.
 * @returns the paths that were removed
 * @throws {@link DownloadError} `FILE_ERROR`
 */
export async function cleanupStale(
  directory: string | URL,
  options: { olderThanMs?: number | undefined } = {},
): Promise<string[]> {
  checkOptions("cleanupStale", options, { olderThanMs: "number" });
  const { fileStoreFor } = await import("./open.js");
  return fileStoreFor(directory).cleanupDirectory(directory, options.olderThanMs ?? 86_400_000);
}
