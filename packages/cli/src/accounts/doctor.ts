import { accountOf, chosenProfile, loginCommand } from "../client/account.js";
import { configPath } from "../client/config-file.js";
import { type ResolvedOption, resolveOptions } from "../client/options.js";
import { tryCredentials } from "../client/try-credentials.js";
import { CredentialsError } from "../errors/command-error.js";
import type { Io } from "../terminal/io.js";
import { printJson, printLine } from "../terminal/print.js";
import type { InstalledVendor } from "../vendors/installed-vendors.js";

/**
 * Prints the source of each credential, but never its value, and tries the credentials with a call that changes nothing.
 * @throws {CredentialsError} if a credential is missing or rejected
 */
export async function doctor(
  vendor: InstalledVendor,
  { json, profile: given }: { json?: boolean; profile?: string },
  io: Io,
): Promise<void> {
  const { manifest, version, folder } = vendor;
  const profile = chosenProfile(given, io);
  const account = accountOf(profile);
  const { credentials, options } = resolveOptions(manifest, account, io);
  const all = [...credentials, ...options];
  const print = (line: string) => {
    if (!json) printLine(io.stdout, line);
  };
  const printVerdict = (verdict: string, call?: string) => {
    if (!json) return;
    const found = Object.fromEntries(all.map(({ option, source }) => [option, source]));
    printJson(io.stdout, { vendor: manifest.vendor, profile, version, folder, found, call, verdict });
  };

  print(`${manifest.title}: @outhaul/${manifest.vendor} ${version}, loaded from ${folder}`);
  if (profile !== undefined) print(`  ${"profile".padEnd(14)} ${profile}`);
  for (const one of all) print(`  ${one.option.padEnd(14)} ${describeSource(one, io)}`);
  const missing = all.filter(({ source, option }) => source === "missing" && option !== "baseUrl");
  if (missing.length) {
    printVerdict("missing");
    throw missingCredentials(manifest.vendor, profile, missing);
  }
  const trial = await tryCredentials(vendor, account, io);
  if (!trial) {
    printVerdict("untried");
    print("No call is documented that could try them and changes nothing.");
    return;
  }
  const { call, status, verdict } = trial;
  printVerdict(verdict, call);
  if (verdict === "refused")
    throw new CredentialsError(`${manifest.vendor} refuses them: ${call} answered ${status}`);
  print(
    verdict === "accepted"
      ? `They are accepted: ${call} answered ${status}.`
      : `${call} answered ${status}, which says nothing about them.`,
  );
}

function missingCredentials(
  vendor: string,
  profile: string | undefined,
  missing: readonly ResolvedOption[],
): CredentialsError {
  const options = missing.map(({ option }) => option).join(", ");
  const variables = missing.map(({ env }) => env).join(", ");
  return new CredentialsError(
    `${vendor} lacks ${options}: set ${variables}, or run: ${loginCommand(vendor, profile)}`,
  );
}

function describeSource({ source, env }: ResolvedOption, io: Io): string {
  switch (source) {
    case "environment":
      return `from the environment (${env})`;
    case "config":
      return `from ${configPath(io)}`;
    case "default":
      return "the documented default";
    default:
      return `not set (${env})`;
  }
}
