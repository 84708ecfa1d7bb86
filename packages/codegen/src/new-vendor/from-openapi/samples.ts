import type { SchemaWriter, WrittenSchema } from "./schemas.js";

const TEXTS: Readonly<Record<string, string>> = {
  "date-time": "2026-11-22T08:00:00Z",
  date: "2026-11-22",
  uuid: "3f1c2d4e-5a6b-4c7d-8e9f-0a1b2c3d4e5f",
  uri: "https://files.example/export.csv",
  email: "ada@example.com",
};

/** What a sample is made for. */
export interface SampleOptions {
  /** `required`: only what has to be there; `all`: every field. */
  readonly fields: "required" | "all";
  /** True if the vendor's own examples of single values are taken. */
  readonly withExamples?: boolean;
}

/** Makes a value that a schema allows. */
export function sampleOf(
  writer: SchemaWriter,
  given: WrittenSchema,
  options: SampleOptions,
  name = "",
  around: readonly WrittenSchema[] = [],
): unknown {
  const schema = writer.resolve(given);
  const depth = around.length;
  const first = schema.anyOf?.find((one) => writer.resolve(one).type !== "null");
  if (first) return sampleOf(writer, first, options, name, around);
  const words = schema.enum ?? schema["x-extensible-enum"] ?? [];
  const { example } = writer.notesOf(schema);
  const types = [schema.type ?? []].flat();
  if (options.withExamples !== false && isShort(example) && allows(types, example) && fits(words, example))
    return example;
  if (words.length > 0) return words.find((word) => word !== null) ?? null;
  const type = types.find((one) => one !== "null");
  switch (type) {
    case "object":
      return depth > 6 ? {} : sampleObject(writer, schema, options, around);
    case "array":
      return sampleList(writer, schema, options, name, around);
    case "boolean":
      return true;
    case "integer":
    case "number":
      return sampleNumber(schema);
    case "string":
      return sampleText(schema, name);
    default:
      return types.includes("null") ? null : "sample";
  }
}

function sampleObject(
  writer: SchemaWriter,
  schema: WrittenSchema,
  options: SampleOptions,
  around: readonly WrittenSchema[],
): Record<string, unknown> {
  const { properties = {}, required = [] } = schema;
  const inside = [...around, schema];
  // A schema inside of itself is shown once.
  const isNew = (field: WrittenSchema): boolean => {
    const { items } = writer.resolve(field);
    return !inside.includes(writer.resolve(items ?? field));
  };
  const names = Object.entries(properties)
    .filter(
      ([name, field]) =>
        required.includes(name) || (options.fields === "all" && inside.length < 5 && isNew(field)),
    )
    .map(([name]) => name);
  return Object.fromEntries(
    names.map((name) => [name, sampleOf(writer, properties[name] ?? {}, options, name, inside)]),
  );
}

function sampleList(
  writer: SchemaWriter,
  schema: WrittenSchema,
  options: SampleOptions,
  name: string,
  around: readonly WrittenSchema[],
): unknown[] {
  const least = typeof schema["minItems"] === "number" ? schema["minItems"] : 0;
  const count = around.length > 6 ? least : Math.max(1, least);
  const item = sampleOf(writer, schema.items ?? {}, options, name.replace(/s$/, ""), [...around, schema]);
  return Array.from({ length: Math.min(count, 20) }, (_, index) =>
    index > 0 && typeof item === "string" ? `${item}${index + 1}` : item,
  );
}

function sampleNumber(schema: WrittenSchema): number {
  const { minimum, maximum, exclusiveMinimum, multipleOf } = schema;
  const step = typeof multipleOf === "number" && multipleOf > 0 ? multipleOf : 1;
  const least =
    typeof minimum === "number"
      ? minimum
      : typeof exclusiveMinimum === "number"
        ? exclusiveMinimum + step
        : typeof maximum === "number"
          ? Math.min(maximum, step)
          : step;
  return Math.ceil(least / step) * step;
}

function sampleText(schema: WrittenSchema, name: string): string {
  const { format, minLength, maxLength } = schema;
  const known = typeof format === "string" ? TEXTS[format] : undefined;
  if (known !== undefined) return known;
  const text = /id$/i.test(name) ? "5001" : /ur[li]$/i.test(name) ? (TEXTS["uri"] ?? "") : "sample";
  const long = typeof minLength === "number" ? text.padEnd(Math.min(minLength, 1000), "x") : text;
  return typeof maxLength === "number" ? long.slice(0, maxLength) : long;
}

/** True for a single value that is short enough to stand in a spec. */
function isShort(value: unknown): boolean {
  return ["string", "number", "boolean"].includes(typeof value) && String(value).length <= 80 && value !== "";
}

function allows(types: readonly string[], value: unknown): boolean {
  if (types.length === 0) return true;
  if (typeof value === "number")
    return types.includes("number") || (types.includes("integer") && Number.isInteger(value));
  return types.includes(typeof value);
}

function fits(words: readonly unknown[], value: unknown): boolean {
  return words.length === 0 || words.includes(value);
}
