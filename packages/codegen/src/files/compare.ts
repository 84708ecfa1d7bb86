import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Files } from "./files.js";

/** How the files on disk differ from the generated ones. */
export interface Differences {
  readonly missing: readonly string[];
  readonly stale: readonly string[];
  /** Files in generated folders that nothing generates any more. */
  readonly orphaned: readonly string[];
  /** Generated packages whose spec is gone. */
  readonly orphanedPackages: readonly string[];
}

/** Compares what was generated for some vendors with what is on disk. */
export async function compare(root: string, files: Files, vendors: readonly string[]): Promise<Differences> {
  const missing: string[] = [];
  const stale: string[] = [];
  for (const [file, text] of files) {
    const present = await readFile(join(root, file), "utf8").catch(() => undefined);
    if (present === undefined) missing.push(file);
    else if (present !== text) stale.push(file);
  }
  const owned = (
    await Promise.all(vendors.map((vendor) => listFiles(root, `packages/${vendor}/src`)))
  ).flat();
  const inSandbox = (await listFiles(root, "packages/sandbox/src/generated")).filter((file) => {
    const vendor = /([^/]+)\.json$/.exec(file)?.[1];
    return vendor === undefined || vendors.includes(vendor) || !existsSync(join(root, "specs", vendor));
  });
  const orphaned = [...owned, ...inSandbox].filter((file) => !files.has(file));
  const packages = await readdir(join(root, "packages")).catch(() => []);
  const orphanedPackages = packages.filter(
    (name) =>
      existsSync(join(root, "packages", name, "src/generated/schema.ts")) &&
      !existsSync(join(root, "specs", name)),
  );
  return {
    missing: missing.sort(),
    stale: stale.sort(),
    orphaned: orphaned.sort(),
    orphanedPackages: orphanedPackages.map((name) => `packages/${name}`).sort(),
  };
}

async function listFiles(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll("\\", "/"),
    );
}
