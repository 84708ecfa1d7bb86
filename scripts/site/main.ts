// Writes the pages of the site to the folder that VitePress reads. `site/build.mjs` runs it.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { root } from "../vendors.js";
import { gatherPages } from "./pages.js";

const folder = `${root}site/.pages/`;
const { pages, dead } = gatherPages();
if (dead.length > 0) {
  console.error(`These links lead nowhere:\n${dead.join("\n")}`);
  process.exit(1);
}
rmSync(folder, { recursive: true, force: true });
for (const [page, text] of pages) {
  mkdirSync(dirname(folder + page), { recursive: true });
  writeFileSync(folder + page, text);
}
console.log(`${pages.size} pages`);
