import { expect, it } from "vitest";
import { fieldRules } from "./field-rules.js";
import type { OpenApi, Schema } from "./openapi.js";

const properties = Object.fromEntries(["a", "b", "c"].map((name) => [name, { type: "string" }]));
const document = {
  openapi: "3.1.0",
  info: { title: "Acme", version: "1" },
  servers: [],
  paths: {},
  components: { schemas: { Apart: { not: { required: ["a", "b"] } } as Schema } },
} satisfies OpenApi;
const when = (condition: object, consequence: object) =>
  JSON.parse(`{ "if": ${JSON.stringify(condition)}, "then": ${JSON.stringify(consequence)} }`);
const rulesOf = (rules: object, literals: string[] = []) =>
  fieldRules(document, { properties, ...rules } as Schema, literals);

it.each([
  [{ dependentRequired: { a: ["b", "c"] } }, { kind: "together", field: "a", needs: ["b", "c"] }],
  [{ dependentSchemas: { a: { required: ["b"] } } }, { kind: "together", field: "a", needs: ["b"] }],
  [{ dependentSchemas: { a: { properties: { b: false } } } }, { kind: "apart", fields: ["a", "b"] }],
  [
    when({ properties: { a: false, b: false } }, { required: ["c"] }),
    { kind: "some", fields: ["a", "b", "c"] },
  ],
  [when({ required: ["a"] }, { required: ["b"] }), { kind: "together", field: "a", needs: ["b"] }],
  [when({ required: ["a"] }, { properties: { b: false } }), { kind: "apart", fields: ["a", "b"] }],
  [{ anyOf: [{ required: ["a"] }, { required: ["b"] }] }, { kind: "some", fields: ["a", "b"] }],
  [{ not: { required: ["a", "b"] } }, { kind: "apart", fields: ["a", "b"] }],
  [{ allOf: [{ $ref: "#/components/schemas/Apart" }] }, { kind: "apart", fields: ["a", "b"] }],
])("a rule is read: %j", (rules, rule) => {
  expect(rulesOf(rules)).toEqual([rule]);
});

it("one of several, and no two of them", () => {
  expect(rulesOf({ oneOf: [{ required: ["a"] }, { required: ["b"] }, { required: ["c"] }] })).toEqual([
    { kind: "some", fields: ["a", "b", "c"] },
    { kind: "apart", fields: ["a", "b"] },
    { kind: "apart", fields: ["a", "c"] },
    { kind: "apart", fields: ["b", "c"] },
  ]);
});

it("what is said twice is one rule", () => {
  const without = (name: string) => ({ properties: { [name]: false } });
  expect(rulesOf({ dependentSchemas: { a: without("b"), b: without("a") } })).toHaveLength(1);
});

it.each([
  ["the condition is about a value", when({ properties: { a: { const: "x" } } }, { required: ["b"] })],
  ["the condition has a further one", when({ required: ["a"], minProperties: 2 }, { required: ["b"] })],
  ["the condition is about two fields", when({ required: ["a", "b"] }, { required: ["c"] })],
  [
    "a branch says more",
    { anyOf: [{ required: ["a"] }, { required: ["b"], properties: { b: { minLength: 1 } } }] },
  ],
  ["a field is not known", { dependentRequired: { a: ["d"] } }],
  ["there is no consequence", { if: { required: ["a"] } }],
])("no type says it when %s", (_, rules) => {
  expect(rulesOf(rules)).toEqual([]);
});

it("a field that is always sent is no part of a rule", () => {
  expect(rulesOf({ dependentRequired: { a: ["b"] } }, ["b"])).toEqual([]);
});
