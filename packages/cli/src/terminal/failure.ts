import { OuthaulError } from "@outhaul/shared";
import { InterruptedError, UsageError } from "../errors/command-error.js";
import { exitCodeOf, exitCodes } from "../errors/exit-code.js";
import type { Io } from "./io.js";
import { printLine } from "./print.js";

/** An error in the form that `--json` prints. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly exitCode: number;
  /** The resume token, if the job still runs at the vendor. */
  readonly token?: string | undefined;
}

/** Describes an error that a command threw. */
export function failureOf(error: unknown): Failure {
  const exitCode = exitCodeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (OuthaulError.isInstance(error)) return { code: error.code, message, exitCode, token: error.token };
  if (error instanceof InterruptedError) return { code: "INTERRUPTED", message, exitCode };
  const code =
    exitCode === exitCodes.badUse ? "BAD_USE" : exitCode === exitCodes.credentials ? "CREDENTIALS" : "ERROR";
  return { code, message, exitCode };
}

/** Prints an error on stderr, one line for each mistake. */
export function printFailure(error: unknown, io: Io): void {
  const lines = error instanceof UsageError ? error.lines : [failureOf(error).message];
  // Further lines of a message are indented, so that a vendor's text cannot pass for a message of this program.
  for (const line of lines) printLine(io.stderr, `outhaul: ${line.replaceAll("\n", "\n  ")}`);
}

/** The command that resumes a job which still runs at the vendor. */
export function resumeHint(token: string): string {
  return `the export goes on at the vendor; bring it home with:\n  outhaul resume ${token}`;
}
