import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Listening, type ListeningVendor, listen, sha256Of } from "@outhaul/sandbox/node";
import { type Case, cases } from "./cases.js";
import { type Program, runProgram, tellOutcome, vendorOfProgram, warmUp } from "./programs.js";

const VENDOR = vendorOfProgram();

/** Runs both programs of README.md through all cases, all at once. @returns the table */
export async function measure(): Promise<string> {
  const pairs: [Case, Listening, Listening][] = [];
  for (const one of cases) pairs.push([one, await openSandbox(one), await openSandbox(one)]);
  const rows = await Promise.all(
    pairs.map(async ([{ what }, left, right]) => {
      const outcomes = await Promise.all([tryProgram("by-hand", left), tryProgram("outhaul", right)]);
      return `| ${[what, ...outcomes].join(" | ")} |`;
    }),
  );
  return ["| what happens | the loop | Outhaul |", "|---|---|---|", ...rows].join("\n");
}

/** A sandbox that has answered before, since its first reply takes long, and that has these faults from now on. */
async function openSandbox({ faults, linkTtlMs = 900_000 }: Case): Promise<Listening> {
  const sandbox = await listen({ vendors: [VENDOR], linkTtlMs, jobs: { polls: 2, sizeBytes: 300_000 } });
  const vendor = vendorOf(sandbox);
  await warmUp(vendor);
  vendor.sandbox.reset();
  for (const fault of faults) vendor.sandbox.fault(fault);
  return sandbox;
}

function vendorOf({ vendors }: Listening): ListeningVendor {
  const vendor = vendors[VENDOR];
  if (!vendor) throw new Error(`the sandbox has no ${VENDOR}`);
  return vendor;
}

async function tryProgram(program: Program, sandbox: Listening): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "outhaul-by-hand-"));
  try {
    const vendor = vendorOf(sandbox);
    const thrown = await runProgram(program, vendor, folder);
    const jobs = vendor.sandbox.jobs();
    if (jobs.length !== 1) return `**${jobs.length} exports**`;
    const wanted = sha256Of(vendor.sandbox.fileOf(jobs[0]?.id ?? ""));
    const isRight = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex") === wanted;
    return tellOutcome(thrown, folder, isRight);
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
