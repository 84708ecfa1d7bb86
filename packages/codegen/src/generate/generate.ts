import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { check } from "../check/check.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { emit, type Surroundings } from "../emit/emit.js";
import { types } from "../emit/schema/types.js";
import { workflows } from "../emit/workflow/workflows.js";
import type { Files } from "../files/files.js";
import type { Arazzo } from "../language/arazzo.js";
import type { OpenApi } from "../language/openapi.js";
import { load } from "../load/load.js";
import type { Format } from "../text/format.js";

/** What came of a vendor's spec: its files, or what is wrong with it. */
export interface Generated {
  readonly files: Files;
  readonly diagnostics: readonly Diagnostic[];
}

/** load → check → types → workflows → emit. Writes nothing. */
export async function generate(root: string, vendor: string, format: Format): Promise<Generated> {
  const { spec, diagnostics } = await load(root, vendor);
  if (!spec) return { files: new Map(), diagnostics };
  const problems = check(spec);
  if (problems.length > 0) return { files: new Map(), diagnostics: problems };

  const document = spec.openapi.value as OpenApi; // the checks have passed
  const arazzo = spec.arazzo.value as Arazzo; // likewise
  let schema: string;
  try {
    schema = await types(document);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [, pointer = ""] = / at #\/(\S+)/.exec(message) ?? [];
    const line = spec.openapi.lineOf(
      pointer.split("/").map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~")),
    );
    return {
      files: new Map(),
      diagnostics: [
        {
          file: spec.openapi.file,
          line,
          rule: "openapi-shape",
          message: `openapi-typescript: ${message}`,
          hint: "see OpenAPI 3.1",
        },
      ],
    };
  }
  const compiled = workflows({ name: vendor, title: document.info.title }, document, arazzo);
  return { files: emit(spec, schema, compiled, await surroundings(root, vendor), format), diagnostics: [] };
}

async function surroundings(root: string, vendor: string): Promise<Surroundings> {
  const version = async (name: string): Promise<string | undefined> => {
    const text = await readFile(join(root, "packages", name, "package.json"), "utf8").catch(() => undefined);
    return text === undefined ? undefined : JSON.parse(text).version;
  };
  return {
    version: (await version(vendor)) ?? "0.1.0",
    sharedVersion: (await version("shared")) ?? "0.1.0",
    license: await readFile(join(root, "LICENSE"), "utf8"),
  };
}
