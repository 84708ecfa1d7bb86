import { docs, mediaTypeText, only, text } from "./schema-parts.js";

/** The shape of exports.arazzo.yaml: Arazzo 1.0.1, as far as the profile goes. */
export const arazzoSchema = {
  type: "object",
  required: ["arazzo", "info", "sourceDescriptions", "workflows"],
  properties: {
    arazzo: { const: "1.0.1" },
    info: {
      type: "object",
      required: ["title", "version"],
      ...only({ title: text(), summary: text(), description: text(), version: text() }),
    },
    sourceDescriptions: {
      type: "array",
      items: {
        type: "object",
        required: ["name", "url"],
        ...only({ name: text(), url: text(), type: text() }),
      },
    },
    workflows: { type: "array", minItems: 1, items: { $ref: "#/$defs/workflow" } },
  },
  additionalProperties: false,
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
          ...only({
            type: { const: "object" },
            title: text(),
            description: text(),
            required: { type: "array", items: text() },
            properties: { type: "object" },
            additionalProperties: { type: "boolean" },
            examples: { type: "array", items: { type: "object" } },
          }),
        },
        parameters: { $ref: "#/$defs/parameters" },
        "x-security": { type: "array", minItems: 1, maxItems: 1, items: { $ref: "#/$defs/basic" } },
        steps: { type: "array", minItems: 1, items: { $ref: "#/$defs/step" } },
        "x-docs": docs(),
        "x-cancel": {
          type: "object",
          required: ["operationId"],
          properties: {
            operationId: text(),
            parameters: { $ref: "#/$defs/parameters" },
            requestBody: { $ref: "#/$defs/requestBody" },
          },
          additionalProperties: false,
        },
      },
      additionalProperties: false,
    },
    step: {
      type: "object",
      required: ["stepId", "successCriteria"],
      if: { not: { required: ["x-operation"] } },
      // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON schema
      then: { required: ["operationId"] },
      properties: {
        stepId: { type: "string", pattern: "^[A-Za-z0-9_-]+$" },
        description: text(),
        operationId: text(),
        "x-operation": {
          type: "object",
          required: ["method", "url"],
          ...only({ method: { const: "get" }, url: text() }),
        },
        parameters: { $ref: "#/$defs/parameters" },
        requestBody: { $ref: "#/$defs/requestBody" },
        successCriteria: { $ref: "#/$defs/criteria" },
        onFailure: { type: "array", items: { $ref: "#/$defs/action" } },
        outputs: { type: "object", additionalProperties: text() },
        "x-compressed-media-type": mediaTypeText(),
        "x-trusted-origin": text(),
        "x-file-url": { type: "string", pattern: "^(/[^/]*)+$" },
        "x-next-page": {
          type: "object",
          required: ["name", "in", "value"],
          ...only({
            name: text(),
            in: { const: "query" },
            value: text(),
            criteria: { $ref: "#/$defs/criteria" },
          }),
        },
        "x-part-number": {
          type: "object",
          required: ["name", "in", "count"],
          ...only({ name: text(), in: { enum: ["query", "path"] }, count: text() }),
        },
        "x-security": { type: "array", minItems: 1, maxItems: 1, items: { $ref: "#/$defs/basic" } },
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
      additionalProperties: false,
    },
    requestBody: {
      type: "object",
      ...only({ contentType: text(), payload: { type: "object" } }),
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
        ...only({ name: text(), in: { enum: ["path", "query", "header"] }, value: true }),
      },
    },
    action: {
      type: "object",
      required: ["name", "type"],
      properties: {
        name: text(),
        type: { enum: ["retry", "end", "goto"] },
        stepId: text(),
        retryAfter: { type: "number", minimum: 0 },
        retryLimit: { type: "integer", minimum: 0 },
        criteria: { $ref: "#/$defs/criteria" },
      },
      additionalProperties: false,
    },
    criteria: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["condition"],
        ...only({ condition: text(), context: text(), type: { enum: ["simple", "regex"] } }),
      },
    },
  },
};
