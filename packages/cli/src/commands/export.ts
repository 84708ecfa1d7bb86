import { checkTarget } from "@outhaul/shared";
import type { Command } from "commander";
import { canAsk, connect } from "../client/connect.js";
import { UsageError } from "../errors/command-error.js";
import { runJob } from "../job/run.js";
import { openJobStore } from "../job/store.js";
import { jobTarget, startTarget } from "../job/target.js";
import { type WaitFlags, waitOptions } from "../job/wait-flags.js";
import { createReporter } from "../report/reporter.js";
import { checkRequest } from "../request/check.js";
import { type FlagTarget, requestOfFlags } from "../request/flags.js";
import { overlay, readInput } from "../request/input.js";
import { listenForInterrupt } from "../terminal/interrupt.js";
import type { Io } from "../terminal/io.js";
import type { InstalledVendor } from "../vendors/installed.js";
import type { ManifestOperation, ManifestWorkflow } from "../vendors/manifest.js";

/** What the flags of an export say. */
export interface ExportFlags extends WaitFlags {
  readonly input?: string;
  readonly detach?: boolean;
}

/** Starts an export, waits for it, and saves its file. */
export async function runExport(
  vendor: InstalledVendor,
  workflow: ManifestWorkflow,
  operation: ManifestOperation,
  command: Command,
  targets: readonly FlagTarget[],
  clientFlags: Readonly<Record<string, string>>,
  io: Io,
): Promise<void> {
  const flags = command.opts<ExportFlags>();
  const { manifest } = vendor;
  const request = await exportRequest(vendor, workflow, operation, command, targets, flags.input, io);
  const options = waitOptions(flags);
  const subject = {
    name: `${manifest.vendor} ${workflow.id}`,
    vendor: manifest.vendor,
    workflow: workflow.id,
  };
  const toStdout = flags.output === "-";
  if (toStdout && flags.json)
    throw new UsageError("--json and --output - both want stdout: give one of them");
  const filled = toStdout
    ? "-"
    : startTarget(flags.output ?? "./", { ...subject, startedAt: new Date(), cwd: io.cwd });
  if (!toStdout && !filled.includes("{id}")) await checkTarget(jobTarget(filled, "").to, options);
  const client = await connect(vendor, clientFlags, io, canAsk(io) && !flags.json);

  const interrupt = listenForInterrupt();
  const reporter = createReporter(io, flags);
  try {
    const record = {
      vendor: manifest.vendor,
      workflow: workflow.id,
      clientOptions: clientFlags,
      target: filled,
    };
    const entry = await openJobStore(io).begin(record);
    await runJob({
      start: (signal) => client.start(workflow.id, request, { signal }),
      ...{ entry, subject, reporter, io, options, interrupt },
      targetOf: (id) => (toStdout ? "stdout" : jobTarget(filled, id)),
      detach: flags.detach === true,
      json: flags.json === true,
      cancelOnInterrupt: flags.cancelOnInterrupt === true,
    });
  } finally {
    interrupt.dispose();
  }
}

/**
 * The request of a workflow: the input file, with the flags laid over it.
 * @throws {UsageError} with a line for each thing that is wrong with it
 */
async function exportRequest(
  { manifest }: InstalledVendor,
  { constants }: ManifestWorkflow,
  operation: ManifestOperation,
  command: Command,
  targets: readonly FlagTarget[],
  input: string | undefined,
  io: Io,
): Promise<Record<string, unknown>> {
  const { request, problems } = requestOfFlags(command, targets);
  const base = input === undefined ? {} : await readInput(input, io);
  const whole = overlay(base, request) as Record<string, unknown>; // both are objects
  // A flag whose value was refused is not missing.
  const lines = checkRequest(manifest, operation, { ...whole, ...constants }, targets).filter(
    (line) => !problems.some((problem) => problem.split(" ")[0] === line.split(" ")[0]),
  );
  if (problems.length + lines.length > 0) throw new UsageError(...problems, ...lines);
  return whole;
}
