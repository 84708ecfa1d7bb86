import { docs, mediaTypeText, only, text } from "./schema-parts.js";

/** Keys that only describe something to people. */
const described = {
  summary: text(),
  description: text(),
  externalDocs: true,
  deprecated: { type: "boolean" },
};

/** How a flow asks for a token. */
const tokenRequest = {
  scopes: { type: "object", additionalProperties: { type: "string" } },
  "x-client-in": { enum: ["body", "basic", "query"] },
  "x-token-fields": { type: "object", additionalProperties: text() },
};

/** The shape of openapi.yaml: the objects of OpenAPI 3.1 with the keys that are compiled, and those that only describe. A key that is not here is refused. */
export const openapiSchema = {
  type: "object",
  required: ["openapi", "info", "servers", "paths"],
  ...only({
    openapi: { type: "string", pattern: "^3\\.1\\.\\d+$" },
    info: {
      type: "object",
      required: ["title", "version"],
      ...only({
        title: text(),
        version: text(),
        summary: text(),
        description: text(),
        termsOfService: text(),
        contact: true,
        license: true,
      }),
    },
    servers: { type: "array", minItems: 1, items: { $ref: "#/$defs/server" } },
    security: { $ref: "#/$defs/security" },
    tags: true,
    externalDocs: true,
    paths: {
      type: "object",
      propertyNames: { pattern: "^/" },
      additionalProperties: {
        type: "object",
        ...only({
          summary: text(),
          description: text(),
          parameters: { $ref: "#/$defs/parameters" },
          ...Object.fromEntries(
            ["get", "put", "post", "delete", "patch", "head", "options"].map((method) => [
              method,
              { $ref: "#/$defs/operation" },
            ]),
          ),
        }),
      },
    },
    components: {
      type: "object",
      ...only({
        securitySchemes: { type: "object", additionalProperties: { $ref: "#/$defs/scheme" } },
        schemas: { type: "object", additionalProperties: { type: "object" } },
        responses: { type: "object", additionalProperties: { $ref: "#/$defs/response" } },
        requestBodies: { type: "object", additionalProperties: { $ref: "#/$defs/requestBody" } },
        parameters: { type: "object", additionalProperties: { $ref: "#/$defs/parameter" } },
        headers: { type: "object", additionalProperties: { $ref: "#/$defs/header" } },
        examples: { type: "object", additionalProperties: { $ref: "#/$defs/example" } },
      }),
    },
    "x-max-concurrent": { type: "integer", minimum: 1 },
    "x-max-open-jobs": { type: "integer", minimum: 1 },
    "x-ratelimit-policy": text(),
    "x-openapi": docs(),
    "x-differs": { type: "object", minProperties: 1, additionalProperties: text() },
    "x-errors": {
      type: "object",
      ...only({
        when: text(),
        renew: text(),
        message: { type: "array", items: text() },
        requestId: { type: "array", items: text() },
      }),
    },
  }),
  $defs: {
    server: {
      type: "object",
      required: ["url"],
      ...only({
        url: { type: "string", pattern: "^https?://" },
        description: text(),
        variables: { type: "object", additionalProperties: { $ref: "#/$defs/variable" } },
        "x-auth": { type: "array", items: text() },
      }),
    },
    variable: {
      type: "object",
      ...only({
        default: { type: "string" },
        description: text(),
        enum: { type: "array", minItems: 1, items: text() },
        "x-required": { type: "boolean" },
        "x-account": { type: "boolean" },
      }),
    },
    security: { type: "array", items: { type: "object", additionalProperties: { type: "array" } } },
    scheme: {
      type: "object",
      required: ["type"],
      ...only({
        type: text(),
        scheme: text(),
        bearerFormat: text(),
        in: text(),
        name: text(),
        description: text(),
        "x-account": { type: "boolean" },
        "x-token-header": { type: "string", pattern: "^[\\w-]+$" },
        flows: {
          type: "object",
          ...only({
            clientCredentials: {
              type: "object",
              required: ["tokenUrl", "scopes"],
              ...only({ tokenUrl: { $ref: "#/$defs/tokenUrl" }, ...tokenRequest }),
            },
            authorizationCode: {
              type: "object",
              required: ["authorizationUrl", "tokenUrl", "scopes"],
              ...only({
                authorizationUrl: text(),
                tokenUrl: text(),
                refreshUrl: { $ref: "#/$defs/tokenUrl" },
                ...tokenRequest,
              }),
            },
          }),
        },
      }),
    },
    tokenUrl: { type: "string", pattern: "^(https://[^/?#]+)?/[^?#]*$" },
    parameters: { type: "array", items: { $ref: "#/$defs/parameter" } },
    parameter: {
      type: "object",
      ...only({
        $ref: text(),
        name: text(),
        in: text(),
        required: { type: "boolean" },
        schema: { type: "object" },
        style: text(),
        explode: { type: "boolean" },
        example: true,
        examples: { type: "object" },
        ...described,
      }),
    },
    header: {
      type: "object",
      ...only({
        $ref: text(),
        required: { type: "boolean" },
        schema: { type: "object" },
        example: true,
        ...described,
      }),
    },
    operation: {
      type: "object",
      required: ["responses"],
      ...only({
        ...described,
        tags: true,
        operationId: text(),
        parameters: { $ref: "#/$defs/parameters" },
        requestBody: { $ref: "#/$defs/requestBody" },
        responses: { type: "object", additionalProperties: { $ref: "#/$defs/response" } },
        security: { $ref: "#/$defs/security" },
        "x-docs": docs(),
        "x-ratelimit-policy": text(),
      }),
    },
    requestBody: {
      type: "object",
      ...only({
        $ref: text(),
        description: text(),
        required: { type: "boolean" },
        content: { $ref: "#/$defs/content" },
      }),
    },
    response: {
      type: "object",
      ...only({
        $ref: text(),
        description: text(),
        headers: { type: "object", additionalProperties: { $ref: "#/$defs/header" } },
        content: { $ref: "#/$defs/content" },
      }),
    },
    content: {
      type: "object",
      additionalProperties: {
        type: "object",
        ...only({
          schema: { type: "object" },
          example: true,
          examples: { type: "object", additionalProperties: { $ref: "#/$defs/example" } },
          encoding: { type: "object", additionalProperties: { $ref: "#/$defs/encoding" } },
          "x-compressed-media-type": mediaTypeText(),
          "x-file-signature": { type: "string", pattern: "^[\\u0000-\\u00ff]{1,16}$" },
        }),
      },
    },
    encoding: {
      type: "object",
      ...only({ style: { enum: ["form", "deepObject"] }, explode: { const: true } }),
    },
    example: { type: "object", ...only({ $ref: text(), summary: text(), description: text(), value: true }) },
  },
};
