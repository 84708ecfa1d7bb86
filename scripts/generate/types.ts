import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";
import ts from "typescript";
import { childSchemas } from "./child-schemas.js";
import { follow, type OpenApi, type Schema } from "./openapi.js";
import { type Operation, readOperations } from "./operations.js";

/** The types of a document: `paths`, `components` and `operations`. The only place that knows openapi-typescript. */
export async function types(document: OpenApi): Promise<string> {
  const source = closeReplies(document) as unknown as OpenAPI3; // the same document, in the library's own words for it
  const nodes = await openapiTS(source, {
    alphabetize: true,
    defaultNonNullable: false,
    silent: true,
    transform: (schema) => openEnum(schema as Schema), // a schema is a schema
  });
  return astToString(nodes);
}

/** `x-extensible-enum: [a, b]` becomes `"a" | "b" | (string & {})`: the known words are offered, any other is taken. */
function openEnum(schema: Schema): ts.TypeNode | undefined {
  const words = schema["x-extensible-enum"];
  if (!words) return undefined;
  const { factory } = ts;
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  const known = words.map((word) =>
    factory.createLiteralTypeNode(
      typeof word === "number" ? factory.createNumericLiteral(word) : factory.createStringLiteral(word),
    ),
  );
  const others = types.map((type) => {
    if (type === "null") return factory.createLiteralTypeNode(factory.createNull());
    const keyword = type === "string" ? ts.SyntaxKind.StringKeyword : ts.SyntaxKind.NumberKeyword;
    const open = factory.createIntersectionTypeNode([
      factory.createKeywordTypeNode(keyword),
      factory.createTypeLiteralNode([]),
    ]);
    return factory.createParenthesizedType(open);
  });
  return factory.createUnionTypeNode([...known, ...others]);
}

/**
 * The document without `additionalProperties: true` on the objects of replies. Replies may hold more than is documented; but a type that says so takes every
 * misspelt property for `unknown`.
 */
function closeReplies(document: OpenApi): OpenApi {
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
