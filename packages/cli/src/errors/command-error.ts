/** A mistake of the user's, told in a line each; nothing was sent. */
export class UsageError extends Error {
  readonly lines: readonly string[];
  constructor(...lines: string[]) {
    super(lines.join("\n"));
    this.lines = lines;
  }
}

/** Credentials that are not there, or that may not be used. */
export class CredentialsError extends Error {}

/** The user has interrupted the program. */
export class InterruptedError extends Error {
  readonly by: string;
  constructor(by: string) {
    super(`interrupted by ${by}`);
    this.by = by;
  }
}
