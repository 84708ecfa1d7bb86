import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { CredentialsError } from "../errors/command-error.js";
import { reasonOf, systemCode } from "../errors/system-reason.js";
import { makeFolder } from "../files/make-folder.js";
import { userFolder } from "../files/user-folder.js";
import { writeWhole } from "../files/write-whole.js";
import type { Io } from "../terminal/io.js";

/** The options of vendors' clients, by vendor. */
type VendorOptions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The contents of the config file: the options of each vendor's client, and below `profiles` those of other accounts. */
export type Config = VendorOptions & { readonly profiles?: Readonly<Record<string, VendorOptions>> };

/** The path of the config file (XDG Base Directory Specification). */
export function configPath(io: Io): string {
  return join(userFolder("config", io), "config.json");
}

/**
 * Reads the config file. Without one, the config is empty.
 * @throws {CredentialsError} if other users can read the file, or if it is no JSON
 */
export function readConfig(io: Io): Config {
  const path = configPath(io);
  let text: string;
  try {
    if (process.platform !== "win32") {
      const { mode } = statSync(path);
      if (mode & 0o077)
        throw new CredentialsError(`${path} can be read by others, so it is not used: chmod 600 ${path}`);
    }
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return {};
    if (error instanceof CredentialsError) throw error;
    throw new CredentialsError(`cannot read ${path}: ${reasonOf(error)}`);
  }
  try {
    const config: unknown = JSON.parse(text);
    if (isConfig(config)) return config;
  } catch {
    // no JSON: the error below
  }
  throw new CredentialsError(`${path} is damaged: mend it, or remove it and log in again`);
}

/** What the config has for an account. Whoever reads a value checks that it is text. */
export function configOf(
  config: Config,
  vendor: string,
  profile: string | undefined,
): Readonly<Record<string, unknown>> {
  const vendors = profile === undefined ? config : config.profiles?.[profile];
  return vendors?.[vendor] ?? {};
}

/** The names of the profiles that the config has for a vendor. */
export function configuredProfiles({ profiles = {} }: Config, vendor: string): string[] {
  return Object.keys(profiles).filter((name) => profiles[name]?.[vendor] !== undefined);
}

/** Writes the options of an account to the config file, readable by its owner only, in place of those that it had. @returns its path */
export function writeConfig(
  io: Io,
  vendor: string,
  profile: string | undefined,
  options: Readonly<Record<string, unknown>>,
): string {
  const config = readConfig(io);
  return write(io, withAccount(config, vendor, profile, options));
}

/** Removes an account from the config file. @returns its path, or undefined if the file did not have the account */
export function removeFromConfig(io: Io, vendor: string, profile: string | undefined): string | undefined {
  const config = readConfig(io);
  if (Object.keys(configOf(config, vendor, profile)).length === 0) return undefined;
  return write(io, withAccount(config, vendor, profile, undefined));
}

function withAccount(
  config: Config,
  vendor: string,
  profile: string | undefined,
  options: Readonly<Record<string, unknown>> | undefined,
): Config {
  if (profile === undefined) return withKey(config, vendor, options) as Config;
  const vendors = withKey(config.profiles?.[profile] ?? {}, vendor, options);
  const profiles = withKey(config.profiles ?? {}, profile, vendors);
  return withKey(config, "profiles", profiles) as Config; // the same, with another value of its kind
}

/** The object with another value; what would be empty is left out. */
function withKey(object: object, key: string, value: object | undefined): Record<string, unknown> {
  const others = Object.entries(object).filter(([name]) => name !== key);
  return Object.fromEntries(value && Object.keys(value).length ? [...others, [key, value]] : others);
}

function write(io: Io, config: Config): string {
  const path = configPath(io);
  makeFolder(dirname(path));
  writeWhole(path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  return path;
}

function isConfig(value: unknown): value is Config {
  if (!isObject(value)) return false;
  const { profiles = {}, ...vendors } = value;
  return (
    isObject(profiles) &&
    [vendors, ...Object.values(profiles)].every((one) => isObject(one) && Object.values(one).every(isObject))
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
