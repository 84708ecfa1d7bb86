import type { SchemaWriter, WrittenSchema } from "./schemas.js";

/** A field somewhere in a reply. */
export interface FoundField {
  readonly name: string;
  /** The tokens that lead to it: names, and `0` for the first item of a list. */
  readonly pointer: readonly string[];
  readonly schema: WrittenSchema;
  /** The lists on the way. */
  readonly lists: readonly WrittenSchema[];
}

/** The fields of a reply, those near its root first. */
export function fieldsOf(writer: SchemaWriter, root: WrittenSchema): FoundField[] {
  const found: FoundField[] = [];
  const visit = (
    given: WrittenSchema,
    pointer: readonly string[],
    lists: readonly WrittenSchema[],
    seen: readonly WrittenSchema[],
  ): void => {
    const schema = writer.resolve(given);
    if (pointer.length > 4 || seen.includes(schema) || found.length > 2_000) return;
    const next = [...seen, schema];
    for (const [name, inner] of Object.entries(schema.properties ?? {})) {
      const at = [...pointer, name];
      found.push({ name, pointer: at, schema: writer.resolve(inner), lists });
      visit(inner, at, lists, next);
    }
    if (schema.items) {
      const item = writer.resolve(schema.items);
      const name = pointer.at(-1) ?? "";
      if (!item.properties)
        found.push({ name, pointer: [...pointer, "0"], schema: item, lists: [...lists, schema] });
      visit(schema.items, [...pointer, "0"], [...lists, schema], next);
    }
  };
  visit(root, [], [], []);
  return found.sort((a, b) => a.pointer.length - b.pointer.length);
}

/** The field with the highest score. Undefined if none has one above 0. */
export function bestField(
  fields: readonly FoundField[],
  score: (field: FoundField) => number,
): FoundField | undefined {
  let best: FoundField | undefined;
  let most = 0;
  for (const field of fields) {
    const points = score(field) - field.pointer.length / 2 - field.lists.length / 4;
    if (points <= most) continue;
    best = field;
    most = points;
  }
  return best;
}

/** True if a schema may be a value of this type, as far as it says. */
export function mayBe({ type, anyOf, properties }: WrittenSchema, ...wanted: readonly string[]): boolean {
  if (anyOf || properties) return false;
  const types = [type ?? []].flat();
  return types.length === 0 || types.some((one) => wanted.includes(one));
}

/** A name without what spellings differ in: `task_id` and `taskId` are the same. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}
