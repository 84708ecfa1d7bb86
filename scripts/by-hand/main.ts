// `npm run by-hand`: what the two programs of README.md come to when something goes wrong. `-- --write` renews its table.
import { readFileSync, writeFileSync } from "node:fs";
import { replaceBlock } from "../replace-block.js";
import { root } from "../vendors.js";
import { measure } from "./table.js";

const table = await measure();
console.log(table);
const path = `${root}README.md`;
const before = readFileSync(path, "utf8");
const after = replaceBlock(before, "by-hand", table);
if (after !== before && process.argv.includes("--write")) writeFileSync(path, after);
else if (after !== before) {
  console.error("\nREADME.md has another table: npm run by-hand -- --write");
  process.exitCode = 1;
}
process.exit(); // a program that waits for ever would keep the process alive
