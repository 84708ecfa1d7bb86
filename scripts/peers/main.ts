// `npm run peers`: what becomes of a file in the hands of Outhaul and of other programs when something goes wrong. `-- --write` renews the table of docs/comparison.md.
import { readFileSync, writeFileSync } from "node:fs";
import { replaceBlock } from "../replace-block.js";
import { root } from "../vendors.js";
import { findPrograms } from "./programs.js";
import { measure, tableOf } from "./table.js";

const path = `${root}docs/comparison.md`;
const programs = findPrograms();
const rows = await measure(programs);
const table = tableOf(programs, rows);
const page = readFileSync(path, "utf8");
if (process.argv.includes("--write")) {
  const versions = programs.slice(1).map(({ name, version }) => `${name} ${version}`);
  writeFileSync(path, replaceBlock(page, "peers", `${table}\n\nMeasured with ${versions.join(", ")}.`));
  console.log(table);
} else {
  const lines = new Set(page.split("\n"));
  const wrong = table.split("\n").filter((line) => !lines.has(line));
  for (const line of wrong) console.log(`FAILED docs/comparison.md has another line: ${line}`);
  if (wrong.length) console.log("npm run peers -- --write");
  console.log(`${rows.length - wrong.length} passed, ${wrong.length} failed`);
  process.exitCode = wrong.length ? 1 : 0;
}
