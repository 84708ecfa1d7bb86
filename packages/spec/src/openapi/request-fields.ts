import { follow, type OpenApi, type Schema } from "./openapi.js";
import type { Operation } from "./operations.js";

/** The names of the fields of an operation's flat request. */
export interface RequestFields {
  readonly path: readonly string[];
  readonly query: readonly string[];
  readonly body: readonly string[];
  /** True if the body may have other fields. */
  readonly isOpen: boolean;
}

/** Reads the fields of an operation's path and query parameters, and of its body. */
export function requestFields(document: OpenApi, { parameters, body }: Operation): RequestFields {
  const names = (location: string): string[] =>
    parameters.flatMap((p) => (p.in === location && p.name ? [p.name] : []));
  const schemas = parts(document, body?.schema);
  return {
    path: names("path"),
    query: names("query"),
    body: [...new Set(schemas.flatMap(({ properties }) => Object.keys(properties ?? {})))],
    isOpen: schemas.some(
      ({ additionalProperties }) => additionalProperties !== undefined && additionalProperties !== false,
    ),
  };
}

/** A schema and all schemas that it is composed of. */
function parts(document: OpenApi, schema: Schema | undefined, depth = 0): Schema[] {
  if (!schema || depth > 20) return [];
  const { value } = follow(document, schema, []);
  const inner = [...(value.allOf ?? []), ...(value.anyOf ?? []), ...(value.oneOf ?? [])];
  return [value, ...inner.flatMap((part) => parts(document, part, depth + 1))];
}
