/** What is used of `node:fs/promises`; tests give their own. */
export type FileSystem = Pick<
  typeof import("node:fs/promises"),
  | "access"
  | "link"
  | "lstat"
  | "mkdir"
  | "open"
  | "readFile"
  | "readdir"
  | "rename"
  | "rm"
  | "stat"
  | "unlink"
  | "utimes"
  | "writeFile"
>;

export async function nodeFileSystem(): Promise<FileSystem> {
  return import("node:fs/promises");
}

/**
 * Makes a folder and those above it. The recursive `mkdir` of Node never ends where the system says of a name in a folder that is there that there is no
 * such folder, as it does in /proc.
 */
export async function makeFolder(
  fs: Pick<FileSystem, "mkdir" | "stat">,
  folder: string,
  mode = 0o777,
): Promise<void> {
  if (await isFolder(fs, folder)) return;
  const { dirname } = await import("node:path");
  const above = dirname(folder);
  if (above !== folder) await makeFolder(fs, above, mode);
  await fs.mkdir(folder, { mode }).catch(async (error: unknown) => {
    if (!(await isFolder(fs, folder))) throw error; // else another process has made it
  });
}

async function isFolder(fs: Pick<FileSystem, "mkdir" | "stat">, path: string): Promise<boolean> {
  return fs.stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
