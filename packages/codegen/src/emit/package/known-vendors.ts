import type { Repository } from "../../config/repository.js";
import { comment } from "../../text/comment.js";

/** Writes the list of all vendors, for a program that does not know them. */
export function knownVendors(vendors: readonly string[], { config, notice }: Repository): string {
  return [
    `// ${notice(config.specs)}`,
    comment(`The vendors that have a package, by the names of their packages in \`${config.scope}/\`.`),
    `export const knownVendors: readonly string[] = ${JSON.stringify([...vendors].sort())};`,
  ].join("\n");
}
