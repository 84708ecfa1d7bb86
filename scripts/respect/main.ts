// `npm run respect`: Redocly Respect, a program that is not ours, runs every workflow as it is written against the sandbox, and evaluates the criteria that our own tests evaluate.
import { spawn } from "node:child_process";
import { listen } from "@outhaul/sandbox/node";
import { readVendors, root, type VendorWorkflow } from "../vendors.js";
import { judgeCriteria } from "./judge-criteria.js";
import { unwritableFields } from "./unwritable-fields.js";

const vendors = readVendors();
// One poll says "not yet", so that the retry is part of what is proved. Respect keeps the real intervals.
const sandbox = await listen({ jobs: { polls: 1, sizeBytes: 20_000 } });

/** @returns what Respect said, when it failed */
function respect(
  name: string,
  workflow: string,
  serverUrl: string,
  inputs: object,
): Promise<string | undefined> {
  const args = [
    "respect",
    `specs/${name}/exports.arazzo.yaml`,
    "--workflow",
    workflow,
    "--server",
    `${name}=${serverUrl}`,
    "--input",
    JSON.stringify(inputs),
  ];
  return new Promise((resolve) => {
    const child = spawn(`${root}node_modules/.bin/redocly`, args, {
      cwd: root,
      env: { ...process.env, REDOCLY_TELEMETRY: "off" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
    });
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    child.on("close", (code) => resolve(code === 0 ? undefined : said));
  });
}

let passed = 0;
let failed = 0;

async function judge(name: string, workflow: VendorWorkflow): Promise<void> {
  const { id, example } = workflow;
  const listening = sandbox.vendors[name];
  if (!listening) throw new Error(`the sandbox has no ${name}`);
  const unwritable = unwritableFields(name, workflow);
  if (unwritable.length > 0) {
    console.log(`  left out ${name} ${id}: Respect cannot write the form's ${unwritable.join(", ")}`);
    return;
  }
  const problem = await respect(name, id, listening.serverUrl, {
    ...listening.sandbox.credentials,
    ...example,
  });
  if (problem === undefined) passed++;
  else {
    failed++;
    console.log(`  FAILED ${name} ${id}\n${problem}`);
  }
}

/** They wait most of their time, but all begin with a second of work: with many vendors, nothing else would get on. */
const AT_ONCE = 7;
const waiting = vendors
  .flatMap(({ name, workflows }) => workflows.map((workflow) => ({ name, workflow })))
  .values();
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (const { name, workflow } of waiting) await judge(name, workflow);
  }),
);
await sandbox.close();
const criteria = await judgeCriteria();
passed += criteria.passed;
failed += criteria.problems.length;
for (const problem of criteria.problems) console.log(`  FAILED ${problem}`);
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
