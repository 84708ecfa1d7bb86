import { getCompletionScript, parseEnv, type SupportedShell } from "@pnpm/tabtab";
import type { Command, Option } from "commander";
import { didYouMeanOneOf } from "../errors/closest-word.js";
import { UsageError } from "../errors/command-error.js";
import { knownVendors } from "../generated/known-vendors.js";
import type { Io } from "../terminal/io.js";
import { printLine, printText } from "../terminal/print.js";
import { installedNames } from "../vendors/installed-vendors.js";

/** Creates the program's commands for the arguments of a command line. */
export type CreateProgram = (args: readonly string[], io: Io) => Command;

/** A word that may be completed. */
interface Candidate {
  readonly name: string;
  readonly description?: string | undefined;
}

const SHELLS = ["bash", "zsh", "fish", "pwsh"] as const;

/** The commands whose argument is a vendor. */
const VENDOR_COMMANDS = ["call", "login", "logout", "whoami", "doctor", "sandbox"];

/**
 * Prints the completion script of a shell.
 * @throws {UsageError} if there is no script for the shell
 */
export async function printScript(shell: string, io: Io): Promise<void> {
  if (!isShell(shell))
    throw new UsageError(`there is no completion for ${shell}${didYouMeanOneOf(shell, SHELLS)}`);
  printText(io.stdout, await getCompletionScript({ name: "outhaul", completer: "outhaul", shell }));
}

/** Prints the words that may stand at the cursor, in the format of the user's shell. */
export function complete(createProgram: CreateProgram, io: Io): void {
  const { partial, lastPartial, prev } = parseEnv(io.env);
  const words = partial.split(/\s+/).slice(1, -1).filter(Boolean);
  const shell = (io.env["SHELL"] ?? "").split("/").pop() ?? "";
  let program: Command;
  try {
    program = createProgram(words, io);
  } catch {
    return; // the words name a vendor that is not installed
  }
  for (const candidate of candidates(program, words, prev, lastPartial, io))
    if (candidate.name.startsWith(lastPartial)) printLine(io.stdout, format(candidate, shell));
}

function candidates(
  program: Command,
  words: readonly string[],
  previous: string,
  current: string,
  io: Io,
): Candidate[] {
  let command = program;
  for (const word of words) command = command.commands.find((one) => one.name() === word) ?? command;
  const option = command.options.find(
    ({ long, short }) => previous !== "" && (previous === long || previous === short),
  );
  if (option && (option.required || option.optional)) return choicesOf(option);
  if (current.startsWith("-"))
    return command.options.flatMap(({ long, hidden, description }) =>
      long && !hidden ? [{ name: long, description }] : [],
    );
  const subcommands = command.commands
    .filter((one) => one.name() !== "completion-server")
    .map((one) => ({ name: one.name(), description: one.description() }));
  const names = new Set(subcommands.map(({ name }) => name));
  const takesVendor = command === program || VENDOR_COMMANDS.includes(command.name());
  const vendors = takesVendor ? vendorNames(command.name(), io) : [];
  return [...subcommands, ...vendors.filter((name) => !names.has(name)).map((name) => ({ name }))];
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

function isShell(shell: string): shell is (typeof SHELLS)[number] & SupportedShell {
  return (SHELLS as readonly string[]).includes(shell);
}
