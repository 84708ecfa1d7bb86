import { Command } from "commander";
import { baseUrlEnv } from "../client/options.js";
import { UsageError } from "../errors/command-error.js";
import { addWaitFlags } from "../job/wait-flags.js";
import { kebab, requestFields } from "../request/fields.js";
import { addRequestFlags, type FlagTarget, flagTargets, optionKey } from "../request/flags.js";
import type { Io } from "../terminal/io.js";
import { type InstalledVendor, nearest } from "../vendors/installed.js";
import type { DocsLink, Manifest, ManifestOperation } from "../vendors/manifest.js";

/** Adds the commands of a vendor: a command for each export, or for each documented call. */
export function addVendorCommand(
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
      const names = group.commands.map((command) => command.name());
      const near = name === undefined ? undefined : nearest(name, names);
      throw new UsageError(
        name === undefined
          ? `say what to run: ${names.slice(0, 6).join(", ")}${names.length > 6 ? ", …" : ""} (outhaul ${kind === "call" ? "call " : ""}${manifest.vendor} --help)`
          : `${manifest.vendor} has no ${kind === "call" ? "operation" : "export"} "${name}"${near ? `; did you mean ${near}?` : `: ${names.join(", ")}`}`,
      );
    });
  if (kind === "call") for (const operation of manifest.operations) addCall(group, vendor, operation, io);
  else for (const workflow of manifest.workflows) addExport(group, vendor, workflow.id, io);
}

function addExport(group: Command, vendor: InstalledVendor, id: string, io: Io): void {
  const { manifest } = vendor;
  const workflow = manifest.workflows.find((one) => one.id === id);
  const operation = manifest.operations.find((one) => one.id === workflow?.operation);
  if (!workflow || !operation)
    throw new UsageError(`@outhaul/${manifest.vendor} does not describe ${id} whole`);
  const command = group.command(id).description(sentence(workflow.summary));
  command.addHelpText("before", `${workflow.description}\n`);
  const { targets, clientFlags } = addFlags(command, manifest, operation, workflow.constants, (own) => {
    own.option("--detach", "only start it, and print its token");
    addWaitFlags(own);
  });
  command.addHelpText(
    "after",
    () => `\nExample request:\n${indent(JSON.stringify(workflow.example))}\n${docs(workflow.docs)}`,
  );
  command.action(async () => {
    const { runExport } = await import("./export.js");
    await runExport(vendor, workflow, operation, command, targets, clientFlags(), io);
  });
}

function addCall(group: Command, vendor: InstalledVendor, operation: ManifestOperation, io: Io): void {
  const { manifest } = vendor;
  const command = group.command(operation.id).description(sentence(operation.summary));
  command.addHelpText("before", `${operation.method} ${operation.path}\n`);
  const { targets, clientFlags } = addFlags(command, manifest, operation, {}, (own) => {
    own.option("-o, --output <file>", "where the reply goes, instead of stdout");
  });
  command.addHelpText("after", () => docs(operation.docs));
  command.action(async () => {
    const { runCall } = await import("./call.js");
    await runCall(vendor, operation, command, targets, clientFlags(), io);
  });
}

/** The flags of the request, those of the client's options, and the program's own, which keep their names. */
function addFlags(
  command: Command,
  manifest: Manifest,
  operation: ManifestOperation,
  constants: Readonly<Record<string, unknown>>,
  addOwn: (command: Command) => void,
): { targets: readonly FlagTarget[]; clientFlags: () => Record<string, string> } {
  const own = new Command();
  addOwn(own);
  const ownNames = ["help", "version", "input", ...own.options.map(({ long }) => long?.slice(2) ?? "")];
  const taken = () => new Set([...ownNames, ...command.options.map(({ long }) => long?.slice(2) ?? "")]);
  const targets = flagTargets(requestFields(manifest, operation, constants), taken());
  addRequestFlags(command, targets);
  const input = "the request as JSON or YAML; - reads it from stdin. The flags above are laid over it";
  command.addOption(command.createOption("--input <file>", input).helpGroup("The request:"));
  const options = [
    ...manifest.options,
    {
      option: "baseUrl",
      env: baseUrlEnv(manifest.vendor),
      description: "Another address of the vendor: a proxy, or the sandbox.",
    },
  ].map(({ option, env, description }) => {
    const flag = taken().has(kebab(option)) ? `client.${kebab(option)}` : kebab(option);
    const added = command.createOption(`--${flag} <text>`, `${description.replace(/\.$/, "")} (or ${env})`);
    command.addOption(added.helpGroup("The client:"));
    return { option, flag };
  });
  addOwn(command);
  command.allowUnknownOption().allowExcessArguments();
  return {
    targets,
    clientFlags() {
      const given = options.flatMap(({ option, flag }) => {
        const value: unknown = command.getOptionValue(optionKey(command, flag));
        return typeof value === "string" ? [[option, value]] : [];
      });
      return Object.fromEntries(given);
    },
  };
}

function docs(links: readonly DocsLink[]): string {
  return links.length
    ? `\nThe vendor's page:\n${links.map(({ url, read }) => `  ${url} (read ${read})`).join("\n")}`
    : "";
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}

function sentence(text: string): string {
  return text.replace(/\.$/, "");
}
