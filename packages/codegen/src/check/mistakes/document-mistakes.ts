import type { Mistakes } from "./mistake.js";

/** Mistakes in the files and in openapi.yaml. */
export const documentMistakes: Mistakes = {
  "yaml-syntax": [
    {
      file: "openapi",
      from: "  title: Acme",
      to: "  title: Acme\n  title: Acme",
      at: "  title: Acme\n  v",
      message: "Map keys must be unique",
    },
    {
      file: "arazzo",
      from: "summary: Export orders",
      to: "summary: [Export orders",
      at: "description: The",
      message: "Flow sequence in block collection must be sufficiently indented and end with a ]",
    },
  ],
  "openapi-shape": [
    {
      file: "openapi",
      from: "security:\n",
      to: "x-max-open-jobs: 0\nsecurity:\n",
      at: "x-max-open-jobs",
      message: "x-max-open-jobs must be >= 1",
    },
    {
      file: "openapi",
      from: "security:\n",
      to: "x-openapi: https://acme.example/openapi.json\nsecurity:\n",
      at: "x-openapi",
      message: "x-openapi must be array",
    },
    {
      file: "openapi",
      from: "openapi: 3.1.0",
      to: "openapi: 3.0.0",
      at: "openapi: 3.0.0",
      message: 'openapi must match pattern "^3\\.1\\.\\d+$"',
    },
    {
      file: "openapi",
      from: "x-errors:\n",
      to: "x-errors:\n  text: a\n",
      at: "  text: a",
      message: 'x-errors has the key "text", which is not known here',
    },
    {
      file: "openapi",
      from: "type: array, items: { type: string }",
      to: "type: list, items: { type: string }",
      at: "columns:",
      message:
        'no JSON schema: columns.type must be one of ["array","boolean","integer","null","number","object","string"]',
    },
  ],
  "differs-place": [
    {
      file: "openapi",
      from: "security:\n",
      to: "x-differs:\n  listExports: It is not public.\nsecurity:\n",
      at: "x-differs:",
      message: "x-differs settles differences, and there is no document to differ from",
    },
    {
      file: "openapi",
      from: "security:\n",
      to: "x-openapi: [{ url: https://acme.example/openapi.json, read: 2026-11-22 }]\nx-differs:\n  start request: It is not public.\nsecurity:\n",
      at: "start request",
      message: 'there is no operation "start"',
    },
  ],
  "arazzo-shape": [
    {
      file: "arazzo",
      from: "        operationId: listExports\n",
      to: "",
      at: "- stepId: poll",
      message: 'workflows.0.steps.1 lacks "operationId"',
    },
    {
      file: "arazzo",
      from: "operationId: listExports\n",
      to: "x-operation: { method: post, url: $steps.start.outputs.fileUrl }\n",
      at: "x-operation",
      message: 'x-operation.method must be "get"',
    },
    {
      file: "arazzo",
      from: "arazzo: 1.0.1",
      to: "arazzo: 1.1.0",
      at: "arazzo: 1.1.0",
      message: 'arazzo must be "1.0.1"',
    },
    {
      file: "arazzo",
      from: "        x-create: {",
      to: "        onSuccess: []\n        x-create: {",
      at: "onSuccess",
      message: 'workflows.0.steps.0 has the key "onSuccess", which is not known here',
    },
    {
      file: "arazzo",
      from: "    summary: Export orders\n",
      to: "",
      at: "  - workflowId",
      message: 'workflows.0 lacks "summary"',
    },
    {
      file: "arazzo",
      from: "{ name: failed, type: end,",
      to: "{ name: failed, type: stop,",
      at: "type: stop",
      message: 'onFailure.2.type must be one of ["retry","end","goto"]',
    },
  ],
  "ref-unknown": [
    {
      file: "openapi",
      from: "items: { $ref: '#/components/schemas/Export' }",
      to: "items: { $ref: '#/components/schemas/Exports' }",
      at: "schemas/Exports'",
      message: "#/components/schemas/Exports leads nowhere",
    },
    {
      file: "openapi",
      from: "items: { $ref: '#/components/schemas/Export' }",
      to: "items: { $ref: './other.yaml' }",
      at: "other.yaml",
      message: "./other.yaml leaves the document",
    },
  ],
  "operation-id": [
    {
      file: "openapi",
      from: "      operationId: downloadExport\n",
      to: "      operationId: listExports\n",
      at: "operationId: listExports\n      summary: Download",
      message: '"listExports" is the name of another operation too',
    },
  ],
  "operation-summary": [
    {
      file: "openapi",
      from: "      summary: Download the file\n",
      to: "",
      at: "get:\n      operationId: downloadExport",
      message: "GET /exports/{id}/file has no summary",
    },
  ],
  "docs-missing": [
    {
      file: "openapi",
      from: /\n.*docs\/file.*/,
      to: "",
      at: "get:\n      operationId: downloadExport",
      message: "GET /exports/{id}/file has no x-docs",
    },
    {
      file: "arazzo",
      from: /\n.*x-docs.*/,
      to: "",
      at: "  - workflowId",
      message: "exportOrders has no x-docs",
    },
  ],
  "parameter-place": [
    {
      file: "openapi",
      from: "{ name: dry-run, in: query,",
      to: "{ name: dry-run,",
      at: "name: dry-run",
      message: "the parameter dry-run does not say where it goes",
    },
    {
      file: "openapi",
      from: "{ name: dry-run, in: query,",
      to: "{ name: dry-run, in: cookie,",
      at: "in: cookie",
      message: "the parameter dry-run is in: cookie",
    },
  ],
  "path-parameter": [
    {
      file: "openapi",
      from: "name: id, in: path, required: true",
      to: "name: id, in: path",
      at: "name: id, in: path",
      message: "the path parameter id is not required",
    },
    {
      file: "openapi",
      from: "/exports/{id}/file",
      to: "/exports/{id}/{part}",
      at: "name: id, in: path",
      message: "{part} of /exports/{id}/{part} is not among the parameters",
    },
  ],
  "reply-code": [
    {
      file: "openapi",
      from: "        '202':",
      to: "        4XX: { $ref: '#/components/responses/Error' }\n        '202':",
      at: "4XX",
      message: "4XX is no exact code",
    },
  ],
  "reply-missing": [
    {
      file: "openapi",
      from: "        '500': { $ref: '#/components/responses/Error' }\n  /exports:",
      to: "  /exports:",
      at: "      responses:",
      message: "POST /shops/{shop}/exports does not document 500",
    },
    {
      file: "openapi",
      from: "        '200': { description: The file.,",
      to: "        '404': { description: The file.,",
      at: "      responses:\n        '404'",
      message: "GET /exports/{id}/file documents no success",
    },
  ],
  "reply-enum": [
    {
      file: "openapi",
      from: "x-extensible-enum: [waiting",
      to: "enum: [waiting",
      at: "enum: [waiting",
      message: "an enum in a reply promises that no other word comes",
    },
  ],
  "binary-format": [
    {
      file: "openapi",
      from: "text/csv: { schema: {} }",
      to: "text/csv: { schema: { type: string, format: binary } }",
      at: "format: binary",
      message: "format: binary makes a text of a file",
    },
  ],
  "example-missing": [
    {
      file: "openapi",
      from: /\n.*accepted: \{ value.*/,
      to: "",
      at: "application/json:\n              schema: { type: object, additionalProperties: true, properties: { ticket",
      message: "the 202 reply has no examples",
    },
    {
      file: "openapi",
      from: /\n.*status: failed, reason.*/,
      to: "",
      in: "arazzo",
      at: "name: failed",
      message: "no reply of listExports in openapi.yaml is an example of failed",
    },
    {
      file: "openapi",
      from: /\n.*status: ready.*/,
      to: "",
      in: "arazzo",
      at: "successCriteria:\n          - condition: $response.body#/items",
      message: "no reply of listExports in openapi.yaml is an example of succeeded",
    },
  ],
  "example-invalid": [
    {
      file: "openapi",
      from: "rows: { done: 5,",
      to: "rows: { done: five,",
      at: "running: { value",
      message: 'the example "running": rows.done must be integer',
    },
  ],
};
