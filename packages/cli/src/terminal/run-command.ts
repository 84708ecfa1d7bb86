import { spawn } from "node:child_process";
import { constants } from "node:os";
import { CommandEndedError } from "../errors/command-error.js";
import type { Io } from "./io.js";

/** The exit codes of POSIX shells for a command that is not there, or that cannot be run. */
const NOT_FOUND = 127;
const NOT_RUNNABLE = 126;

/** The signals that are passed on to the command. */
const PASSED_ON = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs another program with the streams of this one, until it ends. Signals are passed on to it.
 * @throws {CommandEndedError} with its exit code, unless it is 0; after a signal it is 128 and the signal's number, as in a shell
 */
export async function runCommand(
  [command = "", ...args]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  io: Io,
): Promise<void> {
  const child = spawn(command, args, { cwd: io.cwd, env: { ...env }, stdio: "inherit" });
  const passOn = (signal: NodeJS.Signals): void => {
    // On Ctrl-C, the terminal sends the signal to the command by itself.
    if (signal !== "SIGINT" || !io.stdin.isTTY) child.kill(signal);
  };
  for (const signal of PASSED_ON) process.on(signal, passOn);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", (error: NodeJS.ErrnoException) => reject(startFailure(command, error)));
      child.once("exit", (status, signal) =>
        resolve(signal ? 128 + constants.signals[signal] : (status ?? 1)),
      );
    });
    if (code !== 0) throw new CommandEndedError(code);
  } finally {
    for (const signal of PASSED_ON) process.off(signal, passOn);
  }
}

function startFailure(command: string, error: NodeJS.ErrnoException): CommandEndedError {
  return error.code === "ENOENT"
    ? new CommandEndedError(NOT_FOUND, `there is no command "${command}": is it installed, and in the PATH?`)
    : new CommandEndedError(NOT_RUNNABLE, `"${command}" cannot be run: ${error.code ?? error.message}`);
}
