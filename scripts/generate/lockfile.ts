import { existsSync, readdirSync, readFileSync } from "node:fs";

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** True if the lockfile does not know the packages as they are: one is new, gone, or has another version or other dependencies. */
export function isLockfileStale(root: string): boolean {
  const { packages }: { packages: Record<string, Manifest> } = JSON.parse(
    readFileSync(`${root}package-lock.json`, "utf8"),
  );
  const folders = readdirSync(`${root}packages`)
    .map((name) => `packages/${name}`)
    .filter((folder) => existsSync(`${root}${folder}/package.json`));
  const locked = Object.keys(packages).filter((key) => /^packages\/[^/]+$/.test(key));
  if (locked.sort().join() !== folders.sort().join()) return true;
  return folders.some((folder) => {
    const manifest: Manifest = JSON.parse(readFileSync(`${root}${folder}/package.json`, "utf8"));
    return textOf(manifest) !== textOf(packages[folder] ?? {});
  });
}

function textOf({ version, dependencies = {} }: Manifest): string {
  return JSON.stringify([version, Object.entries(dependencies).sort()]);
}
