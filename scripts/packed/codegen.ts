// `npm run test:codegen`: the codegen as others get it, from an empty folder to an export of a private vendor.
import { mkdirSync, rmSync } from "node:fs";
import { root } from "../vendors.js";
import { printFailures } from "./run.js";
import { runCodegen } from "./run-codegen.js";
import { packAll } from "./tarballs.js";

const folder = `${root}.cache/codegen`;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const findings = await runCodegen(`${folder}/empty`, packAll(folder));
const failed = printFailures(findings);
console.log(`${findings.length - failed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
