import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Differences } from "./compare.js";
import type { Files } from "./files.js";

/** Writes what is missing or stale, and removes what nothing generates any more. */
export async function write(
  root: string,
  files: Files,
  { missing, stale, orphaned }: Differences,
): Promise<void> {
  for (const file of [...missing, ...stale]) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), files.get(file) ?? "");
  }
  for (const file of orphaned) await rm(join(root, file));
}
