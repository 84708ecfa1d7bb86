import { mkdirSync, rmSync } from "node:fs";
import { readVendors } from "../vendors.js";
import { compileExamples } from "./compile.js";
import { installTarballs } from "./consumer.js";
import { readExamples } from "./examples.js";
import { runCommandLine } from "./run-command-line.js";
import { runExamples } from "./run-examples.js";
import { judgeTarballs, packAll, type Tarball } from "./tarballs.js";

/** What came of the checks. */
export interface Checked {
  /** What was checked, to be published as it is. */
  readonly tarballs: readonly Tarball[];
  readonly passed: number;
  readonly failed: number;
}

/**
 * Packs all packages into a folder, which is emptied before. publint and attw judge the tarballs; they are installed into an empty project, where the READMEs'
 * examples are compiled with several TypeScripts and run against the sandbox, as is the command line. Prints what fails.
 */
export async function checkPackages(folder: string): Promise<Checked> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const tarballs = packAll(folder);
  const files = tarballs.map(({ file }) => file);
  const vendors = readVendors();
  const examples = readExamples(vendors);
  const findings = await judgeTarballs(files);
  const project = installTarballs(`${folder}/project`, files, examples);
  findings.push(...(await compileExamples(project)), ...(await runExamples(project, examples)));
  findings.push(...(await runCommandLine(project, vendors)));
  let failed = 0;
  for (const { what, problem } of findings) {
    if (problem === undefined) continue;
    failed++;
    console.log(`  FAILED ${what}\n${problem.trim().replace(/^/gm, "    ")}`);
  }
  return { tarballs, passed: findings.length - failed, failed };
}
