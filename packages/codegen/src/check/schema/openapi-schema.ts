import { docs, text } from "./schema-parts.js";

/** The shape of openapi.yaml, as far as the generator reads it. Redocly's lint knows the rest of OpenAPI. */
export const openapiSchema = {
  type: "object",
  required: ["openapi", "info", "servers", "paths"],
  properties: {
    openapi: { type: "string", pattern: "^3\\.1\\.\\d+$" },
    info: {
      type: "object",
      required: ["title", "version"],
      properties: { title: text(), version: text(), description: text() },
    },
    servers: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["url"],
        properties: {
          url: { type: "string", pattern: "^https?://" },
          variables: {
            type: "object",
            additionalProperties: { $ref: "#/$defs/variable" },
          },
          "x-auth": { type: "array", items: text() },
        },
      },
    },
    security: { type: "array", items: { type: "object", additionalProperties: { type: "array" } } },
    paths: {
      type: "object",
      propertyNames: { pattern: "^/" },
      additionalProperties: {
        type: "object",
        properties: {
          parameters: { $ref: "#/$defs/parameters" },
          ...Object.fromEntries(
            ["get", "put", "post", "delete", "patch", "head", "options"].map((method) => [
              method,
              { $ref: "#/$defs/operation" },
            ]),
          ),
        },
      },
    },
    components: {
      type: "object",
      properties: {
        securitySchemes: { type: "object", additionalProperties: { $ref: "#/$defs/scheme" } },
        schemas: { type: "object", additionalProperties: { type: "object" } },
        responses: { type: "object", additionalProperties: { $ref: "#/$defs/body" } },
        examples: { type: "object", additionalProperties: { type: "object" } },
      },
    },
    "x-max-concurrent": { type: "integer", minimum: 1 },
    "x-ratelimit-policy": text(),
    "x-errors": {
      type: "object",
      properties: {
        when: text(),
        message: { type: "array", items: text() },
        requestId: { type: "array", items: text() },
      },
      additionalProperties: false,
    },
  },
  $defs: {
    variable: {
      type: "object",
      properties: {
        default: { type: "string" },
        description: text(),
        enum: { type: "array", minItems: 1, items: text() },
        "x-required": { type: "boolean" },
        "x-account": { type: "boolean" },
      },
    },
    scheme: {
      type: "object",
      required: ["type"],
      properties: {
        type: text(),
        scheme: text(),
        in: text(),
        name: text(),
        description: text(),
        "x-account": { type: "boolean" },
      },
    },
    parameters: { type: "array", items: { type: "object" } },
    operation: {
      type: "object",
      required: ["responses"],
      properties: {
        operationId: text(),
        summary: text(),
        description: text(),
        parameters: { $ref: "#/$defs/parameters" },
        requestBody: { $ref: "#/$defs/body" },
        responses: { type: "object", additionalProperties: { $ref: "#/$defs/body" } },
        "x-docs": docs(),
      },
    },
    body: {
      type: "object",
      properties: {
        content: {
          type: "object",
          additionalProperties: {
            type: "object",
            properties: {
              schema: { type: "object" },
              "x-file-signature": { type: "string", pattern: "^[\\u0000-\\u00ff]{1,16}$" },
              examples: { type: "object", additionalProperties: { type: "object" } },
            },
          },
        },
      },
    },
  },
};
