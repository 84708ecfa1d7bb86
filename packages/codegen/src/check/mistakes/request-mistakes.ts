import type { Mistakes } from "./mistake.js";

/** Mistakes in what the steps of workflows send and read. */
export const requestMistakes: Mistakes = {
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
    {
      vendor: "globex",
      file: "arazzo",
      from: "        x-create: none\n",
      to: "        x-security: [{ scheme: { type: http, scheme: basic }, values: { username: $inputs.username, password: $inputs.password } }]\n        x-create: none\n",
      at: "x-security",
      message: "x-security of start is not for it alone",
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
      from: "        operationId: downloadExport\n",
      to: "        operationId: downloadExport\n        x-create: none\n",
      at: "x-create: none",
      message: "download starts no job",
    },
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
