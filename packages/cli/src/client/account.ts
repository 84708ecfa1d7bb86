import { UsageError } from "../errors/command-error.js";
import type { Io } from "../terminal/io.js";

/** An account of a vendor: where its credentials are found, and the options of its client that are no secrets. */
export interface Account {
  /** The name of an account beside the user's first one. */
  readonly profile?: string;
  readonly options: Readonly<Record<string, string>>;
  /** Credentials that the user has just given. Those of the environment and the config file are left aside. */
  readonly credentials?: Readonly<Record<string, string>>;
}

/** The word for the account that has no name. */
const NO_PROFILE = "default";

/** A name that can stand in a file, in a flag, and in the name of an environment variable. */
const NAME = /^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$/i;

/**
 * The profile that a command uses: the one that it was given, or else that of `OUTHAUL_PROFILE`.
 * @throws {UsageError} if it cannot be the name of a profile
 */
export function chosenProfile(given: string | undefined, { env }: Io): string | undefined {
  const fromEnvironment = env["OUTHAUL_PROFILE"]?.trim();
  const name = given ?? (fromEnvironment || NO_PROFILE);
  if (NAME.test(name)) return name === NO_PROFILE ? undefined : name;
  const source = given === undefined ? "OUTHAUL_PROFILE" : "a profile";
  throw new UsageError(`${source} is a name of letters, digits, - and _, such as eu, not "${name}"`);
}

/** An account, given how a user chose it. */
export function accountOf(
  profile: string | undefined,
  options: Readonly<Record<string, string>> = {},
): Account {
  return { options, ...(profile === undefined ? {} : { profile }) };
}

/** The environment variable of a profile: `OUTHAUL_ONGAGE_PASSWORD__EU` for `eu`. */
export function profileEnv(env: string, profile: string | undefined): string {
  return profile === undefined ? env : `${env}__${profile.replaceAll("-", "_").toUpperCase()}`;
}

/** The command that keeps the credentials of an account. */
export function loginCommand(vendor: string, profile: string | undefined): string {
  return `outhaul login ${vendor}${profile === undefined ? "" : ` --profile ${profile}`}`;
}
