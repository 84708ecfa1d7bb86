import type { JsonSchema, Manifest, ManifestOperation } from "../vendors/manifest.js";

/** A field of a request, as a flag gives it. */
export interface RequestField {
  /** Its wire names, from the outside in. */
  readonly path: readonly string[];
  /** The flag's name, without dashes: `date-format`, `format.extension`. */
  readonly flag: string;
  /** `json`: an object, or a value of any type, written as JSON. */
  readonly kind: "string" | "integer" | "number" | "boolean" | "json";
  /** Whether the flag can be repeated. */
  readonly isList: boolean;
  readonly words?: readonly unknown[];
  readonly required: boolean;
  readonly description: string;
}

/** Deeper objects are given as JSON. */
const MAX_DEPTH = 5;

/** The fields of an operation's flat request: path and query parameters, and those of the body. */
export function requestFields(
  manifest: Manifest,
  operation: ManifestOperation,
  constants: Readonly<Record<string, unknown>> = {},
): RequestField[] {
  const parameters = operation.parameters.map(({ name, required, description, schema }) =>
    field(manifest, [name], schema, required, description),
  );
  const body = operation.body ? bodyFields(manifest, operation.body.schema, [], operation.body.required) : [];
  const fields = [...parameters, ...body].filter(({ path }) => !((path[0] ?? "") in constants));
  return withFlags(fields);
}

function bodyFields(
  manifest: Manifest,
  schema: JsonSchema,
  path: readonly string[],
  required: boolean,
): RequestField[] {
  const views = viewsOf(manifest, schema);
  const needed = views.flatMap((view) => view.required ?? []);
  const properties = new Map(views.flatMap((view) => Object.entries(view.properties ?? {})));
  return [...properties].flatMap(([name, inner]) => {
    const at = [...path, name];
    const isNeeded = required && needed.includes(name);
    const own = viewsOf(manifest, inner);
    const isObject = own.some((view) => view.properties && Object.keys(view.properties).length > 0);
    if (isObject && typesOf(own).every((type) => type !== "array") && at.length < MAX_DEPTH) {
      return bodyFields(manifest, inner, at, isNeeded);
    }
    return [field(manifest, at, inner, isNeeded, "")];
  });
}

function field(
  manifest: Manifest,
  path: readonly string[],
  schema: JsonSchema,
  required: boolean,
  description: string,
): RequestField {
  const views = viewsOf(manifest, schema);
  const isList = typesOf(views).includes("array");
  const items = isList ? views.flatMap(({ items }) => (items ? viewsOf(manifest, items) : [])) : views;
  const words = items.find((view) => view.enum)?.enum;
  const told = [description, ...views.map((view) => view.description ?? "")].find((text) => text) ?? "";
  return {
    path,
    flag: path.map(kebab).join("."),
    kind: kindOf(typesOf(items)),
    isList,
    ...(words ? { words } : {}),
    required,
    description: told.replace(/\s+/g, " ").trim(),
  };
}

/** The schema with all that it is composed of, references followed. */
function viewsOf(manifest: Manifest, schema: JsonSchema, depth = 0): JsonSchema[] {
  if (depth > 10) return [];
  const name = schema.$ref?.replace("#/components/schemas/", "");
  const found = name === undefined ? schema : (manifest.components.schemas[name] ?? {});
  const parts = [...(found.allOf ?? []), ...(found.anyOf ?? []), ...(found.oneOf ?? [])];
  const next = name === undefined ? [] : viewsOf(manifest, found, depth + 1).slice(1);
  return name === undefined
    ? [found, ...parts.flatMap((part) => viewsOf(manifest, part, depth + 1))]
    : [found, ...next];
}

function typesOf(views: readonly JsonSchema[]): string[] {
  return views.flatMap(({ type }) => type ?? []);
}

function kindOf(types: readonly string[]): RequestField["kind"] {
  for (const type of ["string", "integer", "number", "boolean"] as const)
    if (types.includes(type)) return type;
  return "json";
}

/** Two fields whose flags would be one keep their wire names. */
function withFlags(fields: readonly RequestField[]): RequestField[] {
  const taken = (flag: string) => fields.filter((other) => other.flag === flag).length > 1;
  return fields.map((one) => (taken(one.flag) ? { ...one, flag: one.path.join(".") } : one));
}

/** `date_format`, `dateFormat` → `date-format`. */
export function kebab(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
}
