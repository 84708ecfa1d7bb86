// `npm run kills`: downloads whose process is ended by SIGKILL, at every use of the file system and at random bytes, and are then run again. Whatever the moment: under the
// file's name there is a whole file or none, and the next run brings it. `--count 200` asks for more random bytes, `--seed 7` for others, `--only parts` for the ways to save whose names have it.
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { parseArgs } from "node:util";
import { seededRandom } from "../../packages/sandbox/src/file/random.js";
import { cleanupPartials } from "../../packages/shared/src/platform/node/files/cleanup.js";
import { root } from "../vendors.js";
import { contentOf, type FileServer, partsOf, startServer } from "./server.js";

const BYTES = 3 * 2 ** 20 + 1234;
/** What may be on its way to the disk when a process is killed, and comes a second time. */
const LOST_BYTES = 3 * 2 ** 20;
const AT_ONCE = 2;

/** A way to save, which has to survive the kill of its process. */
interface Scenario {
  readonly name: string;
  readonly options: {
    keepPartial?: boolean;
    overwrite?: "replace" | "rename";
    fsync?: boolean;
    parts?: "join" | "apart";
  };
  /** How the parts of a file are told of. */
  readonly kind?: "list" | "pages";
  /** Whether the name is taken by an older version before. */
  readonly older: boolean;
  /** Whether the source has another version when it is run again. */
  readonly changes?: boolean;
}

const scenarios: Scenario[] = [
  { name: "a new file", options: {}, older: false },
  { name: "a new file, flushed", options: { fsync: true }, older: false },
  { name: "in place of an older one", options: { overwrite: "replace" }, older: true },
  { name: "beside an older one", options: { overwrite: "rename" }, older: true },
  { name: "a new file, kept", options: { keepPartial: true }, older: false },
  {
    name: "kept, in place of an older one",
    options: { keepPartial: true, overwrite: "replace" },
    older: true,
  },
  { name: "kept, beside an older one", options: { keepPartial: true, overwrite: "rename" }, older: true },
  { name: "kept, of a source that changes", options: { keepPartial: true }, older: false, changes: true },
  {
    name: "kept, in place of an older one, of a source that changes",
    options: { keepPartial: true, overwrite: "replace" },
    older: true,
    changes: true,
  },
  {
    name: "kept, beside an older one, of a source that changes",
    options: { keepPartial: true, overwrite: "rename" },
    older: true,
    changes: true,
  },
];

for (const parts of ["join", "apart"] as const) {
  for (const overwrite of [undefined, "replace", "rename"] as const) {
    for (const keepPartial of [false, true]) {
      const kind = overwrite === "rename" ? "pages" : "list";
      scenarios.push({
        name: `parts, ${kind}, ${parts}, ${overwrite ?? "new"}${keepPartial ? ", kept" : ""}`,
        kind,
        options: { parts, keepPartial, ...(overwrite && { overwrite }) },
        older: overwrite !== undefined,
        changes: keepPartial && overwrite === "replace",
      });
    }
  }
}
scenarios.push({
  name: "parts, pages, apart, new, kept",
  kind: "pages",
  options: { parts: "apart", keepPartial: true },
  older: false,
});

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "40" },
    seed: { type: "string", default: "1" },
    only: { type: "string", default: "" },
  },
});
const startedAt = Date.now();
const all = `${root}.cache/kills`;
rmSync(all, { recursive: true, force: true });
mkdirSync(all, { recursive: true });
const versions = [0, 1, 2].map((version) => contentOf(version, BYTES));
const joined = [0, 1, 2].map((version) =>
  Buffer.concat(
    partsOf(version).map((part, index) => (index ? part.subarray(part.indexOf("\n") + 1) : part)),
  ),
);
let passed = 0;
let failed = 0;

const cases: (() => Promise<void>)[] = [];
for (const scenario of scenarios.filter(({ name }) => name.includes(values.only)))
  cases.push(() => atEveryUse(scenario));
for (let n = 0; n < Number(values.count); n++) {
  const seed = Number(values.seed) + n;
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

/** @throws where a file under a final name is of no version */
function checkWhole(folder: string, when: string): void {
  for (const [name, version] of wholeFiles(folder)) {
    if (version < 0) throw new Error(`${when}, ${name} is not whole`);
  }
}

/** The files under final names, and which version each is; -1 for none. */
function wholeFiles(folder: string): Map<string, number> {
  const names = readdirSync(folder).filter((name) => !name.startsWith("."));
  return new Map(
    names.map((name) => {
      const path = `${folder}/${name}`;
      if (statSync(path).isDirectory()) return [name, versionOfFolder(path)];
      const content = readFileSync(path);
      return [
        name,
        versions.findIndex((version, n) => version.equals(content) || joined[n]?.equals(content)),
      ];
    }),
  );
}

/** Which version a folder of parts is, with all its parts and nothing else; -1 for none. */
function versionOfFolder(path: string): number {
  const files = readdirSync(path).sort();
  return versions.findIndex((_, version) => {
    const parts = partsOf(version);
    return (
      files.length === parts.length &&
      parts.every(
        (part, index) =>
          files[index] === partName(index) && part.equals(readFileSync(`${path}/${files[index]}`)),
      )
    );
  });
}

function partName(index: number): string {
  return `file.part-000${index + 1}.csv`;
}

/** Puts a version under a name, as a save of it would. */
function writeVersion(path: string, version: number, parts: "join" | "apart" | undefined): void {
  if (parts !== "apart") return writeFileSync(path, (parts ? joined : versions)[version] ?? "");
  mkdirSync(path);
  for (const [index, part] of partsOf(version).entries()) writeFileSync(`${path}/${partName(index)}`, part);
}

/** What is there under names that are no final ones. */
function hiddenFiles(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith("."));
}
