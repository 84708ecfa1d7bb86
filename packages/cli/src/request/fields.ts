import type { JsonSchema, Manifest, ManifestOperation } from "@outhaul/spec";

/** A field of a request that one flag sets. */
export interface RequestField {
  /** The wire names, from the outermost object inwards. */
  readonly path: readonly string[];
  /** The name of the flag without dashes: `date-format`, `format.extension`. */
  readonly flag: string;
  /** `json` is an object or a value of any type, written as JSON. */
  readonly kind: "string" | "integer" | "number" | "boolean" | "json";
  /** True if the flag may be repeated. */
  readonly isList: boolean;
  /** The allowed values, if the schema lists them. */
  readonly choices?: readonly unknown[];
  readonly required: boolean;
  readonly description: string;
}

/** Objects nested deeper than this are given as JSON. */
const MAX_DEPTH = 5;

/** The fields of an operation's flat request: its path and query parameters, and the fields of its body. */
export function requestFields(
  manifest: Manifest,
  operation: ManifestOperation,
  constants: Readonly<Record<string, unknown>> = {},
): RequestField[] {
  const parameters = operation.parameters.map(({ name, required, description, schema }) =>
    fieldOf(manifest, [name], schema, required, description),
  );
  const body = operation.body ? bodyFields(manifest, operation.body.schema, [], operation.body.required) : [];
  const fields = [...parameters, ...body].filter(({ path }) => !((path[0] ?? "") in constants));
  return withUniqueFlags(fields);
}

/** `date_format` and `dateFormat` become `date-format`. */
export function kebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
}

function bodyFields(
  manifest: Manifest,
  schema: JsonSchema,
  path: readonly string[],
  isBodyRequired: boolean,
): RequestField[] {
  const parts = flatten(manifest, schema);
  const requiredNames = parts.flatMap((part) => part.required ?? []);
  const properties = new Map(parts.flatMap((part) => Object.entries(part.properties ?? {})));
  return [...properties].flatMap(([name, property]) => {
    const at = [...path, name];
    const required = isBodyRequired && requiredNames.includes(name);
    const propertyParts = flatten(manifest, property);
    const isObject = propertyParts.some((part) => part.properties && Object.keys(part.properties).length > 0);
    if (isObject && !typesOf(propertyParts).includes("array") && at.length < MAX_DEPTH) {
      return bodyFields(manifest, property, at, required);
    }
    return [fieldOf(manifest, at, property, required, "")];
  });
}

function fieldOf(
  manifest: Manifest,
  path: readonly string[],
  schema: JsonSchema,
  required: boolean,
  description: string,
): RequestField {
  const parts = flatten(manifest, schema);
  const isList = typesOf(parts).includes("array");
  const items = isList ? parts.flatMap((part) => (part.items ? flatten(manifest, part.items) : [])) : parts;
  const choices = items.find((part) => part.enum)?.enum;
  const texts = [description, ...parts.map((part) => part.description ?? "")];
  return {
    path,
    flag: path.map(kebabCase).join("."),
    kind: kindOf(typesOf(items)),
    isList,
    ...(choices ? { choices } : {}),
    required,
    description: (texts.find((text) => text) ?? "").replace(/\s+/g, " ").trim(),
  };
}

/** The schema and every schema that it is composed of, with references resolved. */
function flatten(manifest: Manifest, schema: JsonSchema, depth = 0): JsonSchema[] {
  if (depth > 10) return [];
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace("#/components/schemas/", "");
    return flatten(manifest, manifest.components.schemas[name] ?? {}, depth + 1);
  }
  const parts = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return [schema, ...parts.flatMap((part) => flatten(manifest, part, depth + 1))];
}

function typesOf(parts: readonly JsonSchema[]): string[] {
  return parts.flatMap(({ type }) => type ?? []);
}

function kindOf(types: readonly string[]): RequestField["kind"] {
  for (const type of ["string", "integer", "number", "boolean"] as const)
    if (types.includes(type)) return type;
  return "json";
}

/** Fields whose flags would be equal keep their wire names as flags. */
function withUniqueFlags(fields: readonly RequestField[]): RequestField[] {
  const isShared = (flag: string) => fields.filter((other) => other.flag === flag).length > 1;
  return fields.map((field) => (isShared(field.flag) ? { ...field, flag: field.path.join(".") } : field));
}
