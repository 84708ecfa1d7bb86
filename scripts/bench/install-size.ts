import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { root } from "../vendors.js";

/** What an installation puts on the disk. */
export interface InstallSize {
  readonly packages: number;
  readonly bytes: number;
}

/** A peer of the benchmark with all that it depends on, as they are installed. */
export function sizeOfPeer(name: string): InstallSize {
  return sizeOf(closureOf(name, `${root}runtimes/bench/`));
}

/** A vendor's package: what of it is packed, and all that it depends on. */
export function sizeOfVendor(name: string): InstallSize {
  const names = [...closureOf(name, root).keys()];
  const own = names.filter((each) => each.startsWith("@outhaul/"));
  const others = sizeOf(new Map([...closureOf(name, root)].filter(([each]) => !own.includes(each))));
  const told = execFileSync(
    "npm",
    ["pack", "--dry-run", "--json", "--loglevel=error", ...own.flatMap((each) => ["-w", each])],
    {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  const packed: unknown = JSON.parse(told.slice(told.search(/^[[{]/m)));
  const sizes = Object.values(packed as Record<string, { unpackedSize: number }>); // a list, or one by name
  return {
    packages: names.length,
    bytes: others.bytes + sizes.reduce((sum, { unpackedSize }) => sum + unpackedSize, 0),
  };
}

/** The folders of a package and of what it depends on, by name. */
function closureOf(name: string, base: string, found = new Map<string, string>()): Map<string, string> {
  if (found.has(name)) return found;
  const folder = `${base}node_modules/${name}/`;
  found.set(name, folder);
  const { dependencies = {} } = JSON.parse(readFileSync(`${folder}package.json`, "utf8"));
  for (const each of Object.keys(dependencies)) closureOf(each, base, found);
  return found;
}

function sizeOf(folders: ReadonlyMap<string, string>): InstallSize {
  let bytes = 0;
  for (const folder of folders.values())
    for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      const stats = statSync(`${folder}${file}`);
      if (stats.isFile()) bytes += stats.size;
    }
  return { packages: folders.size, bytes };
}
