import { existsSync, readdirSync, readFileSync } from "node:fs";

/** A package of the repository that is published. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** Its dependencies at run time, with their ranges. */
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The published packages; a package comes after those of them that it depends on. */
export function readPackages(root: string): Package[] {
  const waiting = readdirSync(`${root}packages`)
    .map((folder) => `${root}packages/${folder}/package.json`)
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, "utf8")))
    .filter((manifest) => manifest.private !== true)
    .map(({ name, version, dependencies = {} }): Package => ({ name, version, dependencies }))
    .sort((a, b) => a.name.localeCompare(b.name));
  const sorted: Package[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex(
      ({ name, dependencies }) => !waiting.some((other) => other.name !== name && other.name in dependencies),
    );
    if (next < 0) throw new Error(`packages depend on each other in a ring: ${waiting.map((p) => p.name)}`);
    sorted.push(...waiting.splice(next, 1));
  }
  return sorted;
}
