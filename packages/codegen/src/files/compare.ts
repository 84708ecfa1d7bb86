import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Repository } from "../config/repository.js";
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
export async function compare(
  repository: Repository,
  files: Files,
  vendors: readonly string[],
): Promise<Differences> {
  const { root } = repository;
  const missing: string[] = [];
  const stale: string[] = [];
  for (const [file, text] of files) {
    const present = await readFile(join(root, file), "utf8").catch(() => undefined);
    if (present === undefined) missing.push(file);
    else if (present !== text) stale.push(file);
  }
  const owned = await ownedFiles(repository, vendors);
  return {
    missing: missing.sort(),
    stale: stale.sort(),
    orphaned: owned.filter((file) => !files.has(file)).sort(),
    orphanedPackages: await orphanedPackages(repository),
  };
}

/** The files in the folders that are generated for these vendors. */
async function ownedFiles(repository: Repository, vendors: readonly string[]): Promise<string[]> {
  const { root, config } = repository;
  const sources = vendors.map((vendor) => listFiles(root, `${repository.packageFolder(vendor)}/src`));
  const owned = (await Promise.all(sources)).flat();
  if (config.sandboxData === undefined) return owned;
  const inSandbox = (await listFiles(root, config.sandboxData)).filter((file) => {
    const vendor = /([^/]+)\.json$/.exec(file)?.[1];
    return vendor === undefined || vendors.includes(vendor) || !hasSpec(repository, vendor);
  });
  return [...owned, ...inSandbox];
}

/** The generated packages whose spec is gone. */
async function orphanedPackages(repository: Repository): Promise<string[]> {
  const { root, config, packageFolder } = repository;
  const names = await readdir(join(root, config.packages)).catch(() => []);
  return names
    .filter(
      (name) =>
        existsSync(join(root, packageFolder(name), "src/generated/schema.ts")) && !hasSpec(repository, name),
    )
    .map(packageFolder)
    .sort();
}

function hasSpec({ root, specFolder }: Repository, vendor: string): boolean {
  return existsSync(join(root, specFolder(vendor)));
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
