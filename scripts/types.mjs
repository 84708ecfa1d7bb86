// `npm run check:types`: the types of every package, of the scripts and of the tests of specs, by the native compiler, which needs a tenth of the time. Declarations are made by it as well, tsup.config.ts; `packed` compiles them with every version that users have.
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { root } from "./install.mjs";

const projects = [
  ...readdirSync(`${root}packages`).map((name) => `packages/${name}`),
  "scripts",
  "specs",
].filter((folder) => existsSync(`${root}${folder}/tsconfig.json`));

let failed = 0;
for (const project of projects) {
  const args = [`${root}node_modules/typescript-7/bin/tsc`, "-p", project, "--noEmit", "--pretty", "false"];
  const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) failed++;
}
console.log(`${projects.length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
