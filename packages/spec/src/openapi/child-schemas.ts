import type { Path } from "../pointer/json-pointer.js";
import type { Schema } from "./openapi.js";

/** The schemas directly inside a schema, each with its path. */
export function childSchemas(schema: Schema): [Path, Schema][] {
  const children: [Path, Schema][] = Object.entries(schema.properties ?? {}).map(([name, inner]) => [
    ["properties", name],
    inner,
  ]);
  for (const key of ["allOf", "anyOf", "oneOf"] as const) {
    for (const [index, inner] of (schema[key] ?? []).entries()) children.push([[key, index], inner]);
  }
  if (schema.items) children.push([["items"], schema.items]);
  if (typeof schema.additionalProperties === "object")
    children.push([["additionalProperties"], schema.additionalProperties]);
  return children;
}
