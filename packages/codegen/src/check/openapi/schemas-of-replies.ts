import { childSchemas, follow, type Path, type Schema } from "@outhaul/spec";
import type { OpenApiContext } from "../context/context.js";

/** Checks that the schemas of replies promise no more than the vendor does. */
export function checkReplySchemas({ document, operations, report }: OpenApiContext): void {
  const seen = new Set<Schema>();
  function visit(schema: Schema, at: Path): void {
    const here = follow(document, schema, at);
    if (seen.has(here.value)) return;
    seen.add(here.value);
    const { value, at: path } = here;
    if (value.enum && value.enum.length > 1) {
      report(
        [...path, "enum"],
        "reply-enum",
        "an enum in a reply promises that no other word comes",
        "write x-extensible-enum",
      );
    }
    if (value.format === "binary") {
      report(
        [...path, "format"],
        "binary-format",
        "format: binary makes a text of a file",
        "write schema: {}",
      );
    }
    for (const [key, inner] of childSchemas(value)) visit(inner, [...path, ...key]);
  }
  for (const { replies } of operations) {
    for (const { bodies } of replies) {
      for (const { schema, at } of bodies) if (schema) visit(schema, [...at, "schema"]);
    }
  }
}
