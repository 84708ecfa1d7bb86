// `npm run packed`: the packages as users get them. Packs all, has publint and attw judge the tarballs, installs them into an empty project, compiles the READMEs'
// examples there with several TypeScripts, and runs them, and the
// command line, against the sandbox.
import { mkdirSync, rmSync } from "node:fs";
import { readVendors, root } from "../vendors.js";
import { compileExamples } from "./compile.js";
import { installTarballs } from "./consumer.js";
import { readExamples } from "./examples.js";
import { runCommandLine } from "./run-command-line.js";
import { runExamples } from "./run-examples.js";
import { judgeTarballs, packAll } from "./tarballs.js";

const folder = `${root}.cache/packed`;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

let passed = 0;
let failed = 0;
/** Counts a check, and tells of it when it failed. */
export function report(what: string, problem: string | undefined): void {
  if (problem === undefined) passed++;
  else {
    failed++;
    console.log(`  FAILED ${what}\n${problem.trim().replace(/^/gm, "    ")}`);
  }
}

const tarballs = packAll(folder);
const vendors = readVendors();
const examples = readExamples(vendors);
for (const { what, problem } of await judgeTarballs(tarballs)) report(what, problem);
const project = installTarballs(`${folder}/project`, tarballs, examples);
for (const { what, problem } of await compileExamples(project)) report(what, problem);
for (const { what, problem } of await runExamples(project, examples)) report(what, problem);
for (const { what, problem } of await runCommandLine(project, vendors)) report(what, problem);
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
