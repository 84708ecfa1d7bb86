/** Only the named keys, and extensions. */
const closed = { additionalProperties: false, patternProperties: { "^x-": true } };

/** The shape of exports.arazzo.yaml: Arazzo 1.0.1, as far as the profile goes. */
export const arazzoSchema = {
  type: "object",
  required: ["arazzo", "info", "sourceDescriptions", "workflows"],
  properties: {
    arazzo: { const: "1.0.1" },
    info: {
      type: "object",
      required: ["title", "version"],
      properties: { title: text(), summary: text(), description: text(), version: text() },
      ...closed,
    },
    sourceDescriptions: {
      type: "array",
      items: {
        type: "object",
        required: ["name", "url"],
        properties: { name: text(), url: text(), type: text() },
        ...closed,
      },
    },
    workflows: { type: "array", minItems: 1, items: { $ref: "#/$defs/workflow" } },
  },
  ...closed,
  $defs: {
    workflow: {
      type: "object",
      required: ["workflowId", "summary", "inputs", "steps"],
      properties: {
        workflowId: text(),
        summary: text(),
        description: text(),
        inputs: {
          type: "object",
          required: ["type", "properties"],
          properties: {
            type: { const: "object" },
            properties: { type: "object" },
            examples: { type: "array", items: { type: "object" } },
          },
        },
        parameters: { $ref: "#/$defs/parameters" },
        "x-security": { type: "array", minItems: 1, maxItems: 1, items: { $ref: "#/$defs/basic" } },
        steps: { type: "array", minItems: 1, items: { $ref: "#/$defs/step" } },
        "x-docs": docs(),
        "x-cancel": {
          type: "object",
          required: ["operationId"],
          properties: { operationId: text(), parameters: { $ref: "#/$defs/parameters" } },
          additionalProperties: false,
        },
      },
      ...closed,
    },
    step: {
      type: "object",
      required: ["stepId", "operationId", "successCriteria"],
      properties: {
        stepId: { type: "string", pattern: "^[A-Za-z0-9_-]+$" },
        description: text(),
        operationId: text(),
        parameters: { $ref: "#/$defs/parameters" },
        requestBody: {
          type: "object",
          properties: { contentType: text(), payload: { type: "object" } },
          ...closed,
        },
        successCriteria: { $ref: "#/$defs/criteria" },
        onFailure: { type: "array", items: { $ref: "#/$defs/action" } },
        outputs: { type: "object", additionalProperties: text() },
        "x-create": {
          type: ["string", "object"],
          if: { type: "string" },
          // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON schema
          then: { const: "none" },
          else: {
            required: ["unique", "match"],
            properties: { unique: text(), match: text() },
            additionalProperties: false,
          },
        },
      },
      ...closed,
    },
    basic: {
      type: "object",
      required: ["scheme", "values"],
      properties: {
        scheme: {
          type: "object",
          required: ["type", "scheme"],
          properties: { type: { const: "http" }, scheme: { const: "basic" } },
          additionalProperties: false,
        },
        values: {
          type: "object",
          required: ["username", "password"],
          properties: { username: { const: "$inputs.username" }, password: { const: "$inputs.password" } },
          additionalProperties: false,
        },
      },
      additionalProperties: false,
    },
    parameters: {
      type: "array",
      items: {
        type: "object",
        required: ["name", "in", "value"],
        properties: { name: text(), in: { enum: ["path", "query", "header"] }, value: true },
        ...closed,
      },
    },
    action: {
      type: "object",
      required: ["name", "type"],
      properties: {
        name: text(),
        type: { enum: ["retry", "end"] },
        retryAfter: { type: "number", minimum: 0 },
        retryLimit: { type: "integer", minimum: 0 },
        criteria: { $ref: "#/$defs/criteria" },
      },
      ...closed,
    },
    criteria: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["condition"],
        properties: { condition: text(), context: text(), type: { enum: ["simple", "regex"] } },
        ...closed,
      },
    },
  },
};

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
              examples: { type: "object", additionalProperties: { type: "object" } },
            },
          },
        },
      },
    },
  },
};

function text(): object {
  return { type: "string", minLength: 1 };
}

function docs(): object {
  return {
    type: "array",
    minItems: 1,
    items: {
      type: "object",
      required: ["url", "read"],
      properties: {
        url: { type: "string", pattern: "^https?://" },
        read: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\d$" },
      },
      additionalProperties: false,
    },
  };
}
