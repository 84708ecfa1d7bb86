import { rmSync } from "node:fs";
import { relative } from "node:path";
import { listen } from "@outhaul/sandbox/node";
import { formatBytes, formatTable } from "../../packages/cli/src/terminal/format.js";
import { optionsOrExit } from "../options-or-exit.js";
import { readVendors, root } from "../vendors.js";
import { createDisplay } from "./display.js";
import { readOptions, usage } from "./options.js";
import { type Result, runExport } from "./run-export.js";

const vendors = readVendors();
const options = optionsOrExit(
  () =>
    readOptions(
      process.argv.slice(2),
      vendors.map(({ name }) => name),
    ),
  usage,
);
const chosen = vendors.filter(({ name }) => options.vendors.length === 0 || options.vendors.includes(name));
const exports = chosen.flatMap((vendor) =>
  vendor.workflows.slice(0, 1).map((workflow) => ({ vendor, workflow })),
);
const display = createDisplay(
  chosen.map(({ name }) => name),
  { isTTY: process.stdout.isTTY === true && !process.env["CI"], columns: process.stdout.columns ?? 100 },
);
const sandbox = await listen({
  vendors: chosen.map(({ name }) => name),
  jobs: { polls: 3, sizeBytes: options.sizeBytes },
});
const failures: string[] = [];
const results = await Promise.all(
  exports.map(async ({ vendor, workflow }): Promise<Result | undefined> => {
    const { name } = vendor;
    const folder = `${root}out/${name}/`;
    const listening = sandbox.vendors[name];
    try {
      if (!listening) throw new Error(`the sandbox has no ${name}`);
      rmSync(folder, { recursive: true, force: true });
      return await runExport(vendor, workflow, listening, folder, (progress) => display.tell(name, progress));
    } catch (error) {
      display.tell(name, { state: "FAILED", polls: 0, detail: "" });
      failures.push(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }),
);
await sandbox.close();
display.done();

const rows = results
  .filter((result) => result !== undefined)
  .map(({ vendor, jobId, polls, file, sizeBytes, sha256 }) => [
    vendor,
    jobId.length > 36 ? `${jobId.slice(0, 35)}…` : jobId,
    String(polls),
    relative(root, file),
    formatBytes(sizeBytes),
    sha256.slice(0, 16),
  ]);
if (rows.length) console.log(`\n${formatTable(["vendor", "job", "polls", "file", "size", "sha256"], rows)}`);
for (const failure of failures) console.error(`\n${failure}`);
if (failures.length) process.exitCode = 1;
else {
  console.log(
    "\nWith an account at the vendor: install its package, put the credentials into the environment, and run the example of its README.",
  );
  for (const { packageName, name } of chosen)
    console.log(`  npm install ${packageName.padEnd(18)}  packages/${name}/README.md`);
}
