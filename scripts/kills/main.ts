// `npm run kills`: downloads whose process is ended by SIGKILL, at every use of the file system and at random bytes, and are then run again. Whatever the moment: under the
// file's name there is a whole file or none, and the next run brings it.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { seededRandom } from "../../packages/sandbox/src/file/random.js";
import { cleanupPartials } from "../../packages/shared/src/platform/node/files/cleanup.js";
import { optionsOrExit, wholeNumber } from "../options-or-exit.js";
import { root } from "../vendors.js";
import { BYTES, checkWhole, hiddenFiles, wholeFiles, writeVersion } from "./files.js";
import { type Scenario, scenarios } from "./scenarios.js";
import { type FileServer, startServer } from "./server.js";

/** What may be on its way to the disk when a process is killed, and comes a second time. */
const LOST_BYTES = 3 * 2 ** 20;
const AT_ONCE = 2;

const usage = `npm run kills [-- --count N --seed N --only TEXT]

Downloads whose process is killed, at every use of the file system and at random bytes, and run again.

  --count N    how many at random bytes (default: 40)
  --seed N     the first of them (default: 1)
  --only TEXT  the ways to save whose names have it: ${scenarios.map(({ name }) => name).join("; ")}
  --help       this text`;

const { count, firstSeed, chosen } = optionsOrExit(() => {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "40" },
      seed: { type: "string", default: "1" },
      only: { type: "string", default: "" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const chosen = scenarios.filter(({ name }) => name.includes(values.only));
  if (chosen.length === 0) throw new Error(`--only: no way to save has "${values.only}" in its name`);
  return {
    count: wholeNumber("--count", values.count),
    firstSeed: wholeNumber("--seed", values.seed),
    chosen,
  };
}, usage);
const startedAt = Date.now();
const all = `${root}.cache/kills`;
rmSync(all, { recursive: true, force: true });
mkdirSync(all, { recursive: true });
let passed = 0;
let failed = 0;

const cases: (() => Promise<void>)[] = [];
for (const scenario of chosen) cases.push(() => atEveryUse(scenario));
for (let n = 0; n < count; n++) {
  const seed = firstSeed + n;
  cases.push(() => report(`at random bytes, seed ${seed}`, () => atRandomBytes(seed)));
}
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let next = cases.shift(); next; next = cases.shift()) await next();
  }),
);
rmSync(all, { recursive: true, force: true });
console.log(`${passed + failed} kills in ${Math.round((Date.now() - startedAt) / 1000)} s`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;

async function report(what: string, check: () => Promise<void>): Promise<void> {
  try {
    await check();
    passed++;
  } catch (error) {
    failed++;
    console.log(`  FAILED ${what}: ${error instanceof Error ? error.message : error}`);
  }
}

/** Kills before each use of the file system and in the middle of each write, until a process lives to its end. */
async function atEveryUse(scenario: Scenario): Promise<void> {
  for (const when of ["before", "amid"]) {
    let ended = false;
    for (let n = 1; !ended; n++) {
      await report(
        `${scenario.name}: ${when} ${when === "amid" ? "write" : "use of the file system"} ${n}`,
        async () => {
          ended = true; // also where the check fails
          ended = !(await killAndGoOn(scenario, `${when}:${n}`));
        },
      );
    }
  }
}

/** @returns whether the moment came */
async function killAndGoOn({ options, older, changes, kind }: Scenario, moment: string): Promise<boolean> {
  const folder = mkdtempSync(`${all}/f-`);
  const path = `${folder}/file`;
  if (older) writeVersion(path, 0, options.parts);
  const server = await startServer(BYTES);
  try {
    void server.serve(1);
    const first = await run(server, path, options, moment, kind).ended;
    if (!first.killed && first.code) throw new Error(`the first run ended with ${first.code}`);
    checkWhole(folder, "after the kill");
    if (older && !existsSync(path) && !hiddenFiles(folder).some((name) => name.endsWith(".old")))
      throw new Error("the older one is gone");
    const before = wholeFiles(folder);
    void server.serve(changes ? 2 : 1);
    // While the source is in the middle of its file: what is there must not change under a reader's eyes.
    const again = await run(server, path, options, "", kind).ended;
    checkWhole(folder, "after the next run");
    const left = hiddenFiles(folder).filter((name) => /\.keep\.[a-z.]*$/.test(name));
    await cleanupPartials(folder, 0, Date.now() + 86_400_000);
    if (hiddenFiles(folder).length) throw new Error(`${hiddenFiles(folder)} is left for ever`);
    if (left.length && options.keepPartial && !again.code) throw new Error(`${left} is left after a success`);
    checkWhole(folder, "after the clean-up");
    for (const name of before.keys()) {
      if (options.overwrite !== "replace" && before.get(name) !== wholeFiles(folder).get(name))
        throw new Error(`${name} was changed by the next run`);
    }
    const done = !options.overwrite && before.has("file");
    if (again.code && !(done && again.code === "TARGET_EXISTS"))
      throw new Error(`the next run ended with ${again.code}`);
    const wanted = done || !changes ? 1 : 2;
    if (![...wholeFiles(folder).values()].includes(wanted)) throw new Error("the next run brought no file");
    return first.killed;
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
}

/** Kills again and again, where a random byte has come, then lets one process end. */
async function atRandomBytes(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const folder = mkdtempSync(`${all}/r-`);
  const server = await startServer(BYTES);
  const kills = 1 + Math.floor(random() * 3);
  const changes = random() < 0.3;
  try {
    for (let n = 0; n < kills; n++) {
      const reached = server.serve(1, 1 + Math.floor(random() * BYTES));
      const child = run(server, `${folder}/file`, { keepPartial: true });
      // A byte that an earlier run has got is not sent again; then the file is whole without a kill.
      await Promise.race([reached, child.ended]);
      await new Promise((resolve) => setTimeout(resolve, random() * 20));
      child.kill();
      await child.ended;
      checkWhole(folder, "after a kill");
    }
    const had = wholeFiles(folder).has("file");
    void server.serve(changes ? 2 : 1);
    const last = await run(server, `${folder}/file`, { keepPartial: true }).ended;
    if (last.code && !(had && last.code === "TARGET_EXISTS")) throw new Error(`ended with ${last.code}`);
    checkWhole(folder, "at the end");
    if (wholeFiles(folder).get("file") !== (changes && !had ? 2 : 1))
      throw new Error("brought another version");
    const more = server.sent - BYTES * (changes ? 2 : 1);
    if (more > kills * LOST_BYTES) throw new Error(`${more} bytes were sent again`);
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
}

/** What a process said at its end. */
interface Outcome {
  readonly killed: boolean;
  readonly code?: string;
}

function run(server: FileServer, path: string, options: object, moment = "", kind = "") {
  const script = `${root}scripts/kills/child.mjs`;
  const child = spawn(
    process.execPath,
    [script, kind ? server.partsUrl : server.url, path, JSON.stringify(options), moment, kind],
    {
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on("close", (code, signal) => {
      if (signal === "SIGKILL") resolve({ killed: true });
      else if (code === 0) resolve({ killed: false, ...JSON.parse(said) });
      else reject(new Error(`the process broke: ${said}`));
    });
  });
  return { ended, kill: () => child.kill("SIGKILL") };
}
