// `npm test`: all checks but those that take long, which are named: `npm test -- test:spec-diff`. What is unchanged since a check passed is not checked again; a failing check shows all it said.
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { environment, install, root } from "./install.mjs";

/** The checks, in the order in which they are told; a check is an npm script of the repository, or of every package. */
const checks = {
  "check:generated": "the generated files are up to date",
  "check:docs": "the locks of the vendors' pages fit the specs",
  "check:changesets": "a changed spec has a changeset at least as high",
  "check:architecture": "imports go as the tables of rooms say, without circles",
  lint: "lint and format, of code and specs",
  build: "every package builds",
  "check:types": "the types of packages, scripts and the tests of specs",
  "test:unit": "unit tests of what users' programs run: the shared package and the sandbox",
  "test:tools": "unit tests of what makes the packages: specs, codegen, scripts",
  "test:cli": "the command line, as a program: its output, exit codes, signals and files",
  "test:vendors": "every vendor's exports end to end, and its quirks",
  budgets: "budgets of size, types and dependencies",
  "check:api": "what users can import is as in api/",
  respect: "Redocly Respect runs every workflow",
};
/** What changes seldom and takes long: it runs where it is named, as in `.ci/run`. */
const whenNamed = {
  "test:spec-diff": "each kind of change is classified as the compiler sees it",
  "test:scripts":
    "samples of every word of a spec, new vendors, the scripts' options, and the README's table",
  packed: "the packed packages: publint, attw, their examples compiled and run",
};
const all = { ...checks, ...whenNamed };
/** What is built comes first: all else but `onSources` runs on it. */
const first = ["check:generated", "check:docs", "check:changesets", "lint", "build"];
/** What reads the sources alone begins at once, and goes on beside the rest: no core is idle. */
const onSources = ["check:architecture", "test:unit", "test:tools"];
/** What waits most of its time begins right after the build, beside the rest: nothing waits for it at the end. */
const waiting = ["respect"];

const startedAt = Date.now();
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in all));
if (unknown !== undefined) {
  console.error(`There is no check "${unknown}". There are: ${Object.keys(all).join(", ")}.`);
  process.exit(2);
}
install();
const chosen = wanted.length ? Object.keys(all).filter((name) => wanted.includes(name)) : Object.keys(checks);
const before = first.filter((name) => chosen.includes(name) || name === "build");
const beside = chosen.filter((name) => onSources.includes(name));
const aside = chosen.filter((name) => waiting.includes(name));
const after = chosen.filter((name) => ![...first, ...onSources, ...waiting].includes(name));

let passed = 0;
let failed = 0;
rmSync(`${root}.turbo/runs`, { recursive: true, force: true }); // of earlier times
// Four at a time, on two cores: tests wait a good part of their time.
const meanwhile = turbo(beside, 2);
if (tell(before, await turbo(before, 2))) {
  const waited = turbo(aside, 1);
  tell(after, await turbo(after, 2));
  tell(aside, await waited);
}
tell(beside, await meanwhile);
console.log(`\nin ${Math.round((Date.now() - startedAt) / 1000)} s`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;

/** Runs checks, `concurrency` at a time. @returns turbo's record of each task, with what it said; the output, where there is no record */
async function turbo(tasks, concurrency) {
  if (tasks.length === 0) return { tasks: [], output: "" };
  let output = "";
  await new Promise((resolve) => {
    const args = [
      "run",
      ...tasks,
      "--continue=always",
      "--output-logs=none",
      "--ui=stream",
      `--concurrency=${concurrency}`,
      "--summarize",
    ];
    const child = spawn(`${root}node_modules/.bin/turbo`, args, {
      cwd: root,
      env: { ...environment, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    const hear = (chunk) => {
      output += chunk;
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("close", resolve);
  });
  try {
    const [, file] = /Summary:\s+(.+\.json)/.exec(output);
    return { tasks: JSON.parse(readFileSync(file, "utf8")).tasks, output };
  } catch {
    return { tasks: [], output };
  }
}

/** Tells what came of the checks. @returns whether the build is there to go on with */
function tell(names, { tasks, output }) {
  let built = true;
  for (const name of names) {
    const own = tasks.filter(
      ({ task, command }) => (task === name || task === `//#${name}`) && command !== "<NONEXISTENT>",
    );
    const broken = own.filter(({ execution }) => execution?.exitCode !== 0);
    let good = 0;
    let bad = 0;
    for (const task of own) {
      const [yes, no] = count(logOf(task));
      good += yes;
      bad += no;
    }
    if (good + bad === 0) good = own.length - broken.length;
    if (broken.length > bad) bad = broken.length;
    if (own.length === 0) bad = 1;
    passed += good;
    failed += bad;
    if (name === "build" && bad) built = false;
    if (bad) console.log(own.length ? `\n${broken.map(logOf).join("\n")}` : output);
    const counts = good + bad > 1 ? ` (${good} of ${good + bad})` : "";
    console.log(`${bad ? "FAILED" : "ok    "} ${name}: ${all[name]}${counts}`);
  }
  return built;
}

function logOf({ logFile }) {
  try {
    return readFileSync(`${root}${logFile}`, "utf8");
  } catch {
    return "";
  }
}

/** How many checks a log speaks of: in our words, or in vitest's. */
function count(log) {
  let good = 0;
  let bad = 0;
  for (const line of log.split("\n")) {
    const [, yes, no] = /^(\d+) passed, (\d+) failed$/.exec(line.trim()) ?? [];
    good += Number(yes ?? 0);
    bad += Number(no ?? 0);
    if (!/^\s+Tests\s/.test(line)) continue;
    good += Number(/(\d+) passed/.exec(line)?.[1] ?? 0);
    bad += Number(/(\d+) failed/.exec(line)?.[1] ?? 0);
  }
  return [good, bad];
}
