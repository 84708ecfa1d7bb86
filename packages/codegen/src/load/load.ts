import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Repository } from "../config/repository.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { parseSource, type Source } from "./source.js";

/** The two files that describe a vendor. */
export interface Spec {
  readonly vendor: string;
  readonly openapi: Source;
  readonly arazzo: Source;
}

/** Reads the spec of a vendor. Gives diagnostics and no spec if a file is missing or is not YAML. */
export async function load(
  { root, config, specFolder }: Repository,
  vendor: string,
): Promise<{ spec?: Spec; diagnostics: Diagnostic[] }> {
  const diagnostics: Diagnostic[] = [];
  async function read(name: string): Promise<Source | undefined> {
    const file = `${specFolder(vendor)}/${name}`;
    const text = await readFile(join(root, file), "utf8").catch(() => undefined);
    if (text === undefined) {
      diagnostics.push({
        file,
        line: 1,
        rule: "file-missing",
        message: "there is no such file",
        hint: `see ${config.specs}/README.md`,
      });
      return undefined;
    }
    const parsed = parseSource(file, text);
    diagnostics.push(...parsed.diagnostics);
    return parsed.diagnostics.length > 0 ? undefined : parsed.source;
  }

  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(vendor)) {
    const hint = "rename the folder, for example to my-vendor";
    diagnostics.push({
      file: specFolder(vendor),
      line: 1,
      rule: "vendor-name",
      message: `"${vendor}" cannot name a package`,
      hint,
    });
  }
  const [openapi, arazzo] = await Promise.all([read("openapi.yaml"), read("exports.arazzo.yaml")]);
  return diagnostics.length === 0 && openapi && arazzo
    ? { spec: { vendor, openapi, arazzo }, diagnostics }
    : { diagnostics };
}
