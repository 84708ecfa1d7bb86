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
