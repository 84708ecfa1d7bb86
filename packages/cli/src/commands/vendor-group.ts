import type { DocsLink, Manifest, ManifestOperation } from "@outhaul/spec";
import { Command } from "commander";
import { addAllowHostFlag } from "../client/allow-host-flag.js";
import { baseUrlEnv } from "../client/options.js";
import { addProfileFlag } from "../client/profile-flag.js";
import { didYouMeanOneOf } from "../errors/closest-word.js";
import { UsageError } from "../errors/command-error.js";
import { addOverwriteFlag, addSaveFlags, addVerboseFlag } from "../job/save-flags.js";
import { exampleCommand, neededCommand } from "../request/example-command.js";
import { kebabCase, requestFields } from "../request/fields.js";
import { addRequestFlags, optionKey, type RequestFlag, requestFlags } from "../request/flags.js";
import { wrapHelp } from "../terminal/help-width.js";
import type { Io } from "../terminal/io.js";
import type { InstalledVendor } from "../vendors/installed-vendors.js";

/** Adds the commands of a vendor: one for each export, or with `call` one for each documented call. */
export function addVendorGroup(
  program: Command,
  vendor: InstalledVendor,
  io: Io,
  kind: "export" | "call",
): void {
  const { manifest, version } = vendor;
  const parent = kind === "call" ? program.commands.find((command) => command.name() === "call") : program;
  const group = (parent ?? program).command(manifest.vendor);
  group
    .description(
      kind === "call"
        ? `Any documented call of ${manifest.title}. The reply comes on stdout.`
        : `Exports of ${manifest.title} (@outhaul/${manifest.vendor} ${version}).`,
    )
    .helpCommand(false)
    .usage(kind === "call" ? "<operation> [options]" : "<export> [options]")
    .allowExcessArguments()
    .argument("[name]")
    .action((name: string | undefined) => {
      throw unknownSubcommand(name, group, kind);
    });
  if (kind === "call") for (const operation of manifest.operations) addCall(group, vendor, operation, io);
  else for (const workflow of manifest.workflows) addExport(group, vendor, workflow.id, io);
}

function unknownSubcommand(name: string | undefined, group: Command, kind: "export" | "call"): UsageError {
  const names = group.commands.map((command) => command.name());
  const vendor = group.name();
  if (name !== undefined) {
    const noun = kind === "call" ? "operation" : "export";
    return new UsageError(`${vendor} has no ${noun} "${name}"${didYouMeanOneOf(name, names)}`);
  }
  const list = `${names.slice(0, 6).join(", ")}${names.length > 6 ? ", …" : ""}`;
  const help = `outhaul ${kind === "call" ? "call " : ""}${vendor} --help`;
  return new UsageError(`say what to run: ${list} (${help})`);
}

function addExport(group: Command, vendor: InstalledVendor, id: string, io: Io): void {
  const { manifest } = vendor;
  const workflow = manifest.workflows.find((one) => one.id === id);
  const operation = manifest.operations.find((one) => one.id === workflow?.operation);
  if (!workflow || !operation)
    throw new UsageError(`@outhaul/${manifest.vendor} does not describe ${id} whole`);
  const command = group.command(id).description(withoutPeriod(workflow.summary));
  command.addHelpText("before", () => `${wrapHelp(workflow.description, io.stdout)}\n`);
  const flags = addFlags(command, manifest, operation, workflow.constants, (to) => {
    to.option("--detach", "only start it, and print its token");
    to.option("--dry-run", "check the request, and print what would be sent");
    addSaveFlags(to);
  });
  command.addHelpText("after", () => {
    const words = `outhaul ${manifest.vendor} ${id}`;
    const line = exampleCommand(words, flags.requestFlags, workflow.example, ["-o exports/"]);
    return `\nExample:\n${indent(line)}\n${docsText(workflow.docs)}`;
  });
  command.action(async () => {
    const { runExport } = await import("./export.js");
    const { requestFlags, clientFlags } = flags;
    await runExport({ vendor, workflow, operation, command, requestFlags, clientFlags: clientFlags() }, io);
  });
}

function addCall(group: Command, vendor: InstalledVendor, operation: ManifestOperation, io: Io): void {
  const command = group.command(operation.id).description(withoutPeriod(operation.summary));
  command.addHelpText("before", `${operation.method} ${operation.path}\n`);
  const flags = addFlags(command, vendor.manifest, operation, {}, (to) => {
    to.option("-o, --output <file>", "where the reply goes, instead of stdout");
    addOverwriteFlag(to);
    addVerboseFlag(to, "tell every request, on stderr, without secrets");
  });
  command.addHelpText("after", () => {
    const line = neededCommand(`outhaul call ${vendor.manifest.vendor} ${operation.id}`, flags.requestFlags);
    return `\nExample:\n${indent(line)}\n${docsText(operation.docs)}`;
  });
  command.action(async () => {
    const { runCall } = await import("./call.js");
    const { requestFlags, clientFlags } = flags;
    await runCall({ vendor, operation, command, requestFlags, clientFlags: clientFlags() }, io);
  });
}

/** The flags of an export or a call, apart from the program's own. */
interface GroupFlags {
  readonly requestFlags: readonly RequestFlag[];
  /** Reads the options of the client, once the arguments are parsed. */
  clientFlags(): Record<string, string>;
}

/** Adds the flags of the request, of the client and of the program. The program's own flags keep their names; others give way. */
function addFlags(
  command: Command,
  manifest: Manifest,
  operation: ManifestOperation,
  constants: Readonly<Record<string, unknown>>,
  addOwnFlags: (to: Command) => void,
): GroupFlags {
  const own = new Command();
  addOwnFlags(own);
  const ownNames = ["help", "version", "input", "profile", "allow-host", ...flagNames(own)];
  const flags = requestFlags(
    requestFields(manifest, operation, constants),
    new Set([...ownNames, ...flagNames(command)]),
  );
  addRequestFlags(command, flags);
  const input = "the request as JSON or YAML; - reads it from stdin. The flags above are laid over it";
  command.addOption(command.createOption("--input <file>", input).helpGroup("The request:"));
  addProfileFlag(command, "The client:");
  const clientFlags = addClientFlags(command, manifest, ownNames);
  addAllowHostFlag(command, "The client:");
  addOwnFlags(command);
  command.allowUnknownOption().allowExcessArguments();
  return { requestFlags: flags, clientFlags };
}

/** Adds a flag for each option of the client that is no secret. @returns a function that reads them */
function addClientFlags(
  command: Command,
  { vendor, options }: Manifest,
  ownNames: readonly string[],
): () => Record<string, string> {
  const baseUrl = {
    option: "baseUrl",
    env: baseUrlEnv(vendor),
    description: "Another address of the vendor: a proxy, or the sandbox.",
  };
  const added = [...options, baseUrl].map(({ option, env, description }) => {
    const name = kebabCase(option);
    const isTaken = ownNames.includes(name) || flagNames(command).includes(name);
    const flag = isTaken ? `client.${name}` : name;
    const text = `${withoutPeriod(description)} (or ${env})`;
    command.addOption(command.createOption(`--${flag} <text>`, text).helpGroup("The client:"));
    return { option, flag };
  });
  return () =>
    Object.fromEntries(
      added.flatMap(({ option, flag }) => {
        const value: unknown = command.getOptionValue(optionKey(command, flag));
        return typeof value === "string" ? [[option, value]] : [];
      }),
    );
}

function flagNames({ options }: Command): string[] {
  return options.map(({ long }) => long?.slice(2) ?? "");
}

function docsText(links: readonly DocsLink[]): string {
  return links.length
    ? `\nThe vendor's page:\n${links.map(({ url, read }) => `  ${url} (read ${read})`).join("\n")}`
    : "";
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}

function withoutPeriod(text: string): string {
  return text.replace(/\.$/, "");
}
