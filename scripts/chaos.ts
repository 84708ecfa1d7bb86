// `npm run chaos -- --count 10000 --seed 1`: downloads from so many random servers, in every way; what comes is one whole version of the file or an error.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { optionsOrExit, wholeNumber } from "./options-or-exit.js";
import { root } from "./vendors.js";

const usage = `npm run chaos [-- --count N --seed N]

Downloads from so many random servers, in every way.

  --count N  how many (default: 10000)
  --seed N   the first one (default: 1)
  --help     this text`;

const { count, seed } = optionsOrExit(() => {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "10000" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  return { count: wholeNumber("--count", values.count, 1), seed: wholeNumber("--seed", values.seed) };
}, usage);
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
    env: { ...process.env, CHAOS_COUNT: String(count), CHAOS_SEED: String(seed), NO_COLOR: "1" },
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
  `${count} servers from seed ${seed} on, each to a file, a kept file, memory, a stream, as the reply to a poll, in one step, and in parts, in ${Math.round((Date.now() - startedAt) / 1000)} s`,
);
console.log(`${good} passed, ${bad} failed`);
process.exitCode = status ?? 1;
