import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Diagnostic, sortDiagnostics } from "../diagnostics/diagnostic.js";
import { type Rule, rules } from "../diagnostics/rules.js";
import { parseSource } from "../load/source.js";
import { check } from "./check.js";

const specs = new URL("../testing/fixtures/specs/", import.meta.url);

type File = "openapi" | "arazzo";

/** The rules that are broken along with another one. */
const followers: Partial<Record<Rule, Rule[]>> = { "operation-id": ["operation-unknown"] };

/** One way to break a rule: what is replaced in which file, and a text in the line that the diagnostic names. */
interface Mistake {
  readonly vendor?: "acme" | "globex";
  readonly file: File;
  readonly from: string | RegExp;
  readonly to: string;
  /** The line is that of this text in the changed file. */
  readonly at: string;
  /** Where the diagnostic is in the other file. */
  readonly in?: File;
  readonly message: string;
}

function textOf(vendor: string, file: File): string {
  return readFileSync(
    new URL(`${vendor}/${file === "openapi" ? "openapi" : "exports.arazzo"}.yaml`, specs),
    "utf8",
  );
}

function diagnose({ vendor = "acme", file, from, to }: Mistake): {
  diagnostics: Diagnostic[];
  texts: Record<File, string>;
} {
  const texts = { openapi: textOf(vendor, "openapi"), arazzo: textOf(vendor, "arazzo") };
  const changed = texts[file].replace(from, to);
  expect(changed, "the fixture has what is to be replaced").not.toBe(texts[file]);
  texts[file] = changed;
  const openapi = parseSource("openapi.yaml", texts.openapi);
  const arazzo = parseSource("exports.arazzo.yaml", texts.arazzo);
  const found = [...openapi.diagnostics, ...arazzo.diagnostics];
  if (found.length === 0) found.push(...check({ vendor, openapi: openapi.source, arazzo: arazzo.source }));
  return { diagnostics: sortDiagnostics(found), texts };
}

const READY = "- condition: $response.body#/items/0/status == 'ready'";

const mistakes: Partial<Record<Rule, readonly Mistake[]>> = {
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
  "arazzo-shape": [
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
      to: "{ name: failed, type: goto,",
      at: "type: goto",
      message: 'onFailure.2.type must be one of ["retry","end"]',
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
  "security-scheme": [
    {
      file: "openapi",
      from: "{ type: http, scheme: bearer,",
      to: "{ type: http, scheme: digest,",
      at: "scheme: digest",
      message: "token is of a kind that the client cannot send",
    },
    {
      file: "openapi",
      from: ", description: A token from your profile.",
      to: "",
      at: "scheme: bearer",
      message: "token has no description",
    },
  ],
  "security-missing": [
    {
      file: "openapi",
      from: "security:\n  - token: []",
      to: "security:\n  - token: []\n  - key: []",
      at: "- key: []",
      message: "there is no security scheme key",
    },
    {
      vendor: "globex",
      file: "openapi",
      from: "x-auth: [apiKey]",
      to: "x-auth: [key]",
      at: "x-auth: [key]",
      message: "there is no security scheme key",
    },
  ],
  "server-variable": [
    {
      file: "openapi",
      from: ", description: Where your account lives.",
      to: "",
      at: "region: {",
      message: "region has no description",
    },
    {
      file: "openapi",
      from: "https://{region}.acme",
      to: "https://{region}.{zone}.acme",
      at: "url: https",
      message: "{zone} is not among the variables",
    },
    {
      file: "openapi",
      from: "region: { default: eu, ",
      to: "region: { ",
      at: "region: {",
      message: "region has neither a default nor x-required",
    },
  ],
  "option-clash": [
    {
      file: "openapi",
      from: /region/g,
      to: "token",
      at: "token: { type: http",
      message: "token is a server variable too",
      in: "openapi",
    },
  ],
  "rate-limit": [
    {
      file: "openapi",
      from: '"burst";q=5;w=1',
      to: "5 a second",
      at: "x-ratelimit-policy",
      message: "cannot read 5 a second",
    },
  ],
  "error-expression": [
    {
      file: "openapi",
      from: "message: [$response.body#/message]",
      to: "message: [$response.body.message]",
      at: "message: [",
      message: "$response.body.message reads nothing of a reply",
    },
    {
      vendor: "globex",
      file: "openapi",
      from: "/error == true",
      to: "/error = true",
      at: "when:",
      message: "$response.body#/meta/error = true: cannot read = true",
    },
  ],
  "source-description": [
    {
      file: "arazzo",
      from: "url: ./openapi.yaml",
      to: "url: ../globex/openapi.yaml",
      at: "url: ..",
      message: "only the vendor's own openapi.yaml is a source",
    },
  ],
  "workflow-name": [
    {
      file: "arazzo",
      from: "workflowId: exportOrders",
      to: "workflowId: export-orders",
      at: "workflowId",
      message: '"export-orders" is not camelCase',
    },
    {
      file: "arazzo",
      from: "workflowId: exportOrders",
      to: "workflowId: resume",
      at: "workflowId",
      message: 'every client has "resume"',
    },
  ],
  "operation-unknown": [
    {
      file: "arazzo",
      from: "operationId: startOrderExport",
      to: "operationId: orderExport",
      at: "operationId: orderExport",
      message: 'openapi.yaml has no operation "orderExport"',
    },
    {
      vendor: "globex",
      file: "arazzo",
      from: "operationId: deleteReport",
      to: "operationId: dropReport",
      at: "dropReport",
      message: 'openapi.yaml has no operation "dropReport"',
    },
  ],
  "poll-missing": [
    {
      vendor: "globex",
      file: "arazzo",
      from: /onFailure:[\s\S]*?(?= {8}outputs: \{ progressDone)/,
      to: "onFailure: []\n",
      at: "steps:",
      message: "no step has a retry action",
    },
  ],
  "step-order": [
    {
      file: "arazzo",
      from: "      - stepId: download",
      to: "      - { stepId: look, operationId: listExports, successCriteria: [{ condition: $statusCode == 200 }] }\n      - stepId: download",
      at: "- stepId: poll",
      message: "the steps are not start, poll, download",
    },
  ],
  "start-method": [
    {
      file: "openapi",
      from: "    post:",
      to: "    get:",
      in: "arazzo",
      at: "operationId: startOrderExport",
      message: "startOrderExport is a GET, which starts nothing",
    },
  ],
  "action-name": [
    {
      file: "arazzo",
      from: "name: failed, type: end",
      to: "name: broken, type: end",
      at: "name: broken",
      message: "a end is not named broken",
    },
    {
      file: "arazzo",
      from: /(name: queued.*?), criteria: .*?\] \}/,
      to: "$1 }",
      at: "name: queued",
      message: "queued has no criteria",
    },
  ],
  "unknown-missing": [
    {
      file: "arazzo",
      from: /\n.*name: unknown.*/,
      to: "",
      at: "onFailure:",
      message: "a word that no action knows is not waited out",
    },
  ],
  "status-unreachable": [
    {
      file: "arazzo",
      from: "          - { name: unknown,",
      to: "          - { name: failed-again, type: end, criteria: [{ condition: $response.body#/items/0/status == 'failed' }] }\n          - { name: unknown,",
      at: "failed-again",
      message: "failed-again is never reached: failed matches before it",
    },
    {
      file: "arazzo",
      from: "#/items/0/status == 'failed' }",
      to: "#/items/0/status == 'failed' || $response.body#/items/0/status == 'working' }",
      at: "name: failed",
      message: "working never comes to failed: running matches it before",
    },
    {
      file: "arazzo",
      from: /( +- \{ name: failed, .*\n)( +- \{ name: unknown.*\n)/,
      to: "$2$1          - { name: unknown-last, type: retry }\n",
      at: "name: failed",
      message: "failed stands behind unknown, which takes every reply",
    },
  ],
  "word-unknown": [
    {
      file: "arazzo",
      from: "'waiting'",
      to: "'wating'",
      at: "'wating'",
      message: "$response.body#/items/0/status is never 'wating'",
    },
    {
      vendor: "globex",
      file: "arazzo",
      from: "percent <= 0",
      to: "percent == '0'",
      at: "name: queued",
      message: "$response.body#/percent is number, and so never '0'",
    },
  ],
  "word-unhandled": [
    {
      file: "openapi",
      from: "[waiting, working, ready, failed]",
      to: "[waiting, working, ready, failed, paused]",
      in: "arazzo",
      at: "successCriteria:\n          - condition: $response",
      message: "no action knows 'paused', which $response.body#/items/0/status can be",
    },
  ],
  "condition-syntax": [
    {
      file: "arazzo",
      from: READY,
      to: "- condition: $response.body.status == 'ready'",
      at: "$response.body.status",
      message:
        "$response.body.status == 'ready': $response.body.status is nothing that a condition can read; texts stand in 'single quotes'",
    },
    {
      file: "arazzo",
      from: "'^\\s*working\\s*$'",
      to: "'^(working'",
      at: "(working",
      message: "^(working: Invalid regular expression: /^(working/: Unterminated group",
    },
  ],
  "expression-syntax": [
    {
      file: "arazzo",
      from: "value: $steps.poll.outputs.exportId",
      to: "value: $steps.poll.exportId",
      at: "$steps.poll.exportId",
      message: "$steps.poll.exportId is no expression of the profile",
    },
    {
      file: "arazzo",
      from: "exportId: $response.body#/items/0/id",
      to: "exportId: items.0.id",
      at: "exportId: items",
      message: "items.0.id reads nothing of a reply",
    },
  ],
  "pointer-unknown": [
    {
      file: "arazzo",
      from: "exportId: $response.body#/items/0/id",
      to: "exportId: $response.body#/items/0/number",
      at: "exportId:",
      message: "$response.body#/items/0/number: the 200 reply of listExports has no such value",
    },
    {
      file: "arazzo",
      from: READY,
      to: "- condition: $response.body#/item/0/status == 'ready'",
      at: "successCriteria:\n          - condition: $response",
      message: "$response.body#/item/0/status: the 200 reply of listExports has no such value",
    },
    {
      file: "arazzo",
      from: "match: $response.body#/items/0/name",
      to: "match: $response.body#/name",
      at: "x-create",
      message: "$response.body#/name: the 200 reply of listExports has no such value",
    },
    {
      file: "openapi",
      from: "message: [$response.body#/message]",
      to: "message: [$response.body#/text]",
      at: "message: [$",
      message: "$response.body#/text: no reply has such a value",
    },
  ],
  "input-unknown": [
    {
      file: "arazzo",
      from: "        from: { type: string }\n",
      to: "",
      at: "from: $inputs.from",
      message: "inputs declares no from",
    },
  ],
  "output-unknown": [
    {
      file: "arazzo",
      from: "value: $steps.poll.outputs.exportId",
      to: "value: $steps.poll.outputs.number",
      at: "outputs.number",
      message: "poll has no output number",
    },
    {
      file: "arazzo",
      from: "value: $steps.poll.outputs.exportId",
      to: "value: $steps.ask.outputs.exportId",
      at: "steps.ask",
      message: "there is no step ask before",
    },
  ],
  "parameter-unknown": [
    {
      file: "arazzo",
      from: "{ name: name, in: query,",
      to: "{ name: title, in: query,",
      at: "name: title",
      message: "listExports has no parameter title in: query",
    },
  ],
  "parameter-missing": [
    {
      file: "arazzo",
      from: "        parameters:\n          - { name: id, in: path, value: $steps.poll.outputs.exportId }\n",
      to: "",
      at: "- stepId: download",
      message: "downloadExport needs id in: path",
    },
  ],
  "request-clash": [
    {
      file: "openapi",
      from: "{ name: dry-run, in: query,",
      to: "{ name: columns, in: query,",
      in: "arazzo",
      at: "operationId: startOrderExport",
      message: "startOrderExport has columns in two places",
    },
  ],
  "request-field": [
    {
      file: "arazzo",
      from: "from: $inputs.from",
      to: "from: $inputs.name",
      at: "from: $inputs.name",
      message: 'from is sent as "$inputs.name"',
    },
    {
      file: "arazzo",
      from: "kind: orders",
      to: "sort: orders\n            kind: orders",
      at: "sort: orders",
      message: "the body has no field sort",
    },
    {
      file: "arazzo",
      from: "        from: { type: string }",
      to: "        from: { type: string }\n        until: { type: string }",
      at: "until:",
      message: "until is neither a credential nor a field of startOrderExport",
    },
  ],
  "reference-clash": [
    {
      file: "arazzo",
      from: /exportId/g,
      to: "name",
      at: "value: $steps.poll.outputs.name",
      message: "$steps.poll.outputs.name and $inputs.name are both called name",
    },
  ],
  "credential-place": [
    {
      file: "arazzo",
      from: "{ name: authorization, in: header,",
      to: "{ name: x-token, in: header,",
      at: "x-token",
      message: "x-token is no credential of a security scheme",
    },
  ],
  "credential-in-job": [
    {
      file: "arazzo",
      from: "{ name: name, in: query, value: $inputs.name }",
      to: "{ name: name, in: query, value: $inputs.token }",
      at: "value: $inputs.token }",
      message: "token is a credential",
    },
  ],
  "create-safety": [
    {
      file: "arazzo",
      from: /\n.*x-create.*/,
      to: "\n        outputs: { id: $response.body#/ticket }",
      at: "- stepId: start",
      message: "the start does not say what to do when its reply is lost",
    },
    {
      file: "arazzo",
      from: "unique: name",
      to: "unique: title",
      at: "x-create",
      message: "startOrderExport has no field title",
    },
    {
      vendor: "globex",
      file: "arazzo",
      from: "x-create: none",
      to: "x-create: { unique: title, match: $response.body#/percent }",
      at: "x-create",
      message: "the poll needs an output of the start, which is lost when the job has to be found",
    },
  ],
  "job-id-missing": [
    {
      file: "arazzo",
      from: /x-create: .*/,
      to: "x-create: none",
      at: "- stepId: start",
      message: "nothing names the job",
    },
  ],
  "inputs-example": [
    { file: "arazzo", from: /\n {6}examples:\n.*/, to: "", at: "inputs:", message: "inputs has no examples" },
    {
      file: "arazzo",
      from: "from: 2026-11-01",
      to: "from: today",
      at: "- { shop:",
      message: 'the body that it makes: from must match format "date"',
    },
    {
      file: "arazzo",
      from: "{ shop: '12', ",
      to: "{ ",
      at: "- { name: Orders",
      message: "the example lacks shop, which startOrderExport needs",
    },
  ],
};

const table = Object.entries(mistakes).flatMap(
  ([rule, list]) => (list ?? []).map((mistake) => ({ rule: rule as Rule, mistake })), // the keys are rules
);

test.each(table)("$rule: $mistake.message", ({ rule, mistake }) => {
  const { diagnostics, texts } = diagnose(mistake);
  const file = mistake.in ?? mistake.file;
  const offset = texts[file].indexOf(mistake.at);
  expect(offset, "the line is there").toBeGreaterThan(-1);
  const line = texts[file].slice(0, offset + mistake.at.search(/\S/)).split("\n").length;
  const name = file === "openapi" ? "openapi.yaml" : "exports.arazzo.yaml";
  const found = diagnostics.map((one) => `${one.file}:${one.line} ${one.rule} ${one.message}`);
  expect(found).toContain(`${name}:${line} ${rule} ${mistake.message}`);
  expect(
    found.filter((one) => ![rule, ...(followers[rule] ?? [])].some((name) => one.includes(` ${name} `))),
  ).toEqual([]);
  expect(diagnostics.every(({ hint }) => hint.length > 0)).toBe(true);
});

test("every rule is broken above, or in load.test.ts", () => {
  const inLoad = ["file-missing", "vendor-name"];
  expect([...Object.keys(mistakes), ...inLoad].sort()).toEqual(Object.keys(rules).sort());
});

test.each([
  ["openapi", ["servers", 0, "variables", "region", "description"], 5],
  ["openapi", ["components", "schemas", "Export"], null],
  ["openapi", ["components", "securitySchemes", "token", "scheme"], 5],
  ["openapi", ["components", "responses", "Error"], { $ref: 5 }],
  ["openapi", ["components", "schemas", "Export", "properties", "id"], { enum: [] }],
  ["openapi", ["paths"], []],
  ["arazzo", ["workflows", 0, "steps"], {}],
  ["arazzo", ["workflows", 0, "steps", 1, "onFailure", 0], null],
  ["arazzo", ["workflows", 0, "inputs"], "x"],
  ["arazzo", [], undefined],
] as const)("a value of a wrong kind is told, not tripped over: %s %j = %j", (file, path, value) => {
  const sources = {
    openapi: parseSource("openapi.yaml", textOf("acme", "openapi")).source,
    arazzo: parseSource("exports.arazzo.yaml", textOf("acme", "arazzo")).source,
  };
  const spec = {
    vendor: "acme",
    ...sources,
    [file]: { ...sources[file], value: withValue(sources[file].value, path, value) },
  };
  expect(check(spec).length).toBeGreaterThan(0);
});

/** A copy in which something else stands at a path. */
function withValue(root: unknown, [key, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(root))
    return root.map((item, index) => (index === key ? withValue(item, rest, value) : item));
  const object = Object(root);
  return { ...object, [key]: withValue(object[key], rest, value) };
}

test.each(["acme", "globex"])("the fixture %s has no mistake", (vendor) => {
  const openapi = parseSource("openapi.yaml", textOf(vendor, "openapi")).source;
  const arazzo = parseSource("exports.arazzo.yaml", textOf(vendor, "arazzo")).source;
  expect(check({ vendor, openapi, arazzo })).toEqual([]);
});

test("mistakes in both files are told together, in order", () => {
  const openapi = parseSource(
    "openapi.yaml",
    textOf("acme", "openapi").replace(/ {6}summary: .*\n/g, ""),
  ).source;
  const arazzo = parseSource(
    "exports.arazzo.yaml",
    textOf("acme", "arazzo").replace("retryLimit: 9", "retryLimt: 9"),
  ).source;
  const found = sortDiagnostics(check({ vendor: "acme", openapi, arazzo })).map(
    ({ file, rule }) => `${file} ${rule}`,
  );
  expect(found).toEqual([
    "exports.arazzo.yaml arazzo-shape",
    "openapi.yaml operation-summary",
    "openapi.yaml operation-summary",
    "openapi.yaml operation-summary",
  ]);
});
