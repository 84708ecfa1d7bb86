// `npm run generate`, `regenerate` and `new-vendor`: the command of the codegen, then what goes with its files in this repository: the lockfile, links, builds and api/.
import { runCommand } from "../../packages/codegen/src/cli/run-command.js";
import { root } from "../vendors.js";
import { bringUpToDate } from "./bring-up-to-date.js";
import { changedFolders, packageDigests } from "./package-digests.js";

const [command = "generate"] = process.argv.slice(2);
const before = packageDigests(root);
process.exitCode = await runCommand(root, process.argv.slice(2), (line) => console.log(line));
if (process.exitCode === 0) {
  const after = packageDigests(root);
  const problem = bringUpToDate(root, changedFolders(before, after));
  if (problem !== undefined) {
    console.error(`${problem}\nThe generated files are written. Mend that, then: npm install && npm run api`);
    process.exitCode = 1;
  } else if (command === "new-vendor") {
    const [name] = [...after.keys()].filter((folder) => !before.has(folder));
    if (name !== undefined)
      console.log(`
${name} works against the sandbox, and is in the README's table, in api/ and in the lockfile. Now make it true:
  grep -rn "FILL IN" specs/${name}     what the vendor's page has to say
  npm run generate ${name}             after every change of the spec
  npm run docs:accept ${name}          takes its pages into the lock
  npm start -- ${name}                 runs its export against the sandbox
  npm test                             all checks`);
  }
}
