// `npm run test:words`: adds a vendor of every kind of sign-in and of every word of the spec language to a copy of the repository, by the documented commands, runs the whole of `npm test` there, and tries the packed packages.
import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyRepository, type Repository } from "../copy/repository.js";
import { environment } from "../install.mjs";
import { optionsOrExit } from "../options-or-exit.js";
import { root } from "../vendors.js";
import { readOptions, usage } from "./options.js";
import { readChecks } from "./read-checks.js";

const samples = `${root}packages/codegen/src/testing/words`;
const known = readdirSync(samples).filter((name) => !name.includes("."));
/** The kinds of sign-in that `npm run new-vendor` offers. */
const SIGN_INS = ["bearer", "header", "query", "basic", "oauth2"];
/** How long `npm run generate` should take for so many vendors; on a busy machine, it takes longer. */
const GENERATE_SECONDS = 6;
const MOST_SECONDS = 3 * GENERATE_SECONDS;
const GENERATED = 12;

const options = optionsOrExit(() => readOptions(process.argv.slice(2), known), usage);
const chosen = options.samples.length > 0 ? options.samples : known;
const signIns = options.samples.length > 0 ? [] : SIGN_INS;

let passed = 0;
let failed = 0;
const times: [string, number][] = [];
// Outside the repository: what looks for settings in the folders above finds none of ours.
const folder = realpathSync(mkdtempSync(join(tmpdir(), "outhaul-words-")));
try {
  await story();
} catch (error) {
  failed++;
  console.log((error instanceof Error ? error.message : String(error)).replace(/^/gm, "    "));
} finally {
  if (options.keep) console.log(`The copy is kept: ${folder}/repository`);
  else rmSync(folder, { recursive: true, force: true });
}
for (const [what, seconds] of times) console.log(`${seconds.toFixed(1).padStart(7)} s  ${what}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

async function story(): Promise<void> {
  const repository = await timed(
    "copy and install",
    () => copyRepository(`${folder}/repository`, environment as NodeJS.ProcessEnv), // of this process, with texts only
  );
  for (const kind of signIns) await addBySignIn(repository, kind);
  for (const name of chosen)
    cpSync(`${samples}/${name}`, `${repository.folder}/specs/${name}`, { recursive: true });
  await command(repository, "regenerate", ...chosen);
  await repository.commit("Add the vendors");

  const vendors = [...chosen, ...signIns.map(nameOf)];
  await measureGenerate(repository, vendors.slice(0, GENERATED));
  await command(repository, "build");
  await command(repository, "start", ...vendors);
  if (options.untested) return;

  for (const args of [["test"], ["test", "--", "packed"]]) {
    const { said } = await timed(`npm ${args.join(" ")}`, () => repository.run("npm", ...args));
    const checks = readChecks(said);
    passed += checks.passed;
    failed += checks.failed;
    if (checks.failed > 0) console.log(said.replace(/^/gm, "    "));
  }
}

/** Takes the best of three, since other programs may have the processor. */
async function measureGenerate(repository: Repository, vendors: readonly string[]): Promise<void> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3 && best > GENERATE_SECONDS; run++) {
    await command(repository, "generate", ...vendors);
    best = Math.min(best, times.at(-1)?.[1] ?? best);
  }
  const what = `npm run generate took ${best.toFixed(1)} s for ${vendors.length} vendors; it should take ${GENERATE_SECONDS} s`;
  if (best <= MOST_SECONDS) passed++;
  else failed++;
  console.log(`  ${best <= MOST_SECONDS ? "ok    " : "FAILED"} ${what}`);
}

function nameOf(signIn: string): string {
  return `by-${signIn}`;
}

/** Adds a vendor by the command of CONTRIBUTING.md. */
async function addBySignIn(repository: Repository, kind: string): Promise<void> {
  const name = nameOf(kind);
  const docs = `https://${name}.example/docs`;
  await command(
    repository,
    "new-vendor",
    name,
    ...["--base-url", `https://api.${name}.example/v1`, "--auth", kind, "--docs", docs],
  );
}

/** Runs a command of the repository. @throws with what it said, when it fails: what comes later stands on it */
async function command(repository: Repository, name: string, ...args: string[]): Promise<void> {
  const line = ["npm", "run", "--silent", name, ...(args.length > 0 ? ["--", ...args] : [])];
  const { code, said } = await timed(
    `npm run ${name} ${[args[0], args.length > 1 ? "…" : ""].join(" ")}`.trim(),
    () => repository.run(...line),
  );
  if (code !== 0) throw new Error(`${line.join(" ")} ended with ${code}:\n${said}`);
  passed++;
}

async function timed<T>(what: string, run: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  try {
    return await run();
  } finally {
    times.push([what, (performance.now() - startedAt) / 1000]);
  }
}
