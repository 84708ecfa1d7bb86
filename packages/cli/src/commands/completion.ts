import { getCompletionScript, parseEnv, type SupportedShell } from "@pnpm/tabtab";
import type { Command } from "commander";
import { UsageError } from "../errors/command-error.js";
import { knownVendors } from "../generated/known-vendors.js";
import type { Io } from "../terminal/io.js";
import { installedNames, nearest } from "../vendors/installed.js";

const SHELLS = ["bash", "zsh", "fish"] as const;

/** Prints what a shell has to be told. */
export async function printScript(shell: string, io: Io): Promise<void> {
  if (!isShell(shell)) {
    const near = nearest(shell, SHELLS);
    throw new UsageError(
      `there is no completion for ${shell}${near ? `; did you mean ${near}?` : `: ${SHELLS.join(", ")}`}`,
    );
  }
  io.stdout.write(await getCompletionScript({ name: "outhaul", completer: "outhaul", shell }));
}

/** Makes the commands for the words of a command line. */
type CreateProgram = (words: readonly string[], io: Io) => Command;

/** Answers a shell's question: what may stand at the cursor. Made from the same commands as the program. */
export async function complete(createProgram: CreateProgram, io: Io): Promise<void> {
  const { partial, lastPartial, prev } = parseEnv(io.env);
  const words = partial.split(/\s+/).slice(1, -1).filter(Boolean);
  const shell = (io.env["SHELL"] ?? "").split("/").pop() ?? "";
  for (const { name, description } of candidates(createProgram, words, prev, lastPartial, io)) {
    if (!name.startsWith(lastPartial)) continue;
    const text = description?.replace(/\s+/g, " ").slice(0, 80);
    if (shell === "zsh" && text)
      io.stdout.write(`${name.replaceAll(":", "\\:")}:${text.replaceAll(":", "\\:")}\n`);
    else if (shell === "fish" && text) io.stdout.write(`${name}\t${text}\n`);
    else io.stdout.write(`${name}\n`);
  }
}

interface Candidate {
  readonly name: string;
  readonly description?: string | undefined;
}

function candidates(
  createProgram: CreateProgram,
  words: readonly string[],
  prev: string,
  current: string,
  io: Io,
): Candidate[] {
  let command: Command;
  try {
    command = createProgram(words, io);
  } catch {
    return []; // a vendor that is not there
  }
  const program = command;
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word);
    if (next) command = next;
  }
  const option = command.options.find(({ long, short }) => prev !== "" && (prev === long || prev === short));
  if (option && (option.required || option.optional)) {
    const choices =
      option.argChoices ?? /\(([^()]*)\)$/.exec(option.description)?.[1]?.split("; ").pop()?.split(", ");
    return (choices ?? [])
      .filter((one) => /^\S+$/.test(one) && one !== "required" && one !== "repeatable")
      .map((name) => ({ name }));
  }
  if (current.startsWith("-"))
    return command.options.flatMap(({ long, hidden, description }) =>
      long && !hidden ? [{ name: long, description }] : [],
    );
  const takesVendor = ["call", "login", "doctor", "sandbox"].includes(command.name());
  const vendors = command === program || takesVendor ? vendorNames(command.name(), io) : [];
  const commands = command.commands
    .filter((one) => one.name() !== "completion-server")
    .map((one) => ({ name: one.name(), description: one.description() }));
  const known = new Set(commands.map(({ name }) => name));
  return [...commands, ...vendors.filter((name) => !known.has(name)).map((name) => ({ name }))];
}

function vendorNames(command: string, io: Io): readonly string[] {
  return command === "sandbox" ? knownVendors : installedNames(io.cwd);
}

function isShell(shell: string): shell is (typeof SHELLS)[number] & SupportedShell {
  return (SHELLS as readonly string[]).includes(shell);
}
