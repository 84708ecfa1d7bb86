import { type Path, refPath } from "@outhaul/spec";
import { followReference } from "../../published/follow-reference.js";
import { isObject, type JsonObject, listOf, objectOf, textOf } from "../../published/json-object.js";
import { isJsonType, type PublishedOperation } from "../../published/operations.js";
import type { Published } from "../../published/read-published.js";

/** What a document says about one field or parameter. */
export interface Fact {
  readonly isRequired: boolean;
  /** The only or known words that it may be. None if the document names none. */
  readonly words: readonly string[];
  /** True if it has fields or items of which the document says nothing. */
  readonly isOpen: boolean;
  /** Where it stands in the document. */
  readonly at: Path;
}

/** The facts of a part of an operation, by the name of the field: `filter.field`, `rows[].id`. */
export type Facts = ReadonlyMap<string, Fact>;

/** The deepest field that is looked at. */
const MAX_DEPTH = 8;

/** The parameters of an operation, as `query limit`. */
export function parameterFacts(published: Published, operation: PublishedOperation, at: Path): Facts {
  const schemes = Object.values(objectOf(objectOf(published.root["components"])["securitySchemes"]));
  const credentials = schemes.map((scheme) => textOf(objectOf(scheme)["name"])?.toLowerCase());
  return new Map(
    operation.parameters.flatMap((parameter): [string, Fact][] => {
      const place = textOf(parameter["in"]);
      const name = textOf(parameter["name"]) ?? "";
      // Documents name the credentials and the content type in other places.
      if (place === "cookie" || (place === "header" && /^(accept|content-type|authorization)$/i.test(name)))
        return [];
      if (credentials.includes(name.toLowerCase())) return [];
      // The names of path parameters are not sent.
      if (place === "path") return [];
      const isRequired = parameter["required"] === true;
      const words = wordsIn(published, parameter["schema"]);
      return [[`${place} ${name}`, { isRequired, words, isOpen: false, at: [...at, "parameters"] }]];
    }),
  );
}

/** The fields of the JSON or form that a request takes. */
export function requestFacts(published: Published, operation: PublishedOperation, at: Path): Facts {
  const body = operation.bodies.find(({ contentType }) => isJsonType(contentType)) ?? operation.bodies[0];
  return body === undefined
    ? new Map()
    : fieldFacts(published, body.schema, [...at, "requestBody", "content", body.contentType, "schema"]);
}

/** The fields of the JSON that a reply with this code holds. Undefined if the document has no such reply. */
export function replyFacts(
  published: Published,
  operation: PublishedOperation,
  status: string,
  at: Path,
): Facts | undefined {
  const reply =
    operation.replies.find((one) => one.status === status) ??
    operation.replies.find((one) => one.status.toUpperCase() === `${status[0]}XX`) ??
    operation.replies.find((one) => one.status === "default");
  if (!reply) return undefined;
  const body = reply.bodies.find(({ contentType }) => isJsonType(contentType));
  const path = [...at, "responses", reply.status, "content", body?.contentType ?? "", "schema"];
  return body === undefined ? new Map() : fieldFacts(published, body.schema, path);
}

function fieldFacts(published: Published, schema: unknown, at: Path): Facts {
  const facts = new Map<string, Fact>();
  visit(schema, "", at, []);
  return facts;

  function visit(given: unknown, name: string, path: Path, around: readonly JsonObject[]): void {
    const parts = partsOf(published, given, path);
    const [first] = parts;
    if (!first || around.length > MAX_DEPTH || around.includes(first.value)) return;
    const inside = [...around, first.value];
    for (const { value, at: where, isAlternative } of parts) {
      const required = isAlternative ? [] : listOf(value["required"]);
      for (const [field, inner] of Object.entries(objectOf(value["properties"]))) {
        const full = name === "" ? field : `${name}.${field}`;
        const known = facts.get(full);
        const innerAt = [...where, "properties", field];
        facts.set(full, {
          isRequired: required.includes(field) || (known?.isRequired ?? false),
          words: [...new Set([...(known?.words ?? []), ...wordsIn(published, inner)])],
          isOpen: (known?.isOpen ?? true) && isOpen(published, inner),
          at: known?.at ?? innerAt,
        });
        visit(inner, full, innerAt, inside);
      }
      if (value["items"] !== undefined) {
        const full = `${name}[]`;
        const innerAt = [...where, "items"];
        facts.set(full, {
          isRequired: false,
          words: wordsIn(published, value["items"]),
          isOpen: isOpen(published, value["items"]),
          at: innerAt,
        });
        visit(value["items"], full, innerAt, inside);
      }
    }
    // Required by one part, described by another.
    for (const { value, isAlternative } of parts)
      for (const field of isAlternative ? [] : listOf(value["required"])) {
        const full = name === "" ? String(field) : `${name}.${field}`;
        const known = facts.get(full);
        if (known) facts.set(full, { ...known, isRequired: true });
      }
  }
}

interface Part {
  readonly value: JsonObject;
  readonly at: Path;
  /** True for what holds in some cases only. */
  readonly isAlternative: boolean;
}

/** A schema and all that it is composed of. */
function partsOf(
  published: Published,
  given: unknown,
  at: Path,
  isAlternative = false,
  seen: readonly JsonObject[] = [],
): Part[] {
  const { value, ref } = followReference(published, given);
  if (seen.includes(value) || seen.length > 20) return [];
  const here = ref === undefined ? at : refPath(ref);
  const next = [...seen, value];
  return [
    { value, at: here, isAlternative },
    ...["allOf", "anyOf", "oneOf"].flatMap((key) =>
      listOf(value[key]).flatMap((part, index) =>
        partsOf(published, part, [...here, key, index], isAlternative || key !== "allOf", next),
      ),
    ),
  ];
}

function wordsIn(published: Published, schema: unknown): string[] {
  const words = partsOf(published, schema, []).flatMap(({ value }) => [
    ...listOf(value["enum"]),
    ...listOf(value["x-extensible-enum"]),
    ...(value["const"] === undefined ? [] : [value["const"]]),
  ]);
  return [...new Set(words.filter((word) => word !== null).map(String))];
}

/** True for an object of which no field is described. */
function isOpen(published: Published, schema: unknown): boolean {
  return partsOf(published, schema, []).every(
    ({ value }) =>
      !isObject(value["properties"]) &&
      value["items"] === undefined &&
      (value["type"] === undefined || [value["type"]].flat().includes("object")),
  );
}
