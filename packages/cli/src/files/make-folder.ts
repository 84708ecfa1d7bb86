import { mkdirSync } from "node:fs";
import { DiskError } from "../errors/command-error.js";
import { reasonOf } from "../errors/system-reason.js";

/**
 * Makes a folder that only its owner can enter, with the folders above it.
 * @throws {DiskError} if it cannot be made
 */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new DiskError(`cannot make the folder ${folder}: ${reasonOf(cause)}`, { cause });
  }
}
