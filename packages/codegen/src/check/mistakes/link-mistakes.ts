import type { Mistake, Mistakes } from "./mistake.js";

const START = `      - stepId: start
        operationId: createReport
        parameters: [{ name: X-Key, in: header, value: $inputs.apiKey }]
        requestBody: { contentType: application/json, payload: { title: $inputs.title } }
        successCriteria: [{ condition: $statusCode == 201 }]
        outputs: { id: $response.body#/report-no, fileUrl: $response.body#/url }
        x-create: none
`;
const POLL = `      - stepId: poll
        x-operation: { method: get, url: $steps.start.outputs.fileUrl }
        successCriteria: [{ condition: $statusCode == 200 }]
`;
const ACTIONS = `        onFailure:
          - { name: running, type: retry, retryAfter: 1, criteria: [{ condition: $statusCode == 404 }] }
`;

/** The parts of a workflow with a poll at a link: each can be another one. */
interface Parts {
  workflow?: string;
  start?: string;
  poll?: string;
  actions?: string;
  after?: string;
  /** What stands for the key in openapi.yaml. */
  key?: string;
}

/** A mistake in a workflow whose poll asks at a link of the start's reply. */
function linkMistake(
  { workflow = "", start = START, poll = POLL, actions = ACTIONS, after = "", key = "$4" }: Parts,
  mistake: Pick<Mistake, "at" | "message">,
): Mistake {
  const text = `${workflow}    steps:\n${start}${poll}${actions}${after}`;
  return {
    vendor: "globex",
    file: "arazzo",
    from: / {4}parameters:[\s\S]*/,
    to: text.replaceAll("$", "$$$$"), // in what replaces, two dollars stand for one
    and: {
      file: "openapi",
      from: /(report-no: \{ type: integer \}\n)([\s\S]*?report-no: 5,)([\s\S]*)(type: apiKey, in: header, name: X-Key)/,
      to: `$1                  url: { type: string }\n$2 url: https://files.globex.example/5,$3${key}`,
    },
    ...mistake,
  };
}

/** Mistakes in polls at a link. */
export const linkMistakes: Mistakes = {
  "link-poll": [
    linkMistake(
      { workflow: "    parameters: [{ name: X-Key, in: header, value: $inputs.apiKey }]\n" },
      {
        at: "    parameters: [",
        message: "the workflow's parameters go to every step, and so to the link",
      },
    ),
    linkMistake(
      { poll: POLL.replace("outputs.fileUrl", "outputs.id") },
      { at: "x-operation", message: "$steps.start.outputs.id is no link of the start's reply" },
    ),
    linkMistake(
      { start: START.replace(", fileUrl: $response.body#/url", "") },
      { at: "- stepId: start", message: "start has no output fileUrl out of its reply's body" },
    ),
    linkMistake(
      { start: START.replace("x-create: none", "x-create: { unique: title, match: $response.body#/title }") },
      {
        at: "x-create",
        message: "the link is lost with the reply to the start, and no poll can find the job",
      },
    ),
    linkMistake(
      { poll: `${POLL}        outputs: { fileName: $response.header.x-name }\n` },
      { at: "outputs: { fileName", message: "outputs is nothing that a link takes" },
    ),
    linkMistake(
      { poll: `${POLL}        parameters: [{ name: accept, in: header, value: text/csv }]\n` },
      { at: "parameters: [{ name: accept", message: "parameters is nothing that a link takes" },
    ),
    linkMistake(
      { actions: ACTIONS.replace("$statusCode == 404", "$response.body#/state == 'waiting'") },
      {
        at: "name: running",
        message: "$response.body#/state == 'waiting' reads what no document describes",
      },
    ),
    linkMistake(
      { actions: ACTIONS.replace("$statusCode == 404", "$response.header.x-state == 'waiting'") },
      {
        at: "name: running",
        message: "$response.header.x-state == 'waiting' reads what no document describes",
      },
    ),
    linkMistake(
      { actions: ACTIONS.replace("$statusCode == 404", "$statusCode == 425") },
      { at: "name: running", message: "nothing that file stores answer at a link is running" },
    ),
    linkMistake(
      {
        after:
          "      - { stepId: download, operationId: fetchReport, successCriteria: [{ condition: $statusCode == 200 }] }\n",
      },
      { at: "x-operation", message: "the steps are start, poll, download" },
    ),
    linkMistake(
      {
        poll: "      - stepId: look\n        operationId: fetchReport\n        parameters: [{ name: id, in: path, value: $steps.start.outputs.id }]\n        successCriteria: [{ condition: $statusCode == 200 }]\n",
        after: POLL.replace("stepId: poll", "stepId: download"),
      },
      { at: "x-operation", message: "download is no poll" },
    ),
    linkMistake(
      { poll: POLL.replace("x-operation", "operationId: fetchReport\n        x-operation") },
      { at: "operationId: fetchReport", message: "the poll has an operationId, and a link" },
    ),
    linkMistake(
      {
        workflow:
          "    x-cancel: { operationId: deleteReport, parameters: [{ name: id, in: path, value: $steps.start.outputs.fileUrl }] }\n",
      },
      { at: "x-cancel", message: "the link is sent as a value" },
    ),
    linkMistake(
      { key: "type: apiKey, in: query, name: key" },
      {
        at: "x-operation",
        message:
          "a key in the query is in no header, and the link is sealed with the headers that the client signs in with",
      },
    ),
    linkMistake(
      {
        key: "type: oauth2, flows: { clientCredentials: { tokenUrl: 'https://api.globex.example/token', scopes: {} } }",
      },
      {
        at: "x-operation",
        message:
          "tokens of oauth2 change, and the link is sealed with the headers that the client signs in with",
      },
    ),
  ],
};
