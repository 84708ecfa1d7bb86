import { writeFileSync } from "node:fs";
import { type Finding, problemOf } from "./run.js";
import { compilerOf } from "./tools.js";

/** The TypeScripts that users may have: the oldest, and one of each major. */
const COMPILERS = ["typescript-5.4", "typescript", "typescript-6", "typescript-7"];

/** Compiles the examples as a strict user without the DOM's types would, libraries' own types included. */
export async function compileExamples(project: string): Promise<Finding[]> {
  const compilerOptions = {
    target: "ES2022",
    lib: ["ES2022"],
    types: ["node"],
    module: "NodeNext",
    moduleResolution: "NodeNext",
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  };
  writeFileSync(`${project}/tsconfig.json`, JSON.stringify({ compilerOptions, include: ["examples"] }));
  const findings: Finding[] = [];
  for (const compiler of COMPILERS) {
    const problem = await problemOf(process.execPath, [compilerOf(compiler), "-p", "."], { cwd: project });
    findings.push({
      what: `the READMEs' examples compile with ${compiler}`,
      ...(problem === undefined ? {} : { problem }),
    });
  }
  return findings;
}
