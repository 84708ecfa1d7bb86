import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { xdgConfig } from "xdg-basedir";
import { CredentialsError } from "../errors/command-error.js";
import { reasonOf, systemCode } from "../errors/system-reason.js";
import { makeFolder } from "../files/make-folder.js";
import { writeWhole } from "../files/write-whole.js";
import type { Io } from "../terminal/io.js";

/** The contents of the config file: the options of each vendor's client, by vendor. */
export type Config = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The path of the config file (XDG Base Directory Specification). */
export function configPath(io: Io): string {
  return join(xdgConfig ?? io.cwd, "outhaul", "config.json");
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
    // resolveOptions skips every value that is no string.
    if (isObject(config) && Object.values(config).every(isObject)) return config as Config;
  } catch {
    // no JSON: the error below
  }
  throw new CredentialsError(`${path} is damaged: mend it, or remove it and log in again`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Writes options of a vendor's client to the config file, readable by its owner only. @returns its path */
export function writeConfig(io: Io, vendor: string, options: Readonly<Record<string, string>>): string {
  const config = readConfig(io);
  const path = configPath(io);
  makeFolder(dirname(path));
  const next = { ...config, [vendor]: { ...config[vendor], ...options } };
  writeWhole(path, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
  return path;
}
