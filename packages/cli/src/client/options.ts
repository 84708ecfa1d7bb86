import { CredentialsError, UsageError } from "../errors/command-error.js";
import type { Io } from "../terminal/io.js";
import type { Manifest, ManifestCredential } from "../vendors/manifest.js";
import { type Config, readConfig } from "./config-file.js";

/** Where an option of a client comes from. */
export type OptionSource = "flag" | "environment" | "config" | "prompt" | "default" | "missing";

/** An option of a client: where it comes from, and what it is. */
export interface FoundOption {
  readonly option: string;
  readonly env: string;
  readonly source: OptionSource;
  readonly value?: string;
}

/** What a vendor's client is made with. */
export interface FoundOptions {
  /** The way to sign in that is complete, or the one that lacks least. */
  readonly credentials: readonly FoundOption[];
  readonly options: readonly FoundOption[];
}

/** The variable that replaces a vendor's address, as `outhaul sandbox` prints it. */
export function baseUrlEnv(vendor: string): string {
  return `OUTHAUL_${vendor.replaceAll("-", "_").toUpperCase()}_BASE_URL`;
}

/** Looks for the options of a client: flags, then the environment, then the config file. */
export function findOptions(
  { vendor, credentials, options }: Manifest,
  flags: Readonly<Record<string, string>>,
  io: Io,
  config: Config = readConfig(io),
): FoundOptions {
  const find = (option: string, env: string): FoundOption => {
    const sources: [OptionSource, unknown][] = [
      ["flag", flags[option]],
      ["environment", io.env[env]],
      ["config", config[vendor]?.[option]],
    ];
    const [source, value] =
      sources.find(([, found]) => typeof found === "string" && found.trim() !== "") ?? [];
    return source ? { option, env, source, value: String(value) } : { option, env, source: "missing" };
  };
  const ways = credentials.map((way) => way.map(({ option, env }) => find(option, env)));
  const lacks = (way: readonly FoundOption[]) => way.filter(({ source }) => source === "missing").length;
  const has = (way: readonly FoundOption[]) => way.length - lacks(way);
  const [best = []] = [...ways].sort(
    (a, b) => Number(lacks(a) > 0) - Number(lacks(b) > 0) || has(b) - has(a),
  );
  const found = options.map(({ option, env, default: fallback }): FoundOption => {
    const one = find(option, env);
    return one.source === "missing" && fallback !== undefined ? { ...one, source: "default" } : one;
  });
  return { credentials: best, options: [...found, find("baseUrl", baseUrlEnv(vendor))] };
}

/**
 * The options of a vendor's client, ready for its `create` function. Secrets are functions, so that what is renewed in the config file meanwhile is
 * read after the vendor has refused the old one.
 * @throws {CredentialsError} naming what is missing and where it can come from
 * @throws {UsageError} where an option is missing that is no credential
 */
export async function clientOptions(
  manifest: Manifest,
  flags: Readonly<Record<string, string>>,
  io: Io,
  mayAsk: boolean,
): Promise<Record<string, unknown>> {
  const { vendor, options } = manifest;
  const found = findOptions(manifest, flags, io);
  const missing = found.options.filter(({ option, source }) => source === "missing" && option !== "baseUrl");
  const [first] = missing;
  if (first) {
    const told = options.find(({ option }) => option === first.option)?.description;
    throw new UsageError(
      `${vendor} needs ${first.option}: set ${first.env}, or run: outhaul login ${vendor}${told ? ` (${told})` : ""}`,
    );
  }
  const made: Record<string, unknown> = {};
  for (const { option, value } of found.options) if (value !== undefined) made[option] = value;
  const known = new Map(manifest.credentials.flat().map((one) => [one.option, one]));
  for (const credential of found.credentials) {
    const one = known.get(credential.option);
    if (one) made[credential.option] = await credentialOf(manifest, one, credential, flags, io, mayAsk);
  }
  return made;
}

async function credentialOf(
  manifest: Manifest,
  { option, env, account, description }: ManifestCredential,
  { source, value }: FoundOption,
  flags: Readonly<Record<string, string>>,
  io: Io,
  mayAsk: boolean,
): Promise<string | (() => string)> {
  const { vendor } = manifest;
  if (source === "missing") {
    if (!mayAsk) {
      throw new CredentialsError(`${vendor}: no ${option}: set ${env}, or run: outhaul login ${vendor}`);
    }
    const { ask } = await import("../terminal/ask.js");
    return ask(io, { label: `${vendor} ${option}`, description, isSecret: !account });
  }
  // What tells accounts apart is fixed: the resume token depends on it.
  if (account) return value ?? "";
  return () =>
    findOptions(manifest, flags, io).credentials.find((one) => one.option === option)?.value ?? value ?? "";
}
