import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Config, configFile, defaults } from "./config.js";

/** A configuration that cannot be used. The message names the file, the key, and what to do. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Says what is wrong with a value, as "has to be …"; undefined if nothing is. */
type Check = (value: unknown) => string | undefined;

const checks: Readonly<Record<keyof Config, Check>> = {
  scope: matches(/^@[a-z0-9][a-z0-9._-]*$/, "a scope of npm, such as @your-company"),
  specs: isPath,
  packages: isPath,
  private: isBoolean,
  license: isText,
  licenseFile: isPath,
  author: isText,
  repository: matches(
    /^https:\/\/[^\s?#]+[^\s?#/]$/,
    "an address such as https://github.com/your-company/exports",
  ),
  publishConfig: isObject,
  sharedRange: isText,
  tsconfig: isPath,
  build: isText,
  sandboxData: isPath,
  vendorList: isPath,
  readme: isPath,
  docsCache: isPath,
  npmScripts: isBoolean,
  specTests: isBoolean,
};

/** The keys that the file may have. */
export const configKeys: readonly string[] = Object.keys(checks);

/**
 * Reads `outhaul.config.json` of a repository.
 * @throws {ConfigError} if it is missing, is no JSON, or has a key or value that there is not
 */
export function readConfig(root: string): Config {
  let text: string;
  try {
    text = readFileSync(join(root, configFile), "utf8");
  } catch (error) {
    throw new ConfigError(
      `${configFile}: there is no such file in ${root}. Write one with the scope of your packages: { "scope": "@your-company" }`,
      { cause: error },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(
      `${configFile}: this is no JSON: ${error instanceof Error ? error.message : error}`,
      {
        cause: error,
      },
    );
  }
  return parseConfig(value);
}

/** @throws {ConfigError} as {@link readConfig} does */
export function parseConfig(value: unknown): Config {
  if (isObject(value) !== undefined)
    throw new ConfigError(`${configFile}: has to hold an object, such as { "scope": "@your-company" }`);
  const given = value as Record<string, unknown>; // it was just checked
  for (const [key, one] of Object.entries(given)) {
    if (key === "$schema") continue;
    if (!Object.hasOwn(checks, key))
      throw new ConfigError(
        `${configFile}: ${key}: there is no such key. Correct it, or delete it. There are: ${configKeys.join(", ")}`,
      );
    const problem = checks[key as keyof Config](one); // the key was just checked
    if (problem !== undefined)
      throw new ConfigError(`${configFile}: ${key}: ${JSON.stringify(one)} ${problem}`);
  }
  const { $schema: _, ...known } = given;
  const config = { ...defaults, ...known } as Config; // each value was checked
  if (config.scope === undefined)
    throw new ConfigError(
      `${configFile}: scope: is missing. Write the scope of your packages: "scope": "@your-company"`,
    );
  if ((config.tsconfig === undefined) !== (config.build === undefined))
    throw new ConfigError(
      `${configFile}: ${config.build === undefined ? "build" : "tsconfig"}: is missing. tsconfig and build go together: give both, or none`,
    );
  return config;
}

function matches(pattern: RegExp, what: string): Check {
  return (value) => (typeof value === "string" && pattern.test(value) ? undefined : `has to be ${what}`);
}

function isText(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? undefined : "has to be a text";
}

function isBoolean(value: unknown): string | undefined {
  return typeof value === "boolean" ? undefined : "has to be true or false";
}

function isObject(value: unknown): string | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? undefined
    : "has to be an object";
}

/** Files are written and removed below a path, so it must not lead out of the repository. */
function isPath(value: unknown): string | undefined {
  const isInside =
    typeof value === "string" &&
    /^[^\\:]+$/.test(value) &&
    value.split("/").every((part) => part !== "" && part !== "." && part !== "..");
  return isInside
    ? undefined
    : "has to be a path inside the repository, with slashes, such as packages/clients";
}
