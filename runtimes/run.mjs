// `npm run test:runtimes`: one suite of essential cases on every runtime, against what is built; `--write` puts the table into docs/runtimes.md. Names choose runtimes.
import { fileURLToPath } from "node:url";
import { cors } from "./cors.mjs";
import { installFolder } from "./install.mjs";
import { startServers } from "./server.mjs";
import { checkPage, tableOf } from "./table.mjs";
import { targets } from "./targets.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const wanted = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const unknown = wanted.find((name) => !(name in targets));
if (unknown !== undefined) {
  console.error(`There is no runtime "${unknown}". There are: ${Object.keys(targets).join(", ")}.`);
  process.exit(2);
}
let passed = 0;
let failed = 0;
const tell = (what, problem) => {
  failed++;
  console.log(`  FAILED ${what}: ${problem}`);
};

installFolder(`${root}runtimes/`);
const { createSandbox } = await import("@outhaul/sandbox");
const { listen } = await import("@outhaul/sandbox/node");
const sandbox = await listen({
  sandbox: cors(createSandbox({ jobs: { polls: 1, sizeBytes: 50_000 } })),
});
const servers = await startServers();
const vendors = Object.fromEntries(
  Object.entries(sandbox.vendors).map(([name, { clientOptions, sandbox: vendor }]) => [
    name,
    { clientOptions, examples: vendor.examples },
  ]),
);
const byRuntime = {};
for (const [name, target] of Object.entries(targets)) {
  if (wanted.length && !wanted.includes(name)) continue;
  const startedAt = Date.now();
  try {
    const run = name.toLowerCase().replace(" ", "");
    byRuntime[name] = await target({ origin: servers.origin, vendors, run });
  } catch (error) {
    tell(name, error.message);
    continue;
  }
  const bad = byRuntime[name].filter(({ problem }) => problem);
  passed += byRuntime[name].length - bad.length;
  console.log(
    `${bad.length ? "FAILED" : "ok    "} ${name}, in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`,
  );
  for (const { name: what, problem } of bad) tell(`${name}: ${what}`, problem);
}
await servers.close();
await sandbox.close();

const table = tableOf(byRuntime);
console.log(`\n${table}\n`);
if (!wanted.length && !failed) {
  const problem = checkPage(`${root}docs/runtimes.md`, table, process.argv.includes("--write"));
  if (problem) tell("docs/runtimes.md", problem);
  else passed++;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
