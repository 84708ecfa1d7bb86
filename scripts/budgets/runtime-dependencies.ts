import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

/** The names of all packages that a package brings along, all the way down. */
export function runtimeDependencies(folder: string): string[] {
  const found = new Set<string>();
  const visit = (at: string): void => {
    const { dependencies = {} } = JSON.parse(readFileSync(`${at}/package.json`, "utf8"));
    for (const name of Object.keys(dependencies)) {
      if (found.has(name)) continue;
      found.add(name);
      visit(find(at, name));
    }
  };
  visit(folder);
  return [...found].sort();
}

function find(from: string, name: string): string {
  for (let at = from; ; at = dirname(at)) {
    if (existsSync(`${at}/node_modules/${name}/package.json`)) return `${at}/node_modules/${name}`;
    if (dirname(at) === at) throw new Error(`${name} is not installed`);
  }
}
