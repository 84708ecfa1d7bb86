// `npm run new-vendor`: writes the spec of a vendor that works at once, generates its package, and links it.
import { spawnSync } from "node:child_process";
import { openRepository } from "../packages/codegen/src/config/repository.js";
import { newVendor } from "../packages/codegen/src/new-vendor/run.js";
import { environment } from "./install.mjs";
import { root } from "./vendors.js";

const print = (line: string): void => console.log(line);
const { code, vendor } = await newVendor(openRepository(root), process.argv.slice(2), new Date(), print);
process.exitCode = code;
if (code === 0 && vendor) {
  const { name } = vendor;
  const steps = [
    ["npm", "install", "--ignore-scripts", "--prefer-offline", "--loglevel=error"],
    ["npx", "--no", "turbo", "run", "build"],
    ["npx", "--no", "tsx", "scripts/api/main.ts"],
  ];
  for (const [command = "", ...rest] of steps) {
    const { status, stdout, stderr } = spawnSync(command, rest, {
      cwd: root,
      encoding: "utf8",
      env: environment,
      shell: process.platform === "win32",
    });
    if (status === 0) continue;
    console.error(
      `${stdout}${stderr}\n${command} ${rest.join(" ")} failed; specs/${name} and packages/${name} are there.`,
    );
    process.exitCode = 1;
    break;
  }
  if (process.exitCode === 0)
    print(`
${name} works against the sandbox. Now make it true:
  grep -rn "FILL IN" specs/${name}     what the vendor's page has to say
  npm run generate ${name}             after every change of the spec
  npm start -- ${name}                 runs its export against the sandbox
  npm test                             all checks
  npx changeset                        a sentence for its first users
Add it to the table of README.md, too.`);
}
