// `npm run api`: writes what users can import from each package to api/, for reviews to show what changes. With --check it compares.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { root } from "../vendors.js";
import { readEntries } from "./entries.js";
import { reportsOf } from "./report.js";

const check = process.argv.includes("--check");
const folder = `${root}api/`;
const temporary = `${root}.cache/api`;
rmSync(temporary, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

// Folders of packages, to renew only their reports; "--orphans" renews none, and removes those of packages that are gone.
const named = process.argv.slice(2).filter((name) => !name.startsWith("--"));
const all = readEntries(root);
const entries = process.argv.includes("--orphans")
  ? []
  : all.filter(
      ({ packageFolder }) => !named.length || named.some((name) => packageFolder.endsWith(`/${name}`)),
    );
const stale: string[] = [];
for (const { file, text } of reportsOf(entries, root, temporary)) {
  if (existsSync(folder + file) && readFileSync(folder + file, "utf8") === text) continue;
  stale.push(file);
  if (!check) writeFileSync(folder + file, text);
}
const known = new Set(all.map(({ file }) => file));
const orphaned = readdirSync(folder).filter((name) => !known.has(name));
if (!check) for (const name of orphaned) rmSync(folder + name);

if (check) {
  for (const name of stale) console.log(`  FAILED api/${name} is not what the package exports now`);
  for (const name of orphaned) console.log(`  FAILED api/${name} belongs to no package`);
  if (stale.length + orphaned.length > 0)
    console.log("Mend it with: npm run api, and look at the difference");
  console.log(`${entries.length - stale.length} passed, ${stale.length + orphaned.length} failed`);
  if (stale.length + orphaned.length > 0) process.exitCode = 1;
} else console.log(`api: ${entries.length} files, ${stale.length} written, ${orphaned.length} removed`);
