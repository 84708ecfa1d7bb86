import { followReference } from "../../published/follow-reference.js";
import { isObject, type JsonObject, listOf, objectOf, textOf } from "../../published/json-object.js";
import type { Published } from "../../published/read-published.js";
import { identifierOf } from "./identifiers.js";

/** A schema in the forms of a spec, while it is being written. */
export interface WrittenSchema {
  [key: string]: unknown;
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  "x-extensible-enum"?: (string | number)[];
  properties?: Record<string, WrittenSchema>;
  required?: string[];
  additionalProperties?: boolean | WrittenSchema;
  items?: WrittenSchema;
  anyOf?: WrittenSchema[];
}

/** What the vendor's document says about a schema beside its form: read to guess from, and not copied. */
export interface SchemaNotes {
  readonly example?: unknown;
  readonly description?: string;
}

/** Rewrites a vendor's schemas. Requests are as tight as the document, replies hold to little. */
export interface SchemaWriter {
  write(schema: unknown, side: Side): WrittenSchema;
  /** The shared schemas that those written so far refer to, by name. */
  readonly shared: Readonly<Record<string, WrittenSchema>>;
  notesOf(schema: WrittenSchema): SchemaNotes;
  /** The schema that a reference to a shared one means. */
  resolve(schema: WrittenSchema): WrittenSchema;
  /** References of the document that lead nowhere. */
  readonly broken: ReadonlySet<string>;
  /** The shared schemas that the document has inside of themselves, where these may be anything: Respect cannot read circles. */
  readonly circles: ReadonlySet<string>;
}

type Side = "request" | "reply";

/** The formats that are kept: the others are the vendor's own words, or speak of files. */
const FORMATS = ["date-time", "date", "uuid", "uri", "email", "int32", "int64", "float", "double"];
/** The limits of values that are kept in requests. */
const LIMITS = [
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "uniqueItems",
  "multipleOf",
];

/** Creates a writer for the schemas of a document. Only what is reached is written. */
export function schemaWriter(published: Published): SchemaWriter {
  const shared: Record<string, WrittenSchema> = {};
  const names = new Map<string, string>();
  const waiting: (() => void)[] = [];
  const notes = new WeakMap<WrittenSchema, SchemaNotes>();
  const broken = new Set<string>();
  const circles = new Set<string>();
  const done = new Set<string>();

  function refer(ref: string, side: Side): WrittenSchema {
    const key = `${side} ${ref}`;
    let name = names.get(key);
    if (name === undefined) {
      name = freeName(ref, side);
      names.set(key, name);
      shared[name] = {};
      const place = name;
      waiting.push(() => {
        shared[place] = writeOwn(followReference(published, { $ref: ref }).value, side, new Set([ref]));
      });
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  function freeName(ref: string, side: Side): string {
    const base = identifierOf(ref.slice(ref.lastIndexOf("/") + 1), "Schema");
    const suffix = side === "request" ? "Request" : "Reply";
    const wanted = [base, base + suffix];
    for (let count = 2; ; count += 1) {
      const free = wanted.find((name) => !Object.hasOwn(shared, name));
      if (free !== undefined) return free;
      wanted.push(base + suffix + count);
    }
  }

  /** Writes a schema where it stands; a shared one by its name. */
  function writeAny(given: unknown, side: Side): WrittenSchema {
    const raw = objectOf(given);
    if (textOf(raw["$ref"]) !== undefined) {
      const { ref, broken: lost } = followReference(published, raw);
      if (lost !== undefined) broken.add(lost);
      return ref === undefined ? {} : refer(ref, side);
    }
    return writeOwn(raw, side, new Set());
  }

  function writeOwn(given: JsonObject, side: Side, seen: ReadonlySet<string>): WrittenSchema {
    const raw = merged(published, given, side, seen);
    const alternatives = alternativesOf(published, raw, side, seen);
    const written =
      alternatives.length > 0 ? writeAlternatives(raw, alternatives, side, seen) : writePlain(raw, side);
    const example = raw["example"] ?? listOf(raw["examples"])[0] ?? raw["default"];
    const description = textOf(raw["description"]);
    notes.set(written, {
      ...(example === undefined || example === null ? {} : { example }),
      ...(description === undefined ? {} : { description }),
    });
    return written;
  }

  function writeAlternatives(
    raw: JsonObject,
    alternatives: readonly unknown[],
    side: Side,
    seen: ReadonlySet<string>,
  ): WrittenSchema {
    const { oneOf: _one, anyOf: _any, ...own } = raw;
    const hasOwn = Object.keys(objectOf(own["properties"])).length > 0;
    // What stands beside the alternatives holds in each of them.
    const written = alternatives.map((one) =>
      hasOwn ? writeOwn({ allOf: [own, one] }, side, seen) : writeAny(one, side),
    );
    return written.length === 1 && written[0] ? written[0] : { anyOf: written };
  }

  function writePlain(raw: JsonObject, side: Side): WrittenSchema {
    const types = typesOf(raw);
    const words = wordsOf(raw);
    const format = textOf(raw["format"]);
    return {
      ...(types.length === 0 ? {} : { type: types.length === 1 && types[0] ? types[0] : types }),
      ...(format !== undefined && FORMATS.includes(format) ? { format } : {}),
      ...writeWords(words, side),
      ...(side === "request" ? limitsOf(raw) : {}),
      ...(types.includes("object") ? writeProperties(raw, side) : {}),
      ...(types.includes("array") ? { items: writeAny(raw["items"], side) } : {}),
    };
  }

  function writeProperties(raw: JsonObject, side: Side): WrittenSchema {
    const hidden = side === "request" ? "readOnly" : "writeOnly";
    const given = Object.entries(objectOf(raw["properties"])).filter(
      ([, schema]) => followReference(published, schema).value[hidden] !== true,
    );
    const properties = Object.fromEntries(given.map(([name, schema]) => [name, writeAny(schema, side)]));
    const more = raw["additionalProperties"];
    const isMap = isObject(more) && Object.keys(more).length > 0;
    const isOpen =
      side === "reply" ||
      more === true ||
      (isObject(more) && !isMap) ||
      (given.length === 0 && more !== false);
    const hiddenNames = Object.keys(objectOf(raw["properties"])).filter(
      (name) => !Object.hasOwn(properties, name),
    );
    const required = [
      ...new Set(listOf(raw["required"]).filter((name): name is string => typeof name === "string")),
    ].filter((name) => !hiddenNames.includes(name));
    for (const name of required) properties[name] ??= {};
    return {
      ...(side === "request" && required.length > 0 ? { required } : {}),
      additionalProperties: isMap ? writeAny(more, side) : isOpen,
      ...(Object.keys(properties).length > 0 ? { properties } : {}),
    };
  }

  /** Replaces each reference that leads back to where it stands. */
  function openCircles(schema: WrittenSchema, around: readonly string[]): void {
    const name = schema.$ref?.slice(schema.$ref.lastIndexOf("/") + 1);
    if (name !== undefined && around.includes(name)) {
      delete schema.$ref;
      Object.assign(schema, { type: "object", additionalProperties: true });
      circles.add(name);
    } else if (name !== undefined) {
      if (done.has(name)) return;
      openCircles(shared[name] ?? {}, [...around, name]);
      done.add(name);
    }
    const { properties = {}, items, additionalProperties, anyOf = [] } = schema;
    for (const inner of [...Object.values(properties), ...anyOf]) openCircles(inner, around);
    if (items) openCircles(items, around);
    if (isObject(additionalProperties)) openCircles(additionalProperties, around);
  }

  return {
    shared,
    broken,
    circles,
    notesOf: (schema) => notes.get(schema) ?? {},
    resolve: (schema) =>
      schema.$ref === undefined
        ? schema
        : (shared[schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1)] ?? {}),
    write(schema, side) {
      const written = writeAny(schema, side);
      for (let next = waiting.pop(); next; next = waiting.pop()) next();
      openCircles(written, []);
      return written;
    },
  };
}

/** A schema with all that `allOf` adds to it. In a reply, where no field has to be there, its alternatives are one object with the fields of all. */
function merged(published: Published, given: JsonObject, side: Side, seen: ReadonlySet<string>): JsonObject {
  const parts: JsonObject[] = [];
  const add = (value: unknown, known: ReadonlySet<string>, isAlternative: boolean): void => {
    const { value: part, ref } = followReference(published, value);
    if (ref !== undefined && known.has(ref)) return; // a schema inside of itself adds nothing
    const next = ref === undefined ? known : new Set([...known, ref]);
    parts.push(isAlternative ? { ...part, required: [] } : part);
    for (const inner of listOf(part["allOf"])) add(inner, next, isAlternative);
    if (side === "reply" && areObjects(published, part))
      for (const inner of [...listOf(part["oneOf"]), ...listOf(part["anyOf"])]) add(inner, next, true);
  };
  add(given, seen, false);
  if (parts.length === 1) return parts[0] ?? {};
  const properties: Record<string, unknown> = {};
  for (const part of parts)
    for (const [name, schema] of Object.entries(objectOf(part["properties"]))) properties[name] ??= schema;
  const { allOf: _all, ...first } = Object.assign({}, ...[...parts].reverse()) as JsonObject; // merged from objects
  const isUnion = side === "reply" && parts.some((part) => areObjects(published, part));
  const { oneOf, anyOf, ...plain } = first;
  return {
    ...plain,
    ...(isUnion
      ? {}
      : { ...(oneOf === undefined ? {} : { oneOf }), ...(anyOf === undefined ? {} : { anyOf }) }),
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
    required: parts.flatMap((part) => listOf(part["required"])),
  };
}

/** True if a schema has alternatives, and all that are not null are objects. */
function areObjects(published: Published, schema: JsonObject): boolean {
  const all = [...listOf(schema["oneOf"]), ...listOf(schema["anyOf"])].map(
    (one) => followReference(published, one).value,
  );
  return (
    all.length > 0 &&
    all.every(
      (one) =>
        one["type"] === "null" || one["type"] === "object" || isObject(one["properties"]) || "allOf" in one,
    )
  );
}

/** The alternatives of a schema that are no schema around it, and more than what a field has to be given. */
function alternativesOf(
  published: Published,
  raw: JsonObject,
  side: Side,
  seen: ReadonlySet<string>,
): readonly unknown[] {
  const all = listOf(raw["oneOf"] ?? raw["anyOf"]);
  if (side === "reply" && areObjects(published, raw)) return [];
  return all.filter((one) => {
    const { value, ref } = followReference(published, one);
    return (ref === undefined || !seen.has(ref)) && Object.keys(value).some((key) => key !== "required");
  });
}

function typesOf(raw: JsonObject): string[] {
  const given = [raw["type"] ?? []].flat().filter((type): type is string => typeof type === "string");
  const words = wordsOf(raw);
  const guessed =
    isObject(raw["properties"]) || isObject(raw["additionalProperties"])
      ? ["object"]
      : raw["items"] !== undefined
        ? ["array"]
        : words.length > 0 && words.every((word) => typeof word === "string")
          ? ["string"]
          : [];
  const known = ["string", "number", "integer", "boolean", "object", "array", "null"];
  const types = (given.length > 0 ? given : guessed).map((type) => (type === "file" ? "string" : type));
  const isNullable = raw["nullable"] === true || words.includes(null);
  return [...new Set([...types, ...(isNullable && types.length > 0 ? ["null"] : [])])].filter((type) =>
    known.includes(type),
  );
}

/** The only values that a schema has. */
function wordsOf(raw: JsonObject): readonly unknown[] {
  return raw["const"] === undefined ? listOf(raw["enum"]) : [raw["const"]];
}

/** Known words: the only ones of a request, and those of a reply to which others may come. */
function writeWords(words: readonly unknown[], side: Side): WrittenSchema {
  if (words.length === 0) return {};
  const unique = [...new Set(words)];
  if (side === "request") return { enum: unique };
  const open = unique.filter((word) => typeof word === "string" || typeof word === "number");
  return open.length > 0 ? { "x-extensible-enum": open } : {};
}

function limitsOf(raw: JsonObject): WrittenSchema {
  const kept = LIMITS.filter((key) => typeof raw[key] === "number" || raw[key] === true).map(
    (key): [string, unknown] => [key, raw[key]],
  );
  const limits: WrittenSchema = Object.fromEntries(kept);
  for (const [exclusive, plain] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    const value = raw[exclusive] === true ? raw[plain] : raw[exclusive];
    if (typeof value !== "number") continue;
    limits[exclusive] = value;
    if (raw[exclusive] === true) delete limits[plain];
  }
  return limits;
}
