import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { OpenApi } from "@outhaul/spec";
import { checkSpec } from "../check/check.js";
import { configFile } from "../config/config.js";
import { ConfigError } from "../config/read-config.js";
import type { Repository } from "../config/repository.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { emit } from "../emit/emit.js";
import { types } from "../emit/schema/types.js";
import type { Files } from "../files/files.js";
import { load } from "../load/load.js";
import type { Source } from "../load/source.js";
import { planVendor, type Versions } from "../plan/vendor-plan.js";
import type { Format } from "../text/format.js";

/** The result of generating a vendor's package: its files, or the mistakes in its spec. */
export interface Generated {
  readonly files: Files;
  readonly diagnostics: readonly Diagnostic[];
}

/** Generates the files of a vendor's package: load → check → plan → emit. Writes nothing. */
export async function generate(repository: Repository, vendor: string, format: Format): Promise<Generated> {
  const loaded = await load(repository, vendor);
  if (!loaded.spec) return failed(loaded.diagnostics);
  const checked = checkSpec(loaded.spec);
  if (!checked.spec) return failed(checked.diagnostics);
  const schema = await typesOf(checked.spec.document, loaded.spec.openapi);
  if (typeof schema !== "string") return failed([schema]);
  const plan = planVendor(checked.spec, repository, await versionsOf(repository, vendor));
  const license = await licenseOf(repository);
  return { files: emit({ spec: checked.spec, plan, schema, license }, format), diagnostics: [] };
}

function failed(diagnostics: readonly Diagnostic[]): Generated {
  return { files: new Map(), diagnostics };
}

/** Makes the types of a document, or a diagnostic of a mistake that only openapi-typescript finds. */
async function typesOf(document: OpenApi, source: Source): Promise<string | Diagnostic> {
  try {
    return await types(document);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [, pointer = ""] = / at #\/(\S+)/.exec(message) ?? [];
    const path = pointer.split("/").map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
    return {
      file: source.file,
      line: source.lineOf(path),
      rule: "openapi-shape",
      message: `openapi-typescript: ${message}`,
      hint: "see OpenAPI 3.1",
    };
  }
}

async function versionsOf({ root, config, packageFolder }: Repository, vendor: string): Promise<Versions> {
  const version = await versionIn(join(root, packageFolder(vendor)));
  const shared =
    (await versionIn(join(root, packageFolder("shared")), "@outhaul/shared")) ?? installedShared();
  return { version: version ?? "0.1.0", sharedRange: config.sharedRange ?? rangeOf(shared) };
}

/** Reads the version in a folder's package.json. Undefined if there is none, or it is of another package. */
async function versionIn(folder: string, name?: string): Promise<string | undefined> {
  const text = await readFile(join(folder, "package.json"), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const manifest = JSON.parse(text);
  return name === undefined || manifest.name === name ? manifest.version : undefined;
}

/** The version of `@outhaul/shared` that is installed with this package. */
function installedShared(): string {
  return createRequire(import.meta.url)("@outhaul/shared/package.json").version;
}

/** The range of versions that a package works with. A pre-release works only with itself. */
function rangeOf(version: string): string {
  return version.includes("-") ? version : `^${version}`;
}

async function licenseOf({ root, config }: Repository): Promise<string | undefined> {
  if (config.licenseFile === undefined) return undefined;
  try {
    return await readFile(join(root, config.licenseFile), "utf8");
  } catch (error) {
    throw new ConfigError(
      `${configFile}: licenseFile: there is no file ${config.licenseFile}. Write it, or delete the key`,
      { cause: error },
    );
  }
}
