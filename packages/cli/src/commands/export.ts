import type { ManifestOperation, ManifestWorkflow } from "@outhaul/spec";
import type { Command } from "commander";
import { type Account, accountOf, chosenProfile } from "../client/account.js";
import { connect } from "../client/connect.js";
import { type UnsentRequest, unsentStart } from "../client/dry-run.js";
import { tellTo } from "../client/trace.js";
import { UsageError } from "../errors/command-error.js";
import { prepareTarget } from "../job/prepare-target.js";
import { runJob } from "../job/run.js";
import { type SaveFlags, saveOptions } from "../job/save-flags.js";
import { openJobStore } from "../job/store.js";
import { fillTemplate, saveTarget } from "../job/target.js";
import { createReporter } from "../report/reporter.js";
import type { RequestFlag } from "../request/flags.js";
import { readRequest } from "../request/read.js";
import { listenForInterrupt } from "../terminal/interrupt.js";
import type { Io } from "../terminal/io.js";
import { printJson, printLine, printText } from "../terminal/print.js";
import { canPrompt } from "../terminal/prompt.js";
import type { InstalledVendor } from "../vendors/installed-vendors.js";

/** The flags of an export. */
export interface ExportFlags extends SaveFlags {
  readonly input?: string;
  readonly detach?: boolean;
  readonly dryRun?: boolean;
  readonly profile?: string;
  readonly allowHost?: readonly string[];
}

/** An export command that the user called. */
export interface ExportCommand {
  readonly vendor: InstalledVendor;
  readonly workflow: ManifestWorkflow;
  readonly operation: ManifestOperation;
  readonly command: Command;
  readonly requestFlags: readonly RequestFlag[];
  readonly clientFlags: Readonly<Record<string, string>>;
}

/** Starts an export, waits for it, and saves its file. */
export async function runExport(called: ExportCommand, io: Io): Promise<void> {
  const { vendor, workflow, operation, command, clientFlags } = called;
  const { manifest } = vendor;
  const flags = command.opts<ExportFlags>();
  const { json = false, detach = false, cancelOnInterrupt = false } = flags;
  const request = await readRequest(
    manifest,
    operation,
    { command, flags: called.requestFlags, input: flags.input, constants: workflow.constants },
    io,
  );
  const options = saveOptions(flags);
  const account = accountOf(chosenProfile(flags.profile, io), clientFlags);
  const target = outputTemplate(called, account, flags, io);
  const connectOptions = { interactive: canPrompt(io) && !json, allowedHosts: flags.allowHost ?? [] };
  if (flags.dryRun) {
    const start = { operation, workflow: workflow.id, request };
    printUnsent(await unsentStart(vendor, start, account, io, connectOptions), json, io);
    return;
  }
  if (target !== "-") await prepareTarget(target, options);
  const reporter = createReporter(io, flags);
  const onEvent = tellTo(reporter, flags);
  const client = await connect(vendor, account, io, { ...connectOptions, onEvent });

  const interrupt = listenForInterrupt();
  const origin = { vendor: manifest.vendor, workflow: workflow.id };
  try {
    const entry = openJobStore(io).begin({
      ...origin,
      ...(account.profile === undefined ? {} : { profile: account.profile }),
      clientOptions: clientFlags,
      target,
    });
    await runJob({
      start: (signal) => client.start(workflow.id, request, { signal, timeoutMs: options.timeoutMs }),
      entry,
      subject: { name: `${manifest.vendor} ${workflow.id}`, ...origin },
      reporter,
      io,
      options,
      interrupt,
      targetOf: (id) => (target === "-" ? "stdout" : saveTarget(target, id)),
      detach,
      json,
      cancelOnInterrupt,
    });
  } finally {
    interrupt.dispose();
  }
}

/** Prints a request that was not sent: on stdout, so that it can be kept and compared. */
function printUnsent(unsent: UnsentRequest | undefined, json: boolean, { stdout, stderr }: Io): void {
  if (!unsent) throw new UsageError("the client sends no request to start this export");
  const { method, url, headers, body } = unsent;
  if (json) return printJson(stdout, unsent);
  printLine(stdout, `${method} ${url}`);
  for (const [name, value] of Object.entries(headers)) printLine(stdout, `${name}: ${value}`);
  if (body) printText(stdout, `\n${indented(body)}\n`);
  printLine(stderr, "\nThe request is as the spec wants it. Nothing was sent.");
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body; // a form
  }
}

/** The filled output template; `-` for stdout. */
function outputTemplate(
  { vendor, workflow }: ExportCommand,
  { profile }: Account,
  { output = "./", json }: ExportFlags,
  { cwd }: Io,
): string {
  if (output !== "-")
    return fillTemplate(output, {
      vendor: vendor.manifest.vendor,
      workflow: workflow.id,
      profile,
      startedAt: new Date(),
      cwd,
    });
  if (json) throw new UsageError("--json and --output - both want stdout: give one of them");
  return "-";
}
