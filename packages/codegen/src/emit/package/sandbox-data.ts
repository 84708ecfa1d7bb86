import type { CheckedSpec } from "../../check/check.js";
import type { Repository } from "../../config/repository.js";
import { comment } from "../../text/comment.js";
import { isIdentifier, pascalCase } from "../../text/names.js";

/** Writes a vendor's spec as one JSON file, for the sandbox. */
export function sandboxData({ vendor, document, arazzo }: CheckedSpec): string {
  return `${JSON.stringify({ vendor, openapi: document, arazzo }, null, 1)}\n`;
}

/** Writes the module that exports the specs of all vendors, for the sandbox. */
export function sandboxIndex(vendors: readonly string[], { config, notice }: Repository): string {
  const sorted = [...vendors].sort();
  const name = (vendor: string): string => {
    const pascal = pascalCase(vendor);
    return pascal[0]?.toLowerCase() + pascal.slice(1);
  };
  return [
    `// ${notice(config.specs)}`,
    ...sorted.map((vendor) => `import ${name(vendor)} from "./${vendor}.json" with { type: "json" };`),
    "",
    comment("A vendor's spec: the two files of its folder, parsed."),
    "export interface VendorSpec {\nreadonly vendor: string;\nreadonly openapi: unknown;\nreadonly arazzo: unknown;\n}",
    "",
    comment("The specs of all vendors, by the names of their folders."),
    `export const specs: Readonly<Record<string, VendorSpec>> = {${sorted
      .map((vendor) => (isIdentifier(vendor) ? name(vendor) : `${JSON.stringify(vendor)}: ${name(vendor)}`))
      .join(", ")}};`,
  ].join("\n");
}
