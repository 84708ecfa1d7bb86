import type { Mistake, Mistakes } from "./mistake.js";

const READY = "- condition: $response.body#/items/0/status == 'ready'";

const ONE_STEP =
  "    steps:\n      - stepId: download\n        operationId: fetchReport\n        successCriteria: [{ condition: $statusCode == 200 }]\n";

/** A mistake in a workflow of one step. */
function oneStepMistake({
  workflow = "",
  step = "",
  criterion = "$statusCode == 200",
  ...mistake
}: Pick<Mistake, "at" | "message"> & { workflow?: string; step?: string; criterion?: string }): Mistake {
  return {
    vendor: "globex",
    file: "arazzo",
    from: / {4}x-cancel:[\s\S]*/,
    // A function's result would be taken as it is; in a text, two dollars stand for one.
    to: (workflow + ONE_STEP.replace("$statusCode == 200", () => criterion) + step).replaceAll("$", "$$$$"),
    ...mistake,
  };
}

/** Mistakes in the steps, actions and conditions of workflows. */
export const stepMistakes: Mistakes = {
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
  "file-type": [
    {
      file: "openapi",
      from: "'200': { description: The file., content: { text/csv: { schema: {} } } }",
      to: "'200': { description: The file. }",
      in: "arazzo",
      at: "operationId: downloadExport",
      message: "openapi.yaml does not say what the file is that downloadExport sends",
    },
    {
      vendor: "globex",
      file: "openapi",
      from: 'content: { application/zip: { schema: {}, x-file-signature: "PK\\x03\\x04" } }',
      to: "content: { application/json: { schema: {}, examples: { file: { value: [] } } } }",
      in: "arazzo",
      at: "operationId: fetchReport",
      message: "the file that fetchReport sends may be JSON, and nothing tells it from a state",
    },
  ],
  "output-example": [
    {
      file: "openapi",
      from: ", rows: { done: 10, total: 10 }, reason: null }",
      to: ", rows: { done: 10, total: 10 } }",
      in: "arazzo",
      at: "failureReason:",
      message:
        '$response.body#/items/0/reason: the example "succeeded" of listExports in openapi.yaml has no such value',
    },
    {
      vendor: "globex",
      file: "openapi",
      from: "{ made: { value: { report-no: 5, meta",
      to: "{ made: { value: { meta",
      in: "arazzo",
      at: "outputs: { id:",
      message:
        '$response.body#/report-no: the example "made" of createReport in openapi.yaml has no such value',
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
  "further-step": [
    {
      file: "arazzo",
      from: "          - { name: unknown,",
      to: "          - { name: queued-created, type: goto, stepId: start, criteria: [{ condition: $response.body#/items/0/status == 'waiting' }] }\n          - { name: unknown,",
      at: "name: queued-created",
      message: "queued-created does not lead to a step between start and poll",
    },
    {
      file: "arazzo",
      from: "{ name: queued, type: retry,",
      to: "{ name: queued, type: retry, stepId: start,",
      at: "name: queued",
      message: "queued leads nowhere",
    },
    {
      file: "arazzo",
      from: /( {6}- stepId: poll[\s\S]*?)\{ name: queued, type: retry, retryAfter: 1, retryLimit: 9,/,
      to: "      - { stepId: look, operationId: listExports, successCriteria: [{ condition: $statusCode == 200 }] }\n$1{ name: queued, type: goto, stepId: look,",
      at: "- { stepId: look",
      message: "listExports is a GET, which lets no job begin",
    },
  ],
  "one-step": [
    oneStepMistake({
      step: "        x-create: none\n",
      at: "x-create: none",
      message: "exportReport has one step, and no use for x-create",
    }),
    oneStepMistake({
      step: "        outputs: { fileUrl: $response.header.location }\n",
      at: "outputs:",
      message: "exportReport has one step, and no use for outputs",
    }),
    oneStepMistake({
      step: "        x-next-page: { name: page, in: query, value: $response.header.x-next }\n",
      at: "x-next-page:",
      message: "exportReport has one step, and no use for x-next-page",
    }),
    oneStepMistake({
      step: "        x-part-number: { name: page, in: query, count: $steps.poll.outputs.pages }\n",
      at: "x-part-number:",
      message: "exportReport has one step, and no use for x-part-number",
    }),
    oneStepMistake({
      workflow: "    x-cancel: { operationId: deleteReport }\n",
      at: "x-cancel:",
      message: "exportReport has one step, and no use for x-cancel",
    }),
    oneStepMistake({
      criterion: "$statusCode == 412",
      at: "successCriteria:",
      message: "the reply to a workflow of one step is the file, and only its status is looked at",
    }),
    oneStepMistake({
      step: "        onFailure: [{ name: failed, type: end, criteria: [{ condition: $statusCode == 412 }] }]\n",
      at: "onFailure:",
      message: "a workflow of one step cannot be failed",
    }),
    oneStepMistake({
      step: "        onFailure: [{ name: empty, type: end, criteria: [{ condition: $statusCode != 200 }] }]\n",
      at: "onFailure:",
      message: "empty takes 206, which says something else",
    }),
    oneStepMistake({
      step: "        onFailure: [{ name: empty, type: end, criteria: [{ condition: $response.body#/state == 9 }] }]\n",
      at: "onFailure:",
      message: "empty is not told by the status alone",
    }),
    {
      vendor: "globex",
      file: "arazzo",
      from: /properties: \{ apiKey: \{ type: string \}, title: \{ type: string \} \}([\s\S]*?) {4}x-cancel:[\s\S]*/,
      to: `properties: { apiKey: { type: string }, title: { type: string, format: password } }$1${ONE_STEP}`,
      at: "properties: { apiKey",
      message: "title is a secret, and the request of a workflow of one step is in its resume tokens",
    },
  ],
  "trusted-origin": [
    {
      file: "arazzo",
      from: "      - stepId: download\n",
      to: "      - stepId: download\n        x-trusted-origin: http://files.acme.example\n",
      at: "x-trusted-origin:",
      message: "http://files.acme.example is no origin that credentials may go to",
    },
    {
      file: "arazzo",
      from: "      - stepId: download\n",
      to: "      - stepId: download\n        x-trusted-origin: https://files.acme.example/a\n",
      at: "x-trusted-origin:",
      message: "https://files.acme.example/a is no origin that credentials may go to",
    },
    {
      file: "arazzo",
      from: "      - stepId: download\n",
      to: "      - stepId: download\n        x-trusted-origin: https://files.acme.example\n",
      at: "x-trusted-origin:",
      message: "download yields no address of a file",
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
};
