// `npm run chaos -- --count 10000 --seed 1`: downloads from so many random servers, in every way; what comes is one whole version of the file or an error.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { root } from "./install.mjs";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
  },
});
const startedAt = Date.now();
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [
    `${root}node_modules/vitest/vitest.mjs`,
    "run",
    "--project=unit",
    "--reporter=dot",
    "packages/shared/src/download/chaos.test.ts",
    "packages/shared/src/parts/chaos.test.ts",
  ],
  {
    cwd: root,
    env: { ...process.env, CHAOS_COUNT: values.count, CHAOS_SEED: values.seed, NO_COLOR: "1" },
    encoding: "utf8",
  },
);
const good = Number(/Tests .*?(\d+) passed/.exec(stdout)?.[1] ?? 0);
const bad = Number(/Tests .*?(\d+) failed/.exec(stdout)?.[1] ?? 0) || (status === 0 ? 0 : 1);
if (status !== 0) {
  console.log(stdout + stderr);
  console.log("To see one case again: npm run chaos -- --count 1 --seed <the seed>");
}
console.log(
  `${values.count} servers from seed ${values.seed} on, each to a file, a kept file, memory, a stream, as the reply to a poll, in one step, and in parts, in ${Math.round((Date.now() - startedAt) / 1000)} s`,
);
console.log(`${good} passed, ${bad} failed`);
process.exitCode = status ?? 1;
