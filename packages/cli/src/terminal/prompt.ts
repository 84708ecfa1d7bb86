import { createInterface } from "node:readline/promises";
import { CredentialsError, InterruptedError } from "../errors/command-error.js";
import { showOnOneLine } from "./controls.js";
import type { Io } from "./io.js";
import { printLine } from "./print.js";

/** A value that the user is asked for. */
export interface Question {
  readonly label: string;
  readonly description: string;
  /** True if the value is not shown while it is typed. */
  readonly isSecret: boolean;
}

/** True if a user sits at the terminal and can answer a question. */
export function canPrompt({ stdin, stderr, env }: Io): boolean {
  return stdin.isTTY === true && stderr.isTTY === true && !env["CI"];
}

/**
 * Asks the user for a value.
 * @throws {InterruptedError} if the user presses Ctrl-C
 * @throws {CredentialsError} if the answer is empty
 */
export async function prompt(io: Io, { label, description, isSecret }: Question): Promise<string> {
  if (description) printLine(io.stderr, description);
  const shown = showOnOneLine(label);
  const value = isSecret ? await promptSecret(io, shown) : await promptText(io, shown);
  if (value.trim() === "") throw new CredentialsError(`no ${label} was given`);
  return value.trim();
}

async function promptSecret(io: Io, label: string): Promise<string> {
  const { default: password } = await import("@inquirer/password");
  try {
    return await password({ message: label, mask: false }, { input: io.stdin, output: io.stderr });
  } catch (error) {
    if (error instanceof Error && error.name === "ExitPromptError") throw new InterruptedError("SIGINT");
    throw error;
  }
}

async function promptText(io: Io, label: string): Promise<string> {
  const lines = createInterface({ input: io.stdin, output: io.stderr });
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once("SIGINT", () => reject(new InterruptedError("SIGINT")));
      lines.once("close", () => resolve(""));
      lines.question(`${label}: `).then(resolve, reject);
    });
  } finally {
    lines.close();
  }
}
