import type { Vendor, VendorWorkflow } from "../vendors.js";

/** A workflow to run, with all that it is given. */
export interface Run {
  readonly vendor: Vendor;
  readonly workflow: VendorWorkflow;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** How many workflows one program should run, one after the other: its start is a second of work, and each then waits for its polls. */
const ENOUGH = 6;

/** Puts workflows together that one program can run with the same inputs, none of them given what it would not have alone. */
export function batchesOf(runs: readonly Run[]): Run[][] {
  const batches: Run[][] = Array.from({ length: Math.ceil(runs.length / ENOUGH) }, () => []);
  const longestFirst = [...runs].sort((a, b) => secondsOf([b]) - secondsOf([a]));
  for (const run of longestFirst) {
    const [shortest] = batches
      .filter((batch) => batch.every((other) => canRunTogether(run, other)))
      .sort((a, b) => secondsOf(a) - secondsOf(b));
    if (shortest) shortest.push(run);
    else batches.push([run]);
  }
  return batches.filter((batch) => batch.length > 0);
}

/** A program waits for one poll of each of its workflows, and has about a second of work with it. */
function secondsOf(batch: readonly Run[]): number {
  return batch.reduce((seconds, { workflow }) => seconds + workflow.pollSeconds + 1, 0);
}

function canRunTogether(a: Run, b: Run): boolean {
  // A program is told the ids of workflows, and runs those in every file.
  const runsMore = a.vendor !== b.vendor && (has(a.vendor, b.workflow) || has(b.vendor, a.workflow));
  return !runsMore && agrees(a, b) && agrees(b, a);
}

function has({ workflows }: Vendor, { id }: VendorWorkflow): boolean {
  return workflows.some((workflow) => workflow.id === id);
}

/** Whether a workflow is given the same when the inputs of another are there. */
function agrees({ workflow, inputs }: Run, other: Run): boolean {
  return Object.keys(other.inputs).every(
    (name) =>
      !workflow.inputs.includes(name) || JSON.stringify(inputs[name]) === JSON.stringify(other.inputs[name]),
  );
}
