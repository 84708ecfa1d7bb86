import type { JsonSchema, Manifest, ManifestWorkflow } from "@outhaul/spec";

/** A field of an export's request, as people read it. */
interface Field {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
}

/** The fields of an export's request as a table in Markdown. */
export function fieldsTable(manifest: Manifest, workflow: ManifestWorkflow): string {
  const fields = fieldsOf(manifest, workflow);
  if (fields.length === 0) return "The request has no fields.";
  return [
    "| field | type | | what it is |",
    "|---|---|---|---|",
    ...fields.map(
      ({ name, type, isRequired, description }) =>
        `| \`${name}\` | ${type} | ${isRequired ? "required" : ""} | ${cell(description)} |`,
    ),
  ].join("\n");
}

function fieldsOf(manifest: Manifest, { operation: id, constants }: ManifestWorkflow): Field[] {
  const operation = manifest.operations.find((each) => each.id === id);
  if (!operation) return [];
  const body = resolve(operation.body?.schema, manifest);
  return [
    ...operation.parameters.map(({ name, required, description, schema }) => ({
      name,
      type: typeOf(schema, manifest),
      isRequired: required,
      description,
    })),
    ...Object.entries(propertiesOf(body, manifest)).map(([name, schema]) => ({
      name,
      type: typeOf(schema, manifest),
      isRequired: requiredOf(body, manifest).includes(name),
      description: resolve(schema, manifest).description ?? "",
    })),
  ].filter(({ name }) => !(name in constants));
}

function resolve(schema: JsonSchema | undefined, manifest: Manifest): JsonSchema {
  const name = schema?.$ref?.split("/").at(-1);
  if (name === undefined) return schema ?? {};
  return { ...resolve(manifest.components.schemas[name], manifest), ...omitRef(schema) };
}

function omitRef({ $ref: _, ...rest }: JsonSchema = {}): JsonSchema {
  return rest;
}

function propertiesOf(schema: JsonSchema, manifest: Manifest): Record<string, JsonSchema> {
  const parts = (schema.allOf ?? []).map((part) => propertiesOf(resolve(part, manifest), manifest));
  return Object.assign({}, ...parts, schema.properties);
}

function requiredOf(schema: JsonSchema, manifest: Manifest): string[] {
  const parts = (schema.allOf ?? []).flatMap((part) => requiredOf(resolve(part, manifest), manifest));
  return [...parts, ...(schema.required ?? [])];
}

function typeOf(schema: JsonSchema, manifest: Manifest): string {
  const { type, enum: words, items, const: constant } = resolve(schema, manifest);
  if (constant !== undefined) return code(JSON.stringify(constant));
  if (words) return words.map((word) => code(JSON.stringify(word))).join(", ");
  if (type === "array" || items) return `list of ${typeOf(items ?? {}, manifest)}`;
  if (typeof type === "string") return type;
  return type ? type.join(" or ") : "any";
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

/** A description on one line. Its angle brackets are no HTML. */
function cell(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replaceAll("|", "\\|")
    .replace(/<(?=[\w/])/g, "&lt;")
    .trim();
}
