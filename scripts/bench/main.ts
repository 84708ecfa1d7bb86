// `npm run bench`: figures, each beside its peers in one run. Medians and ratios; this is no test.
import { benchCalls } from "./calls.js";
import { benchDownloads } from "./downloads.js";
import { benchImports } from "./imports.js";
import { benchMemory } from "./memory.js";
import { benchPolls } from "./polls.js";

const benches: Record<string, () => Promise<void>> = {
  imports: benchImports,
  calls: benchCalls,
  polls: benchPolls,
  memory: benchMemory,
  downloads: benchDownloads,
};

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!(name in benches)) {
    console.error(`There is no benchmark "${name}". There are: ${Object.keys(benches).join(", ")}.`);
    process.exit(2);
  }
}
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length && !wanted.includes(name)) continue;
  await bench();
  console.log();
}
