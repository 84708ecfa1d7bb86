import { closed, docs, text } from "./schema-parts.js";

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
