// `npm run check:architecture`: imports go as the tables of rooms say, and ARCHITECTURE.md draws them; `npm run architecture` draws it anew.
import { readFileSync, writeFileSync } from "node:fs";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { root } from "../vendors.js";
import { drawRooms } from "./drawing.js";
import { deadPaths } from "./links.js";
import { readRooms } from "./rooms.js";
import { importRules } from "./rules.js";
import { sizeProblems } from "./sizes.js";

const PAGE = `${root}ARCHITECTURE.md`;
const FOLDERS = ["packages", "scripts", "specs", "registry", "runtimes", "judges"];

process.chdir(root);
const packages = readRooms();
const page = readFileSync(PAGE, "utf8");
const drawn = drawRooms(page, packages);
if (process.argv.includes("--write")) writeFileSync(PAGE, drawn);

const problems = packages.flatMap(sizeProblems);
problems.push(...deadPaths(page).map((path) => `ARCHITECTURE.md: there is no ${path}`));
if (drawn !== page && !process.argv.includes("--write"))
  problems.push("ARCHITECTURE.md does not draw the rooms as they are: npm run architecture");

const { output } = await cruise(
  FOLDERS,
  {
    ruleSet: { forbidden: importRules(packages) },
    validate: true,
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "node_modules|/dist/|/fixtures/|/generated/schema\\.ts$" },
  },
  {},
  { tsConfig: extractTSConfig(`${root}packages/shared/tsconfig.json`) },
);
const { summary, modules } = output as ICruiseResult; // no reporter is asked for
for (const { rule, from, to, cycle } of summary.violations) {
  problems.push(
    cycle
      ? `a circle of imports: ${[from, ...cycle.map(({ name }) => name)].join(" → ")}`
      : `${from} must not import ${to}: the table of rooms in ${rule.name.split("/src/")[0]}/src/README.md has no such arrow`,
  );
}
for (const problem of problems) console.log(`  ${problem}`);
const rooms = packages.reduce((sum, each) => sum + each.rooms.length, 0);
console.log(`${rooms} rooms, ${modules.length} files`);
console.log(`${problems.length ? 0 : rooms} passed, ${problems.length} failed`);
process.exitCode = problems.length ? 1 : 0;
