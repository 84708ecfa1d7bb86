import { getCompletionScript, parseEnv } from "@pnpm/tabtab";
import type { Command, Option } from "commander";
import { UsageError } from "../errors/command-error.js";
import { knownVendors } from "../generated/known-vendors.js";
import type { Io } from "../terminal/io.js";
import { printLine, printText } from "../terminal/print.js";
import { installedNames } from "../vendors/installed-vendors.js";
import { FILES, ownScripts } from "./completion-scripts.js";

/** Creates the program's commands for the arguments of a command line. */
export type CreateProgram = (args: readonly string[], io: Io) => Command;

/** A word that may be completed. */
interface Candidate {
  readonly name: string;
  readonly description?: string | undefined;
}

const SHELLS = ["bash", "zsh", "fish", "pwsh"] as const;

/** Whose argument is a vendor, though no vendor stands in its name. */
const VENDOR_COMMANDS = ["call"];
/** The placeholders of arguments and options that are files or folders. */
const FILE_PLACEHOLDER = /^(file|place|path|folder)$/;

/**
 * Prints the completion script of a shell.
 * @throws {UsageError} if there is no script for the shell
 */
export async function printScript(shell: string, io: Io): Promise<void> {
  if (!isShell(shell))
    throw new UsageError(`there is no completion for ${shell}; there is for ${SHELLS.join(", ")}`);
  const script =
    shell === "bash" || shell === "pwsh"
      ? await getCompletionScript({ name: "outhaul", completer: "outhaul", shell })
      : ownScripts[shell];
  printText(io.stdout, script);
}

/**
 * Prints the words that may stand at the cursor, in the format of the user's shell.
 * @param line the words of the command line, with that of the program; PowerShell gives its line in the environment instead
 */
export function complete(line: readonly string[], createProgram: CreateProgram, io: Io): void {
  const cursor = Number(io.env["COMP_CWORD"]);
  const words = line.length ? line.slice(1, cursor) : wordsBefore(io);
  const current = line.length ? (line[cursor] ?? "") : parseEnv(io.env).lastPartial;
  const shell = (io.env["SHELL"] ?? "").split("/").pop() ?? "";
  let program: Command;
  try {
    program = createProgram(words, io);
  } catch {
    return; // the words name a vendor that is not installed
  }
  const found = candidates(program, words, current, io);
  if (found === FILES) {
    // The other shells offer files by themselves where there is nothing else.
    if (shell === "zsh" || shell === "fish") printLine(io.stdout, FILES);
    return;
  }
  for (const candidate of found)
    if (candidate.name.startsWith(current)) printLine(io.stdout, format(candidate, shell));
}

function wordsBefore({ env }: Io): string[] {
  return parseEnv(env).partial.split(/\s+/).slice(1, -1).filter(Boolean);
}

function candidates(
  program: Command,
  words: readonly string[],
  current: string,
  io: Io,
): readonly Candidate[] | typeof FILES {
  let command = program;
  let own: string[] = [];
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word);
    own = next ? [] : [...own, word];
    command = next ?? command;
  }
  const previous = words.at(-1) ?? "";
  const option = command.options.find(
    ({ long, short }) => previous !== "" && (previous === long || previous === short),
  );
  if (option && (option.required || option.optional)) return valuesOf(option);
  if (current.startsWith("-"))
    return command.options.flatMap(({ long, hidden, description }) =>
      long && !hidden ? [{ name: long, description }] : [],
    );
  const subcommands = command.commands.flatMap(nameOf);
  const argument = command.registeredArguments[0]?.name() ?? "";
  if (command.name() === "help") return program.commands.flatMap(nameOf);
  if (argument === "shell") return SHELLS.filter((name) => !own.includes(name)).map((name) => ({ name }));
  if (FILE_PLACEHOLDER.test(argument)) return FILES;
  const takesVendor =
    command === program || /^vendors?$/.test(argument) || VENDOR_COMMANDS.includes(command.name());
  const names = new Set(subcommands.map(({ name }) => name));
  const vendors = takesVendor ? vendorNames(command.name(), io) : [];
  return [...subcommands, ...vendors.filter((name) => !names.has(name)).map((name) => ({ name }))];
}

function nameOf(command: Command): Candidate[] {
  return command.name() === "completion-server"
    ? []
    : [{ name: command.name(), description: command.description() }];
}

/** What may follow an option: its allowed values, or a file. */
function valuesOf(option: Option): readonly Candidate[] | typeof FILES {
  const placeholder = /[<[]([^\s>\].|]+)/.exec(option.flags)?.[1] ?? "";
  return FILE_PLACEHOLDER.test(placeholder) ? FILES : choicesOf(option);
}

/** The allowed values of an option. A request flag lists them at the end of its description. */
function choicesOf({ argChoices, description }: Option): Candidate[] {
  const listed = /\(([^()]*)\)$/.exec(description)?.[1]?.split("; ").pop()?.split(", ");
  return (argChoices ?? listed ?? [])
    .filter((choice) => /^\S+$/.test(choice) && choice !== "required" && choice !== "repeatable")
    .map((name) => ({ name }));
}

function vendorNames(command: string, io: Io): readonly string[] {
  return command === "sandbox" ? knownVendors : installedNames(io.cwd);
}

function format({ name, description }: Candidate, shell: string): string {
  const text = description?.replace(/\s+/g, " ").slice(0, 80);
  if (shell === "zsh" && text) return `${name.replaceAll(":", "\\:")}:${text.replaceAll(":", "\\:")}`;
  return shell === "fish" && text ? `${name}\t${text}` : name;
}

function isShell(shell: string): shell is (typeof SHELLS)[number] {
  return (SHELLS as readonly string[]).includes(shell);
}
