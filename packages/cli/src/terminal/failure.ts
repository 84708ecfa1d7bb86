import { OuthaulError } from "@outhaul/shared";
import { InterruptedError, UsageError } from "../errors/command-error.js";
import { exitCodeOf, exitCodes } from "../errors/exit-code.js";
import type { Io } from "./io.js";

/** An error as it is told to programs. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly exitCode: number;
  readonly token?: string | undefined;
}

export function failureOf(error: unknown): Failure {
  const exitCode = exitCodeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (OuthaulError.isInstance(error)) return { code: error.code, message, exitCode, token: error.token };
  if (error instanceof InterruptedError) return { code: "INTERRUPTED", message, exitCode };
  const code =
    exitCode === exitCodes.badUse ? "BAD_USE" : exitCode === exitCodes.credentials ? "CREDENTIALS" : "ERROR";
  return { code, message, exitCode };
}

/** Tells on stderr what went wrong, a line each, and how to go on with a job that is left. */
export function printFailure(error: unknown, io: Io): void {
  const lines = error instanceof UsageError ? error.lines : [failureOf(error).message];
  for (const line of lines) io.stderr.write(`outhaul: ${line}\n`);
}

/** How to go on with a job. */
export function howToResume(token: string): string {
  return `the export goes on at the vendor; bring it home with:\n  outhaul resume ${token}`;
}
