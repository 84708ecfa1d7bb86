import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DiskError } from "../errors/command-error.js";
import { reasonOf } from "../errors/system-reason.js";

/**
 * Makes a folder, with the folders above it.
 * @param mode the permissions of those that are made; without it only their owner can enter them
 * @throws {DiskError} if it cannot be made
 */
export function makeFolder(folder: string, mode = 0o700): void {
  try {
    make(folder, mode);
  } catch (cause) {
    throw new DiskError(`cannot make the folder ${folder}: ${reasonOf(cause)}`, { cause });
  }
}

/**
 * The recursive `mkdir` of Node never ends where the system says of a name in a folder that is there that there is no such folder, as it does in /proc.
 */
function make(folder: string, mode: number): void {
  if (isFolder(folder)) return;
  const above = dirname(folder);
  if (above !== folder) make(above, mode);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    if (!isFolder(folder)) throw error; // else another process has made it
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
