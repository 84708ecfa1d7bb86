import type { Manifest } from "@outhaul/spec";
import { accountOf, chosenProfile } from "../client/account.js";
import { knownProfiles, type ResolvedOption, resolveOptions, unknownProfile } from "../client/options.js";
import { showOnOneLine } from "../terminal/controls.js";
import { formatTable } from "../terminal/format.js";
import type { Io } from "../terminal/io.js";
import { printJson, printLine } from "../terminal/print.js";
import { installedNames, installedVendor } from "../vendors/installed-vendors.js";

/** An account of a vendor, as the user is told of it. */
interface KnownAccount {
  readonly vendor: string;
  /** `default` for the account without a name. */
  readonly profile: string;
  /** True if a command takes this account when it is told of none. */
  readonly current: boolean;
  /** What names the account and is no secret, by option. */
  readonly account: Readonly<Record<string, string>>;
  /** Where each credential comes from, by option. */
  readonly credentials: Readonly<Record<string, string>>;
  /** False if a credential is missing. */
  readonly complete: boolean;
}

/**
 * Lists the accounts for which there are credentials. No secret is shown, and no vendor is asked.
 * @param name of one vendor; without it, of all that are installed
 * @throws {CredentialsError} if there is no profile of the name that was given
 */
export function whoami(name: string | undefined, flags: { json?: boolean; profile?: string }, io: Io): void {
  const names = name === undefined ? installedNames(io.cwd) : [name];
  const manifests = names.map((one) => installedVendor(one, io.cwd).manifest);
  const accounts = manifests.flatMap((manifest) => accountsOf(manifest, flags.profile, io));
  if (flags.profile !== undefined && accounts.length === 0) {
    const [manifest] = manifests;
    const profile = chosenProfile(flags.profile, io);
    if (name !== undefined && manifest && profile !== undefined) throw unknownProfile(manifest, profile, io);
  }
  if (flags.json) return printJson(io.stdout, accounts, 2);
  if (accounts.length === 0)
    return printLine(io.stdout, `no credentials are kept or set: outhaul login ${name ?? "<vendor>"}`);
  printLine(io.stdout, formatTable(["vendor", "profile", "account", "credentials"], accounts.map(rowOf)));
}

function rowOf({ vendor, profile, current, account, credentials, complete }: KnownAccount): string[] {
  const sources = new Map<string, string[]>();
  for (const [option, source] of Object.entries(credentials))
    sources.set(source, [...(sources.get(source) ?? []), option]);
  const told = [...sources].map(([source, options]) =>
    sources.size === 1 ? source : `${options.join(", ")}: ${source}`,
  );
  const shown = Object.entries(account).map(([option, value]) => `${option} ${showOnOneLine(value)}`);
  return [
    vendor,
    `${profile}${current ? " *" : ""}`,
    shown.join(", ") || "-",
    complete ? told.join("; ") : `not whole (${told.join("; ")})`,
  ];
}

function accountsOf(manifest: Manifest, given: string | undefined, io: Io): KnownAccount[] {
  const chosen = chosenProfile(given, io);
  const profiles = given === undefined ? [undefined, ...knownProfiles(manifest, io)] : [chosen];
  return profiles.flatMap((profile) => {
    const { credentials, options } = resolveOptions(manifest, accountOf(profile), io);
    if (credentials.every(({ source }) => source === "missing")) return [];
    return {
      vendor: manifest.vendor,
      profile: profile ?? "default",
      current: profile === chosen,
      account: shownOptions(manifest, [...credentials, ...options]),
      credentials: Object.fromEntries(credentials.map(({ option, source }) => [option, source])),
      complete: [...credentials, ...options].every(
        ({ option, source }) => source !== "missing" || option === "baseUrl",
      ),
    };
  });
}

/** The values that tell one account from another: no secrets, and no defaults. */
function shownOptions(
  { credentials }: Manifest,
  resolved: readonly ResolvedOption[],
): Record<string, string> {
  const secrets = new Set(
    credentials.flat().flatMap(({ option, account, secret = !account }) => (secret ? [option] : [])),
  );
  return Object.fromEntries(
    resolved.flatMap(({ option, source, value }) =>
      value === undefined || source === "default" || secrets.has(option)
        ? []
        : [[option, option === "baseUrl" ? originOf(value) : value]],
    ),
  );
}

/** The origin of an address, which may hold a password. */
function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : "no address";
}
