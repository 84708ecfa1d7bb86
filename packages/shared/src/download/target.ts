import { platform } from "#platform";
import { DownloadError } from "../errors/download-error.js";
import type { SaveOptions } from "../file/options.js";
import type { SaveTarget } from "../file/result.js";
import type { FileStore } from "../platform/platform.js";

/** Checks a target; {@link checkTarget} is what users call. */
export async function checkSaveTarget(to: SaveTarget, options: SaveOptions = {}): Promise<void> {
  await findTargetName(to, options);
}

/** Checks a target and returns the name that it gives the file, if it does. */
export async function findTargetName(to: SaveTarget, options: SaveOptions): Promise<string | undefined> {
  if (typeof to === "string" || to instanceof URL) return fileStoreFor(to).checkPath(to, options);
  const { getWriter, createWritable } = Object(to) as { [name: string]: unknown }; // what users give may be anything
  if (!getWriter && !createWritable)
    throw new TypeError(
      `save: the target must be a path, a WritableStream or a file handle${platform.files?.targetHint(to) ?? ""}`,
    );
  if ("locked" in to && to.locked) throw new TypeError("save: the stream is locked");
  return undefined;
}

/** The file system of this runtime. @throws {@link DownloadError} `FILE_ERROR` if it has none */
export function fileStoreFor(path: string | URL): FileStore {
  if (platform.files) return platform.files;
  throw new DownloadError(
    "FILE_ERROR",
    `save: no file system here for ${path}: give a WritableStream or a file handle`,
    { systemCode: "ENOTSUP" },
  );
}
