import {
  childSchemas,
  follow,
  type OpenApi,
  type Operation,
  readOperations,
  type Schema,
} from "@outhaul/spec";
import type { OpenAPI3 } from "openapi-typescript";

/** Makes the types `paths`, `components` and `operations` of a document. No other file knows openapi-typescript. */
export async function types(document: OpenApi): Promise<string> {
  const source = forUsers(document) as unknown as OpenAPI3; // the same document, in the library's own words for it
  const { default: openapiTS, astToString } = await import("openapi-typescript"); // it brings a compiler, which only writing needs
  const nodes = await openapiTS(source, { alphabetize: true, defaultNonNullable: false, silent: true });
  return astToString(nodes);
}

/**
 * Prepares a document for the types. The objects of replies lose `additionalProperties: true`: they may hold more than is documented, but a type that allows it gives
 * each misspelt property the type `unknown`. The words of an open enum go into its comment: openapi-fetch takes a type of words "or any other text" for an object.
 */
function forUsers(document: OpenApi): OpenApi {
  const copy = structuredClone(document);
  const operations = readOperations(copy);
  const asked = collect(copy, operations, ({ parameters, body }) => [
    ...parameters.map(({ schema }) => schema),
    body?.schema,
  ]);
  const answered = collect(copy, operations, ({ replies }) =>
    replies.flatMap(({ bodies }) => bodies.map(({ schema }) => schema)),
  );
  for (const schema of answered) {
    const words = schema["x-extensible-enum"]?.map((word) => `\`${word}\``).join(", ");
    if (words) {
      const description = [schema.description, `Known words: ${words}; others may come.`];
      Object.assign(schema, { description: description.filter(Boolean).join(" ") });
    }
    if (asked.has(schema) || schema.additionalProperties !== true || !schema.properties) continue;
    Reflect.deleteProperty(schema, "additionalProperties");
  }
  return copy;
}

function collect(
  document: OpenApi,
  operations: readonly Operation[],
  roots: (operation: Operation) => (Schema | undefined)[],
): Set<Schema> {
  const found = new Set<Schema>();
  const visit = (schema: Schema): void => {
    const { value } = follow(document, schema, []);
    if (found.has(value)) return;
    found.add(value);
    for (const [, inner] of childSchemas(value)) visit(inner);
  };
  for (const root of operations.flatMap(roots)) if (root) visit(root);
  return found;
}
