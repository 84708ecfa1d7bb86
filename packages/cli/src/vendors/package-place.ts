import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where a vendor's package is installed. */
export interface PackagePlace {
  /** The folder of the package. */
  readonly folder: string;
  /** `program` if it is installed where this program is, `project` if it belongs to the project of the working directory. */
  readonly origin: "program" | "project";
  /** The folder that holds `node_modules`. */
  readonly base: string;
}

/**
 * Finds a vendor's package. It gets the user's credentials, so what happens to lie in the working directory must not be enough: gh, aws and rclone load no
 * code from there at all. A package beside this program comes first; `npm install outhaul @outhaul/<vendor>` in a project puts both into one place. Below the
 * working directory, a package is only used if a package.json of the project declares it, as somebody has then chosen it.
 */
export function findPackage(vendor: string, cwd: string): PackagePlace | undefined {
  const name = `@outhaul/${vendor}`;
  return (
    placesOf(programFolder, name, "program")[0] ??
    placesOf(cwd, name, "project").find(({ base }) => isDeclared(name, cwd, base))
  );
}

/** A package below the working directory that no package.json declares. */
export function findUndeclared(vendor: string, cwd: string): PackagePlace | undefined {
  return placesOf(cwd, `@outhaul/${vendor}`, "project")[0];
}

/** Every `node_modules` that may hold packages, those beside this program first. */
export function moduleFolders(cwd: string): string[] {
  return [...new Set([...above(programFolder), ...above(cwd)])].map((base) => join(base, "node_modules"));
}

const programFolder = dirname(fileURLToPath(import.meta.url));

function placesOf(start: string, name: string, origin: PackagePlace["origin"]): PackagePlace[] {
  return above(start)
    .map((base) => ({ folder: join(base, "node_modules", name), origin, base }))
    .filter(({ folder }) => existsSync(join(folder, "package.json")));
}

/** True if a package.json between the working directory and the folder of `node_modules` declares the package. */
function isDeclared(name: string, cwd: string, base: string): boolean {
  return above(cwd)
    .filter((folder) => folder.length >= base.length)
    .some((folder) => declaredBy(join(folder, "package.json")).has(name));
}

function declaredBy(file: string): Set<string> {
  try {
    const manifest: Record<string, unknown> = JSON.parse(readFileSync(file, "utf8"));
    const kinds = ["dependencies", "devDependencies", "optionalDependencies"];
    return new Set(kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {})));
  } catch {
    return new Set(); // there is none, or it says nothing that can be read
  }
}

/** A folder and those above it. */
function above(start: string): string[] {
  const folders = [start];
  for (let at = start; dirname(at) !== at; at = dirname(at)) folders.push(dirname(at));
  return folders;
}
