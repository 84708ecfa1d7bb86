import { DownloadError, OuthaulError } from "@outhaul/shared";
import { InterruptedError, UsageError } from "../errors/command-error.js";
import { exitCodeOf, exitCodes } from "../errors/exit-code.js";
import type { Io } from "./io.js";
import { inOwnWords } from "./library-words.js";
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
  if (OuthaulError.isInstance(error)) {
    const { code, token } = error;
    const systemCode = DownloadError.isInstance(error) ? error.systemCode : undefined;
    return { code, message: inOwnWords(message, systemCode), exitCode, token };
  }
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

/**
 * The command that resumes a job.
 * @param error what ended the last attempt; without it the job is waited for
 */
export function resumeHint(token: string, error?: unknown): string {
  const isReady = DownloadError.isInstance(error);
  const state = isReady ? "its file is ready at the vendor" : "the export goes on at the vendor";
  return `${state}; bring it home with:\n  outhaul resume ${token}`;
}
