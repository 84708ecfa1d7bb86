import type { CheckedSpec } from "../check/check.js";
import type { Repository } from "../config/repository.js";
import type { Files } from "../files/files.js";
import type { VendorPlan } from "../plan/vendor-plan.js";
import type { Format } from "../text/format.js";
import { clientCode } from "./client/client-code.js";
import { envCode } from "./package/env-code.js";
import { indexCode } from "./package/index-code.js";
import { knownVendors } from "./package/known-vendors.js";
import { manifest } from "./package/manifest.js";
import { packageJson } from "./package/package-json.js";
import { type ListedVendor, packagesTable } from "./package/packages-table.js";
import { readme } from "./package/readme.js";
import { sandboxData, sandboxIndex } from "./package/sandbox-data.js";
import { tsconfig } from "./package/tsconfig.js";
import { workflowCode } from "./workflow/workflow-code.js";

/** The input of {@link emit}. */
export interface EmitInput {
  readonly spec: CheckedSpec;
  readonly plan: VendorPlan;
  /** The types of the vendor's API, as {@link types} makes them. */
  readonly schema: string;
  /** The text of the licence, if the packages carry one. */
  readonly license?: string | undefined;
}

/** Writes all files of a vendor as texts: its package, and its data for the sandbox. */
export function emit({ spec, plan, schema, license }: EmitInput, format: Format): Files {
  const { vendor, folder, repository } = plan;
  const generated = `${folder}/src/generated`;
  const code: [string, string][] = [
    [`${folder}/package.json`, packageJson(plan)],
    [`${folder}/tsconfig.json`, tsconfig(plan)],
    [`${folder}/README.md`, readme(plan, format)],
    [`${folder}/src/index.ts`, indexCode(plan)],
    [`${folder}/src/env.ts`, envCode(plan)],
    [`${generated}/README.md`, generatedReadme(plan)],
    [`${generated}/schema.ts`, `// ${plan.notice}\n\n${schema}`],
    [`${generated}/client.ts`, clientCode(plan)],
    [`${generated}/manifest.json`, manifest(plan)],
    ...plan.workflows.map((workflow): [string, string] => [
      `${generated}/${workflow.file}.ts`,
      workflowCode(plan, workflow),
    ]),
  ];
  const files = new Map(code.map(([file, text]) => [file, format(file, text)]));
  if (license !== undefined) files.set(`${folder}/LICENSE`, license);
  files.set(repository.sandboxFile(vendor), sandboxData(spec));
  return files;
}

/** Writes the files that list all vendors, if the repository asks for them. */
export function emitLists(
  listed: readonly ListedVendor[],
  repository: Repository,
  { format, readme: oldReadme }: { readonly format: Format; readonly readme: string | undefined },
): Files {
  const { sandboxData: folder, vendorList, readme: readmeFile } = repository.config;
  const vendors = listed.map(({ vendor }) => vendor);
  const files = new Map<string, string>();
  if (folder !== undefined)
    files.set(`${folder}/index.ts`, format("index.ts", sandboxIndex(vendors, repository)));
  if (vendorList !== undefined) files.set(vendorList, format(vendorList, knownVendors(vendors, repository)));
  if (readmeFile !== undefined) files.set(readmeFile, packagesTable(oldReadme, listed, repository));
  return files;
}

function generatedReadme({ vendor, repository }: VendorPlan): string {
  const source = repository.specFolder(vendor);
  return [
    "# Generated",
    "",
    `\`${repository.command("generate", vendor)}\` writes this folder, and the rest of the package, from \`${source}\`. Nobody edits it: change the spec, and generate again.`,
    `\`${repository.command("generate", "", "--check")}\` proves that it is up to date.`,
    "",
  ].join("\n");
}
