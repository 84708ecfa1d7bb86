import { follow, type OpenApi, type Schema } from "./openapi.js";

/** The schemas of the value that a pointer reaches, and the tokens that are indexes of lists. */
export interface Reached {
  readonly schemas: readonly Schema[];
  readonly indexes: readonly boolean[];
}

/**
 * Follows a JSON pointer through a schema as strictly as TypeScript follows its type: every alternative but null must have the property.
 * Undefined if one has not.
 */
export function reach(document: OpenApi, schema: Schema, pointer: readonly string[]): Reached | undefined {
  let schemas: readonly Schema[] = [schema];
  const indexes: boolean[] = [];
  for (const token of pointer) {
    const views = schemas.flatMap((one) => alternatives(document, one)).filter((view) => !isNull(view));
    const next = views.map((view) => step(view, token));
    if (next.length === 0 || next.some((found) => found === undefined)) return undefined;
    schemas = next.flatMap((found) => found?.schemas ?? []);
    indexes.push(next.some((found) => found?.isIndex));
  }
  return { schemas: schemas.flatMap((one) => alternatives(document, one)).flat(), indexes };
}

/** The alternatives of a schema. Each is a list of schemas that apply together. */
function alternatives(document: OpenApi, schema: Schema, depth = 0): Schema[][] {
  if (depth > 20) return [[]]; // a schema that refers to itself without an end
  const { value } = follow(document, schema, []);
  let views: Schema[][] = [[value]];
  for (const part of value.allOf ?? []) {
    views = views.flatMap((view) =>
      alternatives(document, part, depth + 1).map((more) => [...view, ...more]),
    );
  }
  for (const union of [value.anyOf, value.oneOf]) {
    if (!union) continue;
    const branches = union.flatMap((part) => alternatives(document, part, depth + 1));
    views = views.flatMap((view) => branches.map((branch) => [...view, ...branch]));
  }
  return views;
}

function step(view: readonly Schema[], token: string): { schemas: Schema[]; isIndex: boolean } | undefined {
  const types = view.flatMap(({ type }) => type ?? []);
  if (types.some((type) => type !== "object" && type !== "array" && type !== "null")) return undefined;
  const items = view.flatMap(({ items }) => (items && /^\d+$/.test(token) ? [items] : []));
  if (items.length > 0) return { schemas: items, isIndex: true };
  const named = view.flatMap(({ properties }) =>
    properties && Object.hasOwn(properties, token) ? [properties[token] ?? {}] : [],
  );
  if (named.length > 0) return { schemas: named, isIndex: false };
  const other = view.flatMap(({ additionalProperties }) =>
    typeof additionalProperties === "object" ? [additionalProperties] : [],
  );
  return other.length > 0 ? { schemas: other, isIndex: false } : undefined;
}

function isNull(view: readonly Schema[]): boolean {
  return view.some(({ type, const: constant }) => type === "null" || constant === null);
}
