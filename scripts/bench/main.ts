// `npm run bench`: figures, each beside its peers in one run. Medians and ratios; this is no test. `-- --write` puts imports and downloads into docs/comparison.md.
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, platform } from "node:os";
import { parseArgs } from "node:util";
import { optionsOrExit, wholeNumber } from "../options-or-exit.js";
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

const usage = `npm run bench [-- name … --rounds N --write]

Measures ${Object.keys(benches).join(", ")}, or what is named.

  --rounds N  how often (default: each benchmark has its own)
  --write     puts imports and downloads into docs/comparison.md
  --help      this text`;

const { wanted, rounds, write } = optionsOrExit(() => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      write: { type: "boolean", default: false },
      rounds: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const unknown = positionals.find((name) => !Object.hasOwn(benches, name));
  if (unknown !== undefined) throw new Error(`There is no benchmark "${unknown}"`);
  const rounds = values.rounds === undefined ? undefined : wholeNumber("--rounds", values.rounds, 1);
  return { wanted: positionals, rounds, write: values.write };
}, usage);
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length && !wanted.includes(name)) continue;
  const table = await bench(rounds);
  console.log();
  if (!write || typeof table !== "string") continue;
  const path = `${root}docs/comparison.md`;
  writeFileSync(path, replaceBlock(readFileSync(path, "utf8"), `bench: ${name}`, `${table}\n\n${machine()}`));
}

/** When and on what this was measured, without a word that names the machine. Its load tells how far the times are those of an idle one. */
function machine(): string {
  const { node } = process.versions;
  const day = new Date().toISOString().slice(0, 10);
  return `Measured on ${day} with Node ${node} on ${platform()}, ${availableParallelism()} cores, at a load of ${loadavg()[0]?.toFixed(0)}.`;
}
