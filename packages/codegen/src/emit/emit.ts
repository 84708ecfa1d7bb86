import type { Files } from "../files/files.js";
import type { OpenApi } from "../language/openapi.js";
import { readOptions } from "../load/client-options.js";
import type { Spec } from "../load/load.js";
import { header } from "../text/comment.js";
import type { Format } from "../text/format.js";
import { clientCode } from "./client/client-code.js";
import { indexCode } from "./package/index-code.js";
import { manifest } from "./package/manifest.js";
import { packageJson } from "./package/package-json.js";
import { readme } from "./package/readme.js";
import { sandboxSpec } from "./package/sandbox.js";
import type { CompiledWorkflow } from "./workflow/workflows.js";

/** What is taken from the repository beside the spec. */
export interface Surroundings {
  /** The version that the package has now. */
  readonly version: string;
  readonly sharedVersion: string;
  readonly license: string;
}

/** All files of a vendor: its package, and its part of the sandbox. */
export function emit(
  spec: Spec,
  schema: string,
  compiled: readonly CompiledWorkflow[],
  { version, sharedVersion, license }: Surroundings,
  format: Format,
): Files {
  const { vendor } = spec;
  const document = spec.openapi.value as OpenApi; // the checks have passed
  const plans = compiled.map(({ plan }) => plan);
  const options = readOptions(vendor, document);
  const folder = `packages/${vendor}`;
  const files: [string, string][] = [
    [`${folder}/package.json`, packageJson(vendor, document, version, sharedVersion)],
    [`${folder}/tsconfig.json`, JSON.stringify({ extends: "../../tsconfig.base.json", include: ["src"] })],
    [`${folder}/LICENSE`, license],
    [`${folder}/README.md`, readme({ vendor, document, options, plans }, format)],
    [`${folder}/src/index.ts`, indexCode(vendor, options, plans)],
    [`${folder}/src/generated/README.md`, generatedReadme(vendor)],
    [`${folder}/src/generated/schema.ts`, `${header(vendor)}\n\n${schema}`],
    [`${folder}/src/generated/client.ts`, clientCode(vendor, version, document, plans)],
    [`${folder}/src/generated/manifest.json`, manifest(vendor, document, options, plans)],
    ...compiled.map(({ plan, code }): [string, string] => [`${folder}/src/generated/${plan.file}.ts`, code]),
    [`packages/sandbox/src/generated/${vendor}.json`, sandboxSpec(spec)],
  ];
  return new Map(
    files.map(([file, text]) => [file, file.startsWith("packages/sandbox/") ? text : format(file, text)]),
  );
}

function generatedReadme(vendor: string): string {
  return [
    "# Generated",
    "",
    `\`npm run generate ${vendor}\` writes this folder, and the rest of the package, from \`specs/${vendor}\`. Nobody edits it: change the spec, and generate again.`,
    "`npm run generate -- --check` proves that it is up to date.",
    "",
  ].join("\n");
}
