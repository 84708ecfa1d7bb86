import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import leven from "leven";
import { UsageError } from "../errors/command-error.js";
import { knownVendors } from "../generated/known-vendors.js";
import type { Manifest } from "./manifest.js";

/** A vendor package that can be used from here. */
export interface InstalledVendor {
  readonly manifest: Manifest;
  readonly version: string;
  /** The folder of the package. */
  readonly folder: string;
}

/** The folders that have packages: those of the user's project, then those beside this program (a global install). */
function packageFolders(cwd: string): string[] {
  const here = dirname(fileURLToPath(import.meta.url));
  const folders: string[] = [];
  for (const start of [cwd, here]) {
    for (let at = start; ; at = dirname(at)) {
      folders.push(join(at, "node_modules"));
      if (dirname(at) === at) break;
    }
  }
  return [...new Set(folders)];
}

/** The names of the vendors whose packages are installed; reads no package. */
export function installedNames(cwd: string): string[] {
  const names = packageFolders(cwd).flatMap((folder) => {
    try {
      return readdirSync(join(folder, "@outhaul")).filter((name) =>
        existsSync(join(folder, "@outhaul", name, "src/generated/manifest.json")),
      );
    } catch {
      return []; // no such folder
    }
  });
  return [...new Set(names)].sort();
}

/** @throws {UsageError} where the package is not installed, or too old or too new for this program */
export function installedVendor(name: string, cwd: string): InstalledVendor {
  const folder = packageFolders(cwd)
    .map((folder) => join(folder, "@outhaul", name))
    .find((folder) => existsSync(join(folder, "package.json")));
  if (!folder || !/^[a-z][a-z0-9-]*$/.test(name)) throw unknownVendor(name, cwd);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  let manifest: Manifest;
  try {
    // By the package's own word for where it is.
    const file = createRequire(join(folder, "package.json")).resolve(`@outhaul/${name}/manifest.json`);
    manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  } catch {
    throw new UsageError(
      `@outhaul/${name} ${version} does not describe itself to this program: npm install @outhaul/${name}@latest`,
    );
  }
  if (manifest.manifestVersion !== 1) {
    throw new UsageError(
      `@outhaul/${name} ${version} is newer than this program: npm install outhaul@latest`,
    );
  }
  return { manifest, version, folder };
}

function unknownVendor(name: string, cwd: string): UsageError {
  if (knownVendors.includes(name))
    return new UsageError(`${name} is not installed here: npm install @outhaul/${name}`);
  const near = nearest(name, [...knownVendors, ...installedNames(cwd)]);
  return new UsageError(
    `there is no vendor "${name}"${near ? `; did you mean ${near}?` : ""} (outhaul vendors lists them)`,
  );
}

/** The word that was probably meant. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((candidate) => ({ candidate, distance: leven(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(2, word.length * 0.4) ? best.candidate : undefined;
}
