// `npm run api`: writes what users can import from each package to api/, for reviews to show what changes. With --check it compares.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { root } from "../vendors.js";
import { readEntries, reportOf } from "./report.js";

const check = process.argv.includes("--check");
const folder = `${root}api/`;
const temporary = `${root}.cache/api`;
rmSync(temporary, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const entries = readEntries(root);
const stale: string[] = [];
for (const entry of entries) {
  const report = reportOf(entry, root, temporary);
  const file = folder + entry.file;
  if (existsSync(file) && readFileSync(file, "utf8") === report) continue;
  stale.push(entry.file);
  if (!check) writeFileSync(file, report);
}
const known = new Set(entries.map(({ file }) => file));
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
