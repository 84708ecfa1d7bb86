import type { OpenApi, Schema } from "@outhaul/spec";
import { expect, test } from "vitest";
import { types } from "./types.js";

/** The types of a document whose one operation takes and answers these schemas. */
async function typesOf(answered: Schema, asked: Schema = {}): Promise<string> {
  const document: OpenApi = {
    openapi: "3.1.0",
    info: { title: "Acme", version: "1" },
    servers: [{ url: "https://acme.example" }],
    paths: {
      "/jobs": {
        post: {
          operationId: "start",
          requestBody: { required: true, content: { "application/json": { schema: asked } } },
          responses: { 200: { description: "ok", content: { "application/json": { schema: answered } } } },
        },
      },
    },
  };
  return (await types(document)).replace(/\s+/g, " ");
}

test("an open enum is a text whose comment tells the known words", async () => {
  const word: Schema = {
    type: "string",
    description: "How it is.",
    "x-extensible-enum": ["ready", "failed"],
  };
  expect(await typesOf({ type: "object", properties: { word } })).toContain(
    "/** @description How it is. Known words: `ready`, `failed`; others may come. */ word?: string;",
  );
});

test("an open enum may be of numbers, texts and null", async () => {
  const code: Schema = { type: ["integer", "string", "null"], "x-extensible-enum": [1, "1"] };
  expect(await typesOf({ type: "object", properties: { code } })).toContain("code?: number | string | null;");
});

test("the objects of a reply are closed, so that a misspelt property is an error", async () => {
  const reply: Schema = {
    type: "object",
    additionalProperties: true,
    properties: { id: { type: "string" } },
  };
  expect(await typesOf(reply)).toContain('"application/json": { id?: string; }; }; }; };');
});

test("a request that takes any field, and a reply that has no named ones, stay open", async () => {
  const open: Schema = { type: "object", additionalProperties: true, properties: { id: { type: "string" } } };
  expect(await typesOf({ type: "object", additionalProperties: true }, open)).toContain(
    "[key: string]: unknown;",
  );
  expect(await typesOf({ type: "object", additionalProperties: true })).toContain("[key: string]: unknown;");
});

test("a field with a default may be left out of a request, and a body without a schema is unknown", async () => {
  const field = { type: "string", default: "a" };
  expect(await typesOf({}, { type: "object", properties: { field } })).toContain("field?: string;");
  expect(await typesOf({})).toContain('"application/json": unknown;');
});
