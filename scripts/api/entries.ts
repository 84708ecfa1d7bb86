import { existsSync, readdirSync, readFileSync } from "node:fs";

/** One door into a package, as its `exports` name it. */
export interface Entry {
  /** The report's file. */
  readonly file: string;
  readonly packageFolder: string;
  /** The declarations that users' compilers read. */
  readonly types: string;
}

/** All doors into the published packages. */
export function readEntries(root: string): Entry[] {
  return readdirSync(`${root}packages`)
    .sort()
    .flatMap((name) => {
      const packageFolder = `${root}packages/${name}`;
      if (!existsSync(`${packageFolder}/package.json`)) return [];
      const { exports = {} } = JSON.parse(readFileSync(`${packageFolder}/package.json`, "utf8"));
      return Object.entries<{ types?: string }>(exports).flatMap(([door, { types }]) =>
        types === undefined
          ? []
          : [
              {
                file: `${name}${door.slice(1).replace("/", "-")}.api.md`,
                packageFolder,
                types: `${packageFolder}/${types}`,
              },
            ],
      );
    });
}
