// `npm test`: all checks. What is unchanged since a check passed is not checked again; a failing check shows all it said.
import { spawn } from "node:child_process";
import { environment, install, root } from "./install.mjs";

/** The checks, in the order in which they are told; a check is an npm script of the repository or of every package. */
const checks = {
  "check:generated": "generated files are up to date",
  lint: "lint and format, of code and specs",
  build: "build",
  typecheck: "types",
  "test:unit": "unit tests",
  "test:vendors": "the vendors' quirks, and every export end to end",
  budgets: "budgets of size and types",
  packed: "the packed packages: publint, attw, READMEs compiled and run",
  respect: "Redocly Respect runs every workflow",
};

const startedAt = Date.now();
install();
const turbo = (tasks) =>
  new Promise((resolve) => {
    const child = spawn(
      `${root}node_modules/.bin/turbo`,
      [
        "run",
        ...tasks,
        "--continue=always",
        "--output-logs=full",
        "--log-order=grouped",
        "--ui=stream",
        "--concurrency=2",
      ],
      {
        cwd: root,
        env: { ...environment, FORCE_COLOR: "0" },
        stdio: ["ignore", "pipe", "pipe"],
        shell: process.platform === "win32",
      },
    );
    let output = "";
    const hear = (chunk) => {
      output += chunk;
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("close", (code) => resolve({ code, output }));
  });

const all = Object.keys(checks);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length) {
  console.error(`There is no check "${unknown[0]}". There are: ${all.join(", ")}.`);
  process.exit(2);
}
// What is built comes first: the rest runs on it.
const first = ["check:generated", "lint", "build"].filter(
  (name) => !wanted.length || name === "build" || wanted.includes(name),
);
const rest = (wanted.length ? wanted : all).filter((name) => !first.includes(name));
let { code, output } = await turbo(first);
if (rest.length && !/build:.*ERROR/.test(output)) {
  const more = await turbo(rest);
  code ||= more.code;
  output += more.output;
}

let passed = 0;
let failed = 0;
for (const name of wanted.length ? wanted : all) {
  const lines = output
    .split("\n")
    .filter(
      (line) => line.startsWith(`//:${name}:`) || (/^@outhaul/.test(line) && line.includes(`:${name}:`)),
    );
  const broken =
    lines.some((line) => /ERROR {2}command|npm error Lifecycle|npm error code/.test(line)) ||
    lines.length === 0;
  const counts = lines.map((line) => line.slice(line.indexOf(": ") + 2));
  let good = 0;
  let bad = 0;
  for (const line of counts) {
    const ours = /^(\d+) passed, (\d+) failed$/.exec(line.trim());
    const vitests = /^\s*Tests .*?(?:(\d+) failed.*?)?(\d+) passed/.exec(line);
    good += Number(ours?.[1] ?? vitests?.[2] ?? 0);
    bad += Number(ours?.[2] ?? vitests?.[1] ?? 0);
  }
  if (good + bad === 0) [good, bad] = broken ? [0, 1] : [1, 0];
  else if (broken && bad === 0) bad = 1;
  passed += good;
  failed += bad;
  if (bad) console.log(`\n${counts.join("\n")}\n`);
  console.log(
    `${bad ? "FAILED" : "ok    "} ${name}: ${checks[name]}${good + bad > 1 ? ` (${good} of ${good + bad})` : ""}`,
  );
}
if (code !== 0 && failed === 0) {
  console.log(output);
  failed = 1;
}
console.log(`\nin ${Math.round((Date.now() - startedAt) / 1000)} s`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
