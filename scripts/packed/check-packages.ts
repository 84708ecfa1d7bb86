import { mkdirSync, rmSync } from "node:fs";
import { readVendors } from "../vendors.js";
import { compileExamples } from "./compile.js";
import { installTarballs } from "./consumer.js";
import { readExamples } from "./examples.js";
import { printFailures } from "./run.js";
import { runCommandLine } from "./run-command-line.js";
import { runExamples } from "./run-examples.js";
import { CODEGEN, judgeTarballs, packAll, type Tarball } from "./tarballs.js";

/** What came of the checks. */
export interface Checked {
  /** What was checked, to be published as it is. */
  readonly tarballs: readonly Tarball[];
  readonly passed: number;
  readonly failed: number;
}

/**
 * Packs all packages into a folder, which is emptied before. publint and attw judge the tarballs; they are installed into an empty project, where the READMEs'
 * examples are compiled with several TypeScripts and run against the sandbox, as is the command line. `npm run test:codegen` tries the codegen, in a folder of its own. Prints what fails.
 */
export async function checkPackages(folder: string): Promise<Checked> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const tarballs = packAll(folder);
  const files = tarballs.map(({ file }) => file);
  const used = tarballs.filter(({ name }) => name !== CODEGEN).map(({ file }) => file);
  const vendors = readVendors();
  const examples = readExamples(vendors);
  const findings = await judgeTarballs(files);
  const project = installTarballs(`${folder}/project`, used, examples);
  findings.push(...(await compileExamples(project)), ...(await runExamples(project, examples)));
  findings.push(...(await runCommandLine(project, vendors)));
  const failed = printFailures(findings);
  return { tarballs, passed: findings.length - failed, failed };
}
