import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Manifest } from "@outhaul/spec";
import { didYouMean } from "../errors/closest-word.js";
import { UsageError } from "../errors/command-error.js";
import { knownVendors } from "../generated/known-vendors.js";

/** An installed vendor package. */
export interface InstalledVendor {
  readonly manifest: Manifest;
  readonly version: string;
  /** The folder of the package. */
  readonly folder: string;
}

/** The names of the vendors whose packages are installed. No package is loaded. */
export function installedNames(cwd: string): string[] {
  const names = moduleFolders(cwd).flatMap((folder) => {
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

/**
 * Reads the manifest of an installed vendor package.
 * @throws {UsageError} if the package is not installed, or if its version does not fit this program
 */
export function installedVendor(name: string, cwd: string): InstalledVendor {
  const folder = moduleFolders(cwd)
    .map((modules) => join(modules, "@outhaul", name))
    .find((candidate) => existsSync(join(candidate, "package.json")));
  if (!folder || !/^[a-z][a-z0-9-]*$/.test(name)) throw unknownVendor(name, cwd);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string }; // npm requires it
  const manifest = readManifest(name, folder, version);
  if (manifest.manifestVersion !== 1) {
    throw new UsageError(
      `@outhaul/${name} ${version} is newer than this program: npm install outhaul@latest`,
    );
  }
  return { manifest, version, folder };
}

/** Every `node_modules` above the working directory, then every one above this program, for a global install. */
function moduleFolders(cwd: string): string[] {
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

function readManifest(name: string, folder: string, version: string): Manifest {
  try {
    // The package's `exports` say where the file is.
    const file = createRequire(join(folder, "package.json")).resolve(`@outhaul/${name}/manifest.json`);
    return JSON.parse(readFileSync(file, "utf8")) as Manifest; // the generator wrote it
  } catch {
    throw new UsageError(
      `@outhaul/${name} ${version} does not describe itself to this program: npm install @outhaul/${name}@latest`,
    );
  }
}

function unknownVendor(name: string, cwd: string): UsageError {
  if (knownVendors.includes(name))
    return new UsageError(`${name} is not installed here: npm install @outhaul/${name}`);
  const hint = didYouMean(name, [...knownVendors, ...installedNames(cwd)]);
  return new UsageError(`there is no vendor "${name}"${hint} (outhaul vendors lists them)`);
}
