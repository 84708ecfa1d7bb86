import { createInterface } from "node:readline/promises";
import { CredentialsError, InterruptedError } from "../errors/command-error.js";
import type { Io } from "./io.js";

/** What is asked for. */
export interface Question {
  readonly label: string;
  readonly description: string;
  /** A secret is not shown while it is typed. */
  readonly isSecret: boolean;
}

/**
 * Asks for a value at the terminal.
 * @throws {InterruptedError} when the user gives up
 * @throws {CredentialsError} when nothing was given
 */
export async function ask(io: Io, { label, description, isSecret }: Question): Promise<string> {
  if (description) io.stderr.write(`${description}\n`);
  const value = isSecret ? await askSecret(io, label) : await askPlain(io, label);
  if (value.trim() === "") throw new CredentialsError(`no ${label} was given`);
  return value.trim();
}

async function askSecret(io: Io, label: string): Promise<string> {
  const { default: password } = await import("@inquirer/password");
  try {
    return await password({ message: label, mask: false }, { input: io.stdin, output: io.stderr });
  } catch (error) {
    if (error instanceof Error && error.name === "ExitPromptError") throw new InterruptedError("SIGINT");
    throw error;
  }
}

async function askPlain(io: Io, label: string): Promise<string> {
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
