// `npm run respect`: Redocly Respect, a program that is not ours, runs every workflow as it is written against the sandbox, and evaluates the criteria that our own tests evaluate.
import { spawn } from "node:child_process";
import { listen } from "@outhaul/sandbox/node";
import { readVendors, root, type Vendor } from "../vendors.js";
import { batchesOf, type Run } from "./batches.js";
import { judgeCriteria } from "./judge-criteria.js";
import { unwritableFields } from "./unwritable-fields.js";

// One poll says "not yet", so that the retry is part of what is proved. Respect keeps the real intervals.
const sandbox = await listen({ jobs: { polls: 1, sizeBytes: 20_000 } });

/** @returns what Respect said, when it failed or did not run them all */
function respect(batch: readonly Run[]): Promise<string | undefined> {
  const names = [...new Set(batch.map(({ vendor }) => vendor.name))];
  const args = [
    "respect",
    ...names.map((name) => `specs/${name}/exports.arazzo.yaml`),
    ...batch.flatMap(({ workflow }) => ["--workflow", workflow.id]),
    ...names.flatMap((name) => ["--server", `${name}=${sandbox.vendors[name]?.serverUrl}`]),
    "--input",
    JSON.stringify(Object.assign({}, ...batch.map(({ inputs }) => inputs))),
  ];
  return new Promise((resolve) => {
    const child = spawn(`${root}node_modules/.bin/redocly`, args, {
      cwd: root,
      env: { ...process.env, REDOCLY_TELEMETRY: "off", NO_COLOR: "1" }, // what it says is counted below
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
    });
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    child.on("close", (code) => {
      const ran = said.match(/^\s*Running workflow /gm)?.length ?? 0;
      resolve(code === 0 && ran === batch.length ? undefined : said);
    });
  });
}

let passed = 0;
let failed = 0;

function runsOf(vendor: Vendor): Run[] {
  const { name, workflows } = vendor;
  const listening = sandbox.vendors[name];
  if (!listening) throw new Error(`the sandbox has no ${name}`);
  const { credentials } = listening.sandbox;
  return workflows.flatMap((workflow) => {
    const unwritable = unwritableFields(name, workflow);
    if (unwritable.length === 0)
      return [{ vendor, workflow, inputs: { ...credentials, ...workflow.example } }];
    console.log(
      `  left out ${name} ${workflow.id}: Respect cannot write the form's ${unwritable.join(", ")}`,
    );
    return [];
  });
}

async function judge(batch: readonly Run[]): Promise<void> {
  const problem = await respect(batch);
  if (problem === undefined) {
    passed += batch.length;
    return;
  }
  failed += batch.length;
  const told = batch.map(({ vendor, workflow }) => `${vendor.name} ${workflow.id}`).join(", ");
  console.log(`  FAILED one of ${told}\n${problem}`);
}

const batches = batchesOf(readVendors().flatMap(runsOf));
const [criteria] = await Promise.all([judgeCriteria(), ...batches.map(judge)]);
await sandbox.close();
passed += criteria.passed;
failed += criteria.problems.length;
for (const problem of criteria.problems) console.log(`  FAILED ${problem}`);
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
