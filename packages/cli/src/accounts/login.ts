import { ConnectionError } from "@outhaul/shared";
import type { Manifest, ManifestCredential } from "@outhaul/spec";
import { type Account, accountOf, chosenProfile } from "../client/account.js";
import { configOf, readConfig, writeConfig } from "../client/config-file.js";
import { resolveOptions } from "../client/options.js";
import { tryCredentials } from "../client/try-credentials.js";
import { CredentialsError, UsageError } from "../errors/command-error.js";
import type { Io } from "../terminal/io.js";
import { printLine } from "../terminal/print.js";
import { canPrompt, prompt } from "../terminal/prompt.js";
import { readLines } from "../terminal/read-lines.js";
import type { InstalledVendor } from "../vendors/installed-vendors.js";

/** The flags of `outhaul login`. */
interface LoginFlags {
  readonly with?: string;
  readonly profile?: string;
  /** False if the credentials are kept untried. */
  readonly check: boolean;
}

/** A client option that the user is asked for. */
interface OptionQuestion {
  readonly option: string;
  readonly description: string;
  readonly isSecret: boolean;
}

/**
 * Reads the credentials of an account, from the terminal or one a line from standard input, tries them, and stores them in place of those that were there.
 * @throws {CredentialsError} if the vendor refuses them; nothing is stored
 */
export async function login(vendor: InstalledVendor, flags: LoginFlags, io: Io): Promise<void> {
  const { manifest } = vendor;
  const profile = chosenProfile(flags.profile, io);
  const way = chooseWay(manifest, flags.with);
  const config = readConfig(io); // a damaged one is told of before anything is asked
  if (manifest.credentials.length > 1 && flags.with === undefined)
    printLine(
      io.stderr,
      `Signing in with ${optionNames(way)}. For another way: ${otherWays(manifest.credentials, way)}`,
    );
  const needed = manifest.options.filter((option) => option.default === undefined);
  const questions: OptionQuestion[] = [
    ...way.map(({ option, description, account, secret = !account }) => ({
      option,
      description,
      isSecret: secret,
    })),
    ...needed.map(({ option, description }) => ({ option, description, isSecret: false })),
  ];
  const values = canPrompt(io)
    ? await promptAll(manifest.vendor, questions, io)
    : await readAll(questions, io);
  const pick = (options: readonly { option: string }[]) =>
    Object.fromEntries(options.map(({ option }) => [option, values[option] ?? ""]));
  const account = { ...accountOf(profile, pick(needed)), credentials: pick(way) };
  const tried = flags.check ? await check(vendor, account, io) : "They were not tried.";
  const kept = { ...withoutCredentials(manifest, configOf(config, manifest.vendor, profile)), ...values };
  const path = writeConfig(io, manifest.vendor, profile, kept);
  printLine(io.stderr, `${tried} Kept in ${path}, which only you can read.`);
  warnOfEnvironment(manifest, profile, io);
}

/** Tries the credentials. @returns what came of it, in a sentence */
async function check(vendor: InstalledVendor, account: Account, io: Io): Promise<string> {
  const { vendor: name } = vendor.manifest;
  const trial = await tryCredentials(vendor, account, io).catch((error: unknown) => {
    if (ConnectionError.isInstance(error))
      printLine(
        io.stderr,
        "They could not be tried, so nothing was kept; --no-check keeps them all the same.",
      );
    throw error;
  });
  if (!trial) return `They were not tried: ${name} documents no call that could and changes nothing.`;
  const { call, status, verdict } = trial;
  if (verdict === "refused")
    throw new CredentialsError(
      `${name} refuses them: ${call} answered ${status}; nothing was kept (--no-check keeps them all the same)`,
    );
  return verdict === "accepted"
    ? `${name} accepts them: ${call} answered ${status}.`
    : `${call} answered ${status}, which says nothing about them.`;
}

/** What an account has beside credentials, of which those of another way to sign in would go before the new ones. */
function withoutCredentials(
  { credentials }: Manifest,
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const names = new Set(credentials.flat().map(({ option }) => option));
  return Object.fromEntries(Object.entries(options).filter(([name]) => !names.has(name)));
}

function warnOfEnvironment(manifest: Manifest, profile: string | undefined, io: Io): void {
  const { credentials } = resolveOptions(manifest, accountOf(profile), io);
  const variables = credentials.flatMap(({ source, env }) => (source === "environment" ? [env] : []));
  if (variables.length)
    printLine(io.stderr, `The environment goes before them, as long as it has ${variables.join(", ")}.`);
}

/** The way to sign in that has a credential, or else the first one. */
function chooseWay(
  { vendor, credentials }: Manifest,
  credential: string | undefined,
): readonly ManifestCredential[] {
  const way =
    credential === undefined
      ? credentials[0]
      : credentials.find((one) => one.some(({ option }) => option === credential));
  if (way) return way;
  const ways = credentials.map(optionNames).join("; or ");
  throw new UsageError(`${vendor} has no credential "${credential}"; there are: ${ways}`);
}

async function promptAll(
  vendor: string,
  questions: readonly OptionQuestion[],
  io: Io,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const { option, description, isSecret } of questions)
    values[option] = await prompt(io, { label: `${vendor} ${option}`, description, isSecret });
  return values;
}

async function readAll(questions: readonly OptionQuestion[], { stdin }: Io): Promise<Record<string, string>> {
  const lines = await readLines(stdin, questions.length);
  const values: Record<string, string> = {};
  for (const [index, { option }] of questions.entries()) {
    const value = lines[index]?.trim();
    if (!value)
      throw new CredentialsError(
        `no ${option} on standard input; a line each is expected: ${optionNames(questions)}`,
      );
    values[option] = value;
  }
  return values;
}

function optionNames(options: readonly { readonly option: string }[]): string {
  return options.map(({ option }) => option).join(", ");
}

function otherWays(ways: Manifest["credentials"], chosen: readonly ManifestCredential[]): string {
  return ways
    .filter((way) => way !== chosen)
    .map((way) => `--with ${way[0]?.option}`)
    .join(", ");
}
