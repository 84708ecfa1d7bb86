import type { JsonSchema, Manifest, ManifestWorkflow } from "@outhaul/spec";

/** A field of the form of a request. */
export interface FormField {
  readonly name: string;
  readonly kind: "choice" | "boolean" | "number" | "text" | "list" | "json";
  readonly isRequired: boolean;
  readonly description: string;
  /** The values to choose from. */
  readonly choices: readonly unknown[];
  /** What the texts of a list become. */
  readonly items: "number" | "text";
}

/** The texts that people put into a form, by the names of the fields. */
export type FormValues = Record<string, string>;

/** Makes a form of the schema of an export's request. */
export function formOf(manifest: Manifest, { operation: id, constants }: ManifestWorkflow): FormField[] {
  const operation = manifest.operations.find((each) => each.id === id);
  const body = flatten(operation?.body?.schema, manifest);
  const parameters = (operation?.parameters ?? []).map(({ name, required, description, schema }) =>
    fieldOf(name, { description, ...flatten(schema, manifest) }, required, manifest),
  );
  const properties = Object.entries(body.properties ?? {}).map(([name, schema]) =>
    fieldOf(name, flatten(schema, manifest), body.required?.includes(name) ?? false, manifest),
  );
  const fields = [...parameters, ...properties].filter(({ name }) => !(name in constants));
  return fields.sort((a, b) => Number(b.isRequired) - Number(a.isRequired));
}

/** The values that a request fills a form with. */
export function valuesOf(
  fields: readonly FormField[],
  request: Readonly<Record<string, unknown>>,
): FormValues {
  return Object.fromEntries(
    fields.map(({ name, kind }) => {
      const value = request[name];
      if (value === undefined) return [name, ""];
      if (kind === "list" && Array.isArray(value)) return [name, value.join("\n")];
      return [name, kind === "json" ? JSON.stringify(value, null, 2) : String(value)];
    }),
  );
}

/**
 * Makes a request of what stands in a form. An empty field is left out.
 * @throws {Error} if a field has to be JSON, and is not
 */
export function requestOf(fields: readonly FormField[], values: FormValues): Record<string, unknown> {
  const entries = fields.flatMap((field) => {
    const text = values[field.name] ?? "";
    return text.trim() === "" ? [] : [[field.name, readField(field, text)]];
  });
  return Object.fromEntries(entries);
}

function readField({ name, kind, choices, items }: FormField, text: string): unknown {
  if (kind === "choice" || kind === "boolean") return choices.find((choice) => String(choice) === text);
  if (kind === "number") return asNumber(text);
  if (kind === "list") {
    const lines = text.split(/\n|,/).map((line) => line.trim());
    return lines.filter((line) => line !== "").map((line) => (items === "number" ? asNumber(line) : line));
  }
  if (kind !== "json") return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${name} has to be JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/** A text as a number; what is none stays a text, so that the vendor's own check sees it. */
function asNumber(text: string): unknown {
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

function fieldOf(name: string, schema: JsonSchema, isRequired: boolean, manifest: Manifest): FormField {
  const type = Array.isArray(schema.type) ? undefined : schema.type;
  const items = flatten(schema.items, manifest);
  const isNumber = (of: unknown): boolean => of === "integer" || of === "number";
  const simple = items.type === "string" || isNumber(items.type);
  const kind = schema.enum
    ? "choice"
    : type === "array" && simple
      ? "list"
      : type === "boolean"
        ? "boolean"
        : isNumber(type)
          ? "number"
          : type === "string"
            ? "text"
            : "json";
  const choices = kind === "boolean" ? [true, false] : (schema.enum ?? []);
  return {
    name,
    kind,
    isRequired,
    description: schema.description ?? "",
    choices,
    items: isNumber(items.type) ? "number" : "text",
  };
}

/** A schema with what its references and its parts say. */
function flatten(schema: JsonSchema | undefined, manifest: Manifest): JsonSchema {
  if (!schema) return {};
  const { $ref, allOf = [], ...own } = schema;
  const parts = [
    ...($ref === undefined ? [] : [manifest.components.schemas[$ref.split("/").at(-1) ?? ""]]),
    ...allOf,
  ];
  let flat: JsonSchema = own;
  for (const part of parts.map((each) => flatten(each, manifest)))
    flat = {
      ...part,
      ...flat,
      properties: { ...part.properties, ...flat.properties },
      required: [...(part.required ?? []), ...(flat.required ?? [])],
    };
  return flat;
}
