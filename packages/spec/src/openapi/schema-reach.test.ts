import { expect, test } from "vitest";
import type { OpenApi, Schema } from "./openapi.js";
import { reach } from "./schema-reach.js";

const text: Schema = { type: "string" };
const job: Schema = { type: "object", properties: { id: text } };
const document = {
  openapi: "3.1.0",
  info: { title: "Acme", version: "1" },
  servers: [],
  paths: {},
  components: { schemas: { Job: job } },
} satisfies OpenApi;

const reaches = (schema: Schema, ...pointer: string[]): boolean =>
  reach(document, schema, pointer) !== undefined;

test("properties, items and references are followed", () => {
  expect(reaches(job, "id")).toBe(true);
  expect(reaches(job, "name")).toBe(false);
  expect(reaches({ type: "array", items: { $ref: "#/components/schemas/Job" } }, "0", "id")).toBe(true);
  expect(reaches({ type: "array", items: job }, "first", "id")).toBe(false);
});

test("allOf adds properties; every branch of anyOf and oneOf needs them, but null", () => {
  expect(reaches({ allOf: [{ properties: { name: text } }, job] }, "id")).toBe(true);
  expect(reaches({ oneOf: [job, { type: "null" }] }, "id")).toBe(true);
  expect(reaches({ anyOf: [job, text] }, "id")).toBe(false);
  expect(reaches({ oneOf: [job, { type: "object", properties: {} }] }, "id")).toBe(false);
});

test("a value that may be no object has no properties; null does no harm", () => {
  expect(reaches({ ...job, type: ["object", "null"] }, "id")).toBe(true);
  expect(reaches({ ...job, type: ["object", "string"] }, "id")).toBe(false);
});

test("an open object has only its named properties, a map has any", () => {
  expect(reaches({ ...job, additionalProperties: true }, "name")).toBe(false);
  expect(reaches({ type: "object", additionalProperties: text }, "name")).toBe(true);
  expect(reaches({}, "id")).toBe(false);
});

test("indexes of lists are told from names", () => {
  const schema: Schema = {
    type: "object",
    properties: { items: { type: "array", items: { properties: { "0": text } } } },
  };
  expect(reach(document, schema, ["items", "0", "0"])?.indexes).toEqual([false, true, false]);
});

test("a schema that refers to itself comes to an end", () => {
  const node: Schema = { type: "object", properties: { next: { $ref: "#/components/schemas/Node" } } };
  const recursive = {
    ...document,
    components: { schemas: { Node: node, Loop: { allOf: [{ $ref: "#/components/schemas/Loop" }] } } },
  };
  expect(reach(recursive, node, ["next", "next", "next"])).toBeDefined();
  expect(reach(recursive, { $ref: "#/components/schemas/Loop" }, ["id"])).toBeUndefined();
});
