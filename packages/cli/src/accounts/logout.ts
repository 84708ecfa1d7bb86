import { accountOf, chosenProfile } from "../client/account.js";
import { configPath, removeFromConfig } from "../client/config-file.js";
import { resolveOptions, unknownProfile } from "../client/options.js";
import type { Io } from "../terminal/io.js";
import { printLine } from "../terminal/print.js";
import type { InstalledVendor } from "../vendors/installed-vendors.js";

/**
 * Removes an account from the config file. At the vendor nothing changes.
 * @throws {CredentialsError} if there is no such profile
 */
export function logout({ manifest }: InstalledVendor, flags: { profile?: string }, io: Io): void {
  const { vendor } = manifest;
  const profile = chosenProfile(flags.profile, io);
  const path = removeFromConfig(io, vendor, profile);
  const { credentials } = resolveOptions(manifest, accountOf(profile), io);
  const variables = credentials.flatMap(({ source, env }) => (source === "environment" ? [env] : []));
  if (path === undefined && variables.length === 0 && profile !== undefined)
    throw unknownProfile(manifest, profile, io);
  const name = profile === undefined ? vendor : `${vendor} (${profile})`;
  printLine(
    io.stderr,
    path === undefined ? `${configPath(io)} has nothing of ${name}.` : `${name} is removed from ${path}.`,
  );
  if (variables.length)
    printLine(io.stderr, `The environment still has ${variables.join(", ")}, which this cannot remove.`);
}
