/** The command cannot run as it was given. Each line names one mistake; nothing was sent. */
export class UsageError extends Error {
  readonly lines: readonly string[];
  constructor(...lines: string[]) {
    super(lines.join("\n"));
    this.lines = lines;
  }
}

/** A credential is missing, or may not be used. */
export class CredentialsError extends Error {}

/** A file of the program itself, such as a manifest, cannot be written. */
export class DiskError extends Error {}

/** The user interrupted the program. */
export class InterruptedError extends Error {
  /** The signal, such as `SIGINT`. */
  readonly by: string;
  constructor(by: string) {
    super(`interrupted by ${by}`);
    this.by = by;
  }
}

/** A command that this program ran for the user ended with a code of its own, or could not be started. */
export class CommandEndedError extends Error {
  readonly exitCode: number;
  /** @param message what to tell the user; nothing if the command has told it already */
  constructor(exitCode: number, message = "") {
    super(message);
    this.exitCode = exitCode;
  }
}
