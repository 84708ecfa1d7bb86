import type { Manifest, ManifestCredential } from "@outhaul/spec";
import { CredentialsError, UsageError } from "../errors/command-error.js";
import type { Io } from "../terminal/io.js";
import { prompt } from "../terminal/prompt.js";
import { type Config, readConfig } from "./config-file.js";

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

/** Resolves the options of a client from flags, then the environment, then the config file. */
export function resolveOptions(
  { vendor, credentials, options }: Manifest,
  flags: Readonly<Record<string, string>>,
  io: Io,
  config: Config = readConfig(io),
): ResolvedOptions {
  const resolve = (option: string, env: string): ResolvedOption => {
    const sources: [OptionSource, unknown][] = [
      ["flag", flags[option]],
      ["environment", io.env[env]],
      ["config", config[vendor]?.[option]],
    ];
    const [source, value] =
      sources.find(([, candidate]) => typeof candidate === "string" && candidate.trim() !== "") ?? [];
    return source ? { option, env, source, value: String(value) } : { option, env, source: "missing" };
  };
  const ways = credentials.map((way) => way.map(({ option, env }) => resolve(option, env)));
  const [best = []] = [...ways].sort(
    (a, b) => Number(!isComplete(a)) - Number(!isComplete(b)) || countValues(b) - countValues(a),
  );
  const resolved = options.map(({ option, env, default: fallback }): ResolvedOption => {
    const one = resolve(option, env);
    return one.source === "missing" && fallback !== undefined ? { ...one, source: "default" } : one;
  });
  return { credentials: best, options: [...resolved, resolve("baseUrl", baseUrlEnv(vendor))] };
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
  flags: Readonly<Record<string, string>>,
  io: Io,
  interactive: boolean,
): Promise<Record<string, unknown>> {
  const resolved = resolveOptions(manifest, flags, io);
  const missing = resolved.options.find(({ option, source }) => source === "missing" && option !== "baseUrl");
  if (missing) throw missingOption(manifest, missing);
  const values: Record<string, unknown> = {};
  for (const { option, value } of resolved.options) if (value !== undefined) values[option] = value;
  const documented = new Map(manifest.credentials.flat().map((one) => [one.option, one]));
  for (const { option, source, value } of resolved.credentials) {
    const credential = documented.get(option);
    if (!credential) continue;
    if (source === "missing") {
      values[option] = await promptCredential(manifest, credential, io, interactive);
      continue;
    }
    const renewed = () =>
      resolveOptions(manifest, flags, io).credentials.find((one) => one.option === option)?.value;
    // An account's name is fixed, because a resume token belongs to one account.
    values[option] = credential.account ? value : () => renewed() ?? value;
  }
  return values;
}

function missingOption({ vendor, options }: Manifest, { option, env }: ResolvedOption): UsageError {
  const description = options.find((one) => one.option === option)?.description;
  return new UsageError(
    `${vendor} needs ${option}: set ${env}, or run: outhaul login ${vendor}${description ? ` (${description})` : ""}`,
  );
}

async function promptCredential(
  { vendor }: Manifest,
  { option, env, account, description }: ManifestCredential,
  io: Io,
  interactive: boolean,
): Promise<string> {
  if (!interactive) {
    throw new CredentialsError(`${vendor}: no ${option}: set ${env}, or run: outhaul login ${vendor}`);
  }
  return prompt(io, { label: `${vendor} ${option}`, description, isSecret: !account });
}
