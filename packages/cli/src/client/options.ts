import type { Manifest, ManifestCredential } from "@outhaul/spec";
import { CredentialsError, UsageError } from "../errors/command-error.js";
import type { Io } from "../terminal/io.js";
import { prompt } from "../terminal/prompt.js";
import { type Account, loginCommand, profileEnv } from "./account.js";
import { type Config, configOf, configPath, configuredProfiles, readConfig } from "./config-file.js";

/** The source of a client option. */
export type OptionSource = "flag" | "environment" | "config" | "default" | "missing";

/** A client option and the source that its value comes from. */
export interface ResolvedOption {
  readonly option: string;
  /** The environment variable that may hold it. */
  readonly env: string;
  readonly source: OptionSource;
  readonly value?: string;
}

/** The options that a vendor's client is created with. */
export interface ResolvedOptions {
  /** The credentials of the first complete way to sign in, or else of the way that has the most values. */
  readonly credentials: readonly ResolvedOption[];
  readonly options: readonly ResolvedOption[];
}

/** The environment variable that replaces a vendor's address; `outhaul sandbox` prints it. */
export function baseUrlEnv(vendor: string): string {
  return `OUTHAUL_${vendor.replaceAll("-", "_").toUpperCase()}_BASE_URL`;
}

/**
 * Resolves the options of a client from flags, then the environment, then the config file. A profile has an environment and a config of its own, so that
 * the values of two accounts never mix; only the address in the environment, which a proxy or the sandbox sets, holds for all.
 */
export function resolveOptions(
  { vendor, credentials, options }: Manifest,
  { profile, options: flags, credentials: given }: Account,
  io: Io,
  config: Config = readConfig(io),
): ResolvedOptions {
  const configured = configOf(config, vendor, profile);
  const find = (option: string, env: string, sources: [OptionSource, unknown][]): ResolvedOption => {
    const [source, value] =
      sources.find(([, candidate]) => typeof candidate === "string" && candidate.trim() !== "") ?? [];
    return source ? { option, env, source, value: String(value) } : { option, env, source: "missing" };
  };
  const resolve = (option: string, name: string): ResolvedOption => {
    const env = profileEnv(name, profile);
    return find(option, env, [
      ["flag", flags[option]],
      ["environment", io.env[env]],
      ["config", configured[option]],
    ]);
  };
  const ways = credentials.map((way) =>
    way.map(({ option, env }) =>
      given ? find(option, profileEnv(env, profile), [["flag", given[option]]]) : resolve(option, env),
    ),
  );
  const [best = []] = [...ways].sort(
    (a, b) => Number(!isComplete(a)) - Number(!isComplete(b)) || countValues(b) - countValues(a),
  );
  const resolved = options.map(({ option, env, default: fallback }): ResolvedOption => {
    const one = resolve(option, env);
    return one.source === "missing" && fallback !== undefined ? { ...one, source: "default" } : one;
  });
  const address = resolve("baseUrl", baseUrlEnv(vendor));
  const ofAll = find("baseUrl", baseUrlEnv(vendor), [["environment", io.env[baseUrlEnv(vendor)]]]);
  return {
    credentials: best,
    options: [...resolved, address.source === "missing" && ofAll.source !== "missing" ? ofAll : address],
  };
}

/**
 * The names of the profiles of a vendor, in the config file and in the environment.
 * @returns those of the environment as they are written there, in small letters and with _
 */
export function knownProfiles(
  { vendor, credentials, options }: Manifest,
  io: Io,
  config: Config = readConfig(io),
): string[] {
  const configured = configuredProfiles(config, vendor);
  const variables = [...credentials.flat(), ...options].map(({ env }) => `${env}__`);
  const written = new Set(configured.map((name) => profileEnv("", name)));
  const named = Object.keys(io.env).flatMap((name) => {
    const prefix = variables.find((variable) => name.startsWith(variable));
    const profile = prefix && name.slice(prefix.length);
    return profile && io.env[name] && !written.has(`__${profile}`) ? [profile.toLowerCase()] : [];
  });
  return [...new Set([...configured, ...named])].sort();
}

function countValues(way: readonly ResolvedOption[]): number {
  return way.filter(({ source }) => source !== "missing").length;
}

function isComplete(way: readonly ResolvedOption[]): boolean {
  return countValues(way) === way.length;
}

/**
 * The options for a vendor's `create` function. A secret is a function, so that a token renewed in the config file is read once the vendor rejects the
 * old one.
 * @param interactive ask the user for a missing credential
 * @throws {CredentialsError} if a credential is missing; the message says how to set it
 * @throws {UsageError} if another option is missing
 */
export async function clientOptions(
  manifest: Manifest,
  account: Account,
  io: Io,
  interactive: boolean,
): Promise<Record<string, unknown>> {
  const resolved = resolveOptions(manifest, account, io);
  checkProfile(manifest, account, resolved, io);
  const missing = resolved.options.find(({ option, source }) => source === "missing" && option !== "baseUrl");
  if (missing) throw missingOption(manifest, account, missing);
  const values: Record<string, unknown> = {};
  for (const { option, value } of resolved.options) if (value !== undefined) values[option] = value;
  const documented = new Map(manifest.credentials.flat().map((one) => [one.option, one]));
  for (const { option, source, value } of resolved.credentials) {
    const credential = documented.get(option);
    if (!credential) continue;
    if (source === "missing") {
      values[option] = await promptCredential(manifest, account, credential, io, interactive);
      continue;
    }
    const renewed = () =>
      resolveOptions(manifest, account, io).credentials.find((one) => one.option === option)?.value;
    // An account's name is fixed, because a resume token belongs to one account.
    values[option] = credential.account ? value : () => renewed() ?? value;
  }
  return values;
}

/**
 * Checks that a profile is known: no question is asked for a name that was mistyped.
 * @throws {CredentialsError} if nothing has a value for it
 */
function checkProfile(
  manifest: Manifest,
  { profile }: Account,
  { credentials, options }: ResolvedOptions,
  io: Io,
): void {
  if (profile === undefined) return;
  const isKnown = [...credentials, ...options].some(
    ({ source, env }) => source === "config" || (source === "environment" && env.includes("__")),
  );
  if (isKnown || credentials.some(({ source }) => source === "flag")) return;
  throw unknownProfile(manifest, profile, io);
}

/** The error for a profile for which nothing has a value. */
export function unknownProfile(manifest: Manifest, profile: string, io: Io): CredentialsError {
  const { vendor } = manifest;
  const names = knownProfiles(manifest, io);
  const others = names.length ? ` (it has: ${names.join(", ")})` : "";
  return new CredentialsError(
    `${vendor} has no profile "${profile}"${others}: run ${loginCommand(vendor, profile)}`,
  );
}

function missingOption(
  { vendor, options }: Manifest,
  { profile }: Account,
  { option, env }: ResolvedOption,
): UsageError {
  const description = options.find((one) => one.option === option)?.description;
  return new UsageError(
    `${vendor} needs ${option}: set ${env}, or run: ${loginCommand(vendor, profile)}${description ? ` (${description})` : ""}`,
  );
}

async function promptCredential(
  { vendor }: Manifest,
  { profile }: Account,
  { option, env, account, secret = !account, description }: ManifestCredential,
  io: Io,
  interactive: boolean,
): Promise<string> {
  if (!interactive) {
    const variable = profileEnv(env, profile);
    throw new CredentialsError(
      `${vendor}: no ${option}: set ${variable}, or run: ${loginCommand(vendor, profile)}`,
    );
  }
  return prompt(io, { label: `${vendor} ${option}`, description, isSecret: secret });
}

/** What a client says of an option that it refuses, with the place where the option stands and its value. */
export function refusedOption(manifest: Manifest, account: Account, message: string, io: Io): string {
  const [, name = "", problem = ""] = /^\w+: the option "(\w+)" (.*)$/s.exec(message) ?? [];
  const { credentials, options } = resolveOptions(manifest, account, io);
  const found = options.find(({ option }) => option === name);
  const one = found ?? credentials.find(({ option }) => option === name);
  if (!one || one.source === "missing" || one.source === "default") return message;
  const place = {
    flag: name,
    environment: one.env,
    config: `${name} in ${configPath(io)}`,
  }[one.source];
  // An address may hold a password.
  const value = found?.value === undefined || /[@?#]/.test(found.value) ? "" : ` ("${found.value}")`;
  return `${manifest.vendor}: ${place}${value} ${problem}`;
}
