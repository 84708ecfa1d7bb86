import { DownloadError } from "../../../errors/download-error.js";
import type { FileOptions } from "../../../file/options.js";
import { PART_NAME } from "./cleanup.js";
import { fileError, systemCodeOf, targetExists } from "./error.js";
import { type FileSystem, nodeFileSystem } from "./file-system.js";

/** Where a file is to be saved. */
export interface FileTarget {
  directory: string;
  /** Unknown where the target is a directory. */
  name?: string;
}

const WRITE_AND_ENTER = 0o3;

/** Reads a target and checks it as far as that is possible without making anything. @throws {@link DownloadError} */
export async function fileTarget(
  to: string | URL,
  options: FileOptions,
  given?: FileSystem,
): Promise<FileTarget> {
  const fs = given ?? (await nodeFileSystem());
  const { basename, dirname, resolve, sep } = await import("node:path");
  const text = typeof to === "string" ? to : await pathOf(to);
  const path = resolve(text);
  const found = await statOf(fs, path);
  const isInside = text.endsWith("/") || text.endsWith(sep);
  const isDirectory = isInside || found?.isDirectory() === true;
  const directory = isDirectory ? path : dirname(path);
  await checkDirectory(fs, directory, options);
  if (isDirectory) {
    const isUnasked = options.parts === "apart" && !isInside && (options.overwrite ?? "error") === "error";
    if (isUnasked && (await isFolderOfParts(fs, path))) throw targetExists(path);
    return { directory };
  }
  if (found && !found.isFile()) throw noFile(path);
  if ((options.overwrite ?? "error") === "error") await checkFree(fs, path);
  return { directory, name: basename(path) };
}

/** A device, a pipe or a socket: a file that takes its place would break what others do with it. */
function noFile(path: string): DownloadError {
  return new DownloadError(
    "FILE_ERROR",
    `download: ${path} is no file but a device, a pipe or a socket; write to it through a stream`,
    { systemCode: "EINVAL", path },
  );
}

/** True for a folder that an earlier save of parts made: it is a target itself, not a directory to save into. */
export async function isFolderOfParts(fs: FileSystem, path: string): Promise<boolean> {
  const entries = await fs.readdir(path);
  return entries.length > 0 && entries.every((one) => PART_NAME.test(one));
}

/** @throws {@link DownloadError} `TARGET_EXISTS` where something has this name, be it a link to nothing */
export async function checkFree(fs: FileSystem, path: string): Promise<void> {
  const found = await fs.lstat(path).catch((error: unknown) => {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw fileError("look at", path, error);
  });
  if (found) throw targetExists(path);
}

async function pathOf(url: URL): Promise<string> {
  const { fileURLToPath } = await import("node:url");
  if (url.protocol === "file:") return fileURLToPath(url);
  throw new DownloadError(
    "FILE_ERROR",
    `download: cannot save to a ${url.protocol} address, only to file: and to paths`,
    { systemCode: "ENOTSUP" },
  );
}

async function statOf(fs: FileSystem, path: string) {
  return fs.stat(path).catch((error: unknown) => {
    const code = systemCodeOf(error);
    if (code === "ENOENT" || code === "ELOOP" || code === "ENOTDIR") return undefined;
    throw fileError("look at", path, error);
  });
}

async function checkDirectory(fs: FileSystem, directory: string, { createDirs }: FileOptions): Promise<void> {
  const { dirname } = await import("node:path");
  for (let at = directory; ; at = dirname(at)) {
    try {
      const found = await fs.stat(at);
      if (!found.isDirectory()) throw Object.assign(new Error("not a directory"), { code: "ENOTDIR" });
      return await fs.access(at, WRITE_AND_ENTER);
    } catch (error) {
      const missing = systemCodeOf(error) === "ENOENT" && dirname(at) !== at;
      if (!missing || !createDirs) throw fileError("save into", at, error);
    }
  }
}
