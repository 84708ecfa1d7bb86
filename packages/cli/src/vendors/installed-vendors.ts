import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join, sep } from "node:path";
import type { Manifest } from "@outhaul/spec";
import { didYouMean } from "../errors/closest-word.js";
import { UsageError } from "../errors/command-error.js";
import { knownVendors } from "../generated/known-vendors.js";
import { checkOwner } from "./check-owner.js";
import { findPackage, findUndeclared, moduleFolders, type PackagePlace } from "./package-place.js";

/** An installed vendor package. */
export interface InstalledVendor {
  readonly manifest: Manifest;
  readonly version: string;
  /** The folder of the package. */
  readonly folder: string;
  /** `program` if it is installed where this program is, `project` if it belongs to the project of the working directory. */
  readonly origin: PackagePlace["origin"];
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
  if (!/^[a-z][a-z0-9-]*$/.test(name)) throw unknownVendor(name, cwd);
  const place = findPackage(name, cwd);
  if (!place) throw unknownVendor(name, cwd);
  checkOwner(place);
  const { folder, origin } = place;
  const version = readVersion(folder);
  const manifest = readManifest(name, folder, version);
  if (manifest.manifestVersion !== 1) {
    throw new UsageError(
      `@outhaul/${name} ${version} is newer than this program: npm install outhaul@latest`,
    );
  }
  // Its name decides whose credentials it gets.
  if (manifest.vendor !== name)
    throw new UsageError(`${folder} is not used, because it says that it is of ${manifest.vendor}`);
  return { manifest, version, folder, origin };
}

/**
 * The file that a specifier of a vendor's package leads to.
 * @throws {UsageError} if it is not in the package's folder
 */
export function resolveInPackage(folder: string, specifier: string): string {
  const file = createRequire(join(folder, "package.json")).resolve(specifier);
  const real = realpathSync(folder);
  if (!realpathSync(file).startsWith(real + sep))
    throw new UsageError(`${folder} is not used, because ${specifier} leads out of it, to ${file}`);
  return file;
}

function readVersion(folder: string): string {
  try {
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      version?: unknown;
    };
    return String(version);
  } catch {
    throw new UsageError(`${join(folder, "package.json")} is damaged: install the package again`);
  }
}

function readManifest(name: string, folder: string, version: string): Manifest {
  try {
    // The package's `exports` say where the file is.
    const file = resolveInPackage(folder, `@outhaul/${name}/manifest.json`);
    return JSON.parse(readFileSync(file, "utf8")) as Manifest; // the generator wrote it
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `@outhaul/${name} ${version} does not describe itself to this program: npm install @outhaul/${name}@latest`,
    );
  }
}

function unknownVendor(name: string, cwd: string): UsageError {
  const found = /^[a-z][a-z0-9-]*$/.test(name) ? findUndeclared(name, cwd) : undefined;
  if (found)
    return new UsageError(
      `${found.folder} is not used, because no package.json of the project declares it: npm install @outhaul/${name}`,
    );
  if (knownVendors.includes(name))
    return new UsageError(`${name} is not installed here: npm install @outhaul/${name}`);
  const hint = didYouMean(name, [...knownVendors, ...installedNames(cwd)]);
  return new UsageError(`there is no vendor "${name}"${hint} (outhaul vendors lists them)`);
}
