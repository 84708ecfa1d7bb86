import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiskError } from "../errors/command-error.js";
import { reasonOf } from "../errors/system-reason.js";

/** A folder that is removed at the latest when this process ends. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

/**
 * Makes a temporary folder.
 * @throws {DiskError} if it cannot be made
 */
export function makeTemporaryFolder(): TemporaryFolder {
  const path = makeFolder();
  const remove = () => {
    process.off("exit", remove);
    process.off("SIGHUP", hangUp);
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  };
  const hangUp = () => process.exit(129); // 128 and the signal's number, as shells tell it
  process.on("exit", remove);
  process.on("SIGHUP", hangUp);
  return { path, remove };
}

function makeFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), "outhaul-demo-"));
  } catch (cause) {
    throw new DiskError(
      `cannot make a folder in ${tmpdir()}: ${reasonOf(cause)}; set TMPDIR to a folder that can be written`,
      { cause },
    );
  }
}
