import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** A digest of each generated package's files, by its folder's name. */
export function packageDigests(root: string): Map<string, string> {
  return new Map(
    readdirSync(`${root}packages`)
      .filter((name) => existsSync(`${root}packages/${name}/src/generated/manifest.json`))
      .map((name) => [name, digestOf(`${root}packages/${name}`)]),
  );
}

/** The folders whose files are others than before. */
export function changedFolders(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  return [...after].flatMap(([name, digest]) => (before.get(name) === digest ? [] : [name]));
}

function digestOf(folder: string): string {
  const hash = createHash("sha256").update(readFileSync(`${folder}/package.json`));
  const files = readdirSync(`${folder}/src`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`);
  for (const file of files.sort()) hash.update(file).update(readFileSync(file));
  return hash.digest("hex");
}
