// `npm run bench`: figures, each beside its peers in one run. Medians and ratios; this is no test. `-- --write` puts imports and downloads into docs/comparison.md.
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, platform } from "node:os";
import { parseArgs } from "node:util";
import { replaceBlock } from "../replace-block.js";
import { root } from "../vendors.js";
import { benchCalls } from "./calls.js";
import { benchDownloads } from "./downloads.js";
import { benchImports } from "./imports.js";
import { benchMemory } from "./memory.js";
import { benchPolls } from "./polls.js";

/** A benchmark; it gives a table where the comparison has one. */
type Bench = (rounds?: number) => Promise<unknown>;

const benches: Record<string, Bench> = {
  imports: benchImports,
  calls: benchCalls,
  polls: benchPolls,
  memory: benchMemory,
  downloads: benchDownloads,
};

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { write: { type: "boolean" }, rounds: { type: "string" } },
});
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
for (const name of wanted) {
  if (!(name in benches)) {
    console.error(`There is no benchmark "${name}". There are: ${Object.keys(benches).join(", ")}.`);
    process.exit(2);
  }
}
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length && !wanted.includes(name)) continue;
  const table = await bench(rounds);
  console.log();
  if (!values.write || typeof table !== "string") continue;
  const path = `${root}docs/comparison.md`;
  writeFileSync(path, replaceBlock(readFileSync(path, "utf8"), `bench: ${name}`, `${table}\n\n${machine()}`));
}

/** When and on what this was measured, without a word that names the machine. Its load tells how far the times are those of an idle one. */
function machine(): string {
  const { node } = process.versions;
  const day = new Date().toISOString().slice(0, 10);
  return `Measured on ${day} with Node ${node} on ${platform()}, ${availableParallelism()} cores, at a load of ${loadavg()[0]?.toFixed(0)}.`;
}
