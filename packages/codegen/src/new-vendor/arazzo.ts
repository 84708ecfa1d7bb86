import { quote } from "./openapi.js";
import type { AuthKind, Template } from "./options.js";

const INPUTS: Record<AuthKind, string> = {
  bearer: "        token: { type: string, format: password }",
  header: "        apiKey: { type: string, format: password }",
  query: "        apiKey: { type: string, format: password }",
  oauth2: "        token: { type: string, format: password }",
  basic: "        username: { type: string }\n        password: { type: string, format: password }",
};
const CARRIED: Record<AuthKind, string> = {
  bearer: "    parameters:\n      - { name: authorization, in: header, value: 'Bearer {$inputs.token}' }",
  header: "    parameters:\n      - { name: X-Api-Key, in: header, value: $inputs.apiKey }",
  query: "    parameters:\n      - { name: api_key, in: query, value: $inputs.apiKey }",
  oauth2: "    parameters:\n      - { name: authorization, in: header, value: 'Bearer {$inputs.token}' }",
  basic:
    "    x-security:\n      - { scheme: { type: http, scheme: basic }, values: { username: $inputs.username, password: $inputs.password } }",
};

/** Writes the first exports.arazzo.yaml of a vendor. */
export function arazzo({ name, auth, docs, read }: Template, title: string): string {
  return `# How an export of ${title} is run. What may stand here: ../README.md
arazzo: 1.0.1
info:
  title: Exports of ${title}
  version: 1.0.0
sourceDescriptions:
  - { name: ${name}, url: ./openapi.yaml, type: openapi }

workflows:
  # FILL IN the name of the client's method.
  - workflowId: createExport
    summary: Create an export
    description: Exports the data, waits until it is ready, and fetches the file.
    x-docs: [{ url: ${quote(docs)}, read: ${read} }]
    inputs:
      type: object
      properties:
${INPUTS[auth]}
        name: { type: string }
        format: { type: string }
      # FILL IN a complete request.
      examples:
        - { name: Nightly, format: csv }
${CARRIED[auth]}
    # FILL IN the call that stops an export, where there is one:
    # x-cancel:
    #   operationId: deleteExport
    #   parameters: [{ name: id, in: path, value: $steps.start.outputs.id }]
    steps:
      - stepId: start
        operationId: startExport
        requestBody:
          contentType: application/json
          payload:
            name: $inputs.name
            format: $inputs.format
        successCriteria:
          - condition: $statusCode == 201
        outputs:
          id: $response.body#/id
        # FILL IN how a job is found whose reply was lost, where there is a list to look in.
        x-create: none

      - stepId: poll
        operationId: getExport
        parameters:
          - { name: id, in: path, value: $steps.start.outputs.id }
        # FILL IN the vendor's words, and the interval in seconds that it advises.
        successCriteria:
          - condition: $response.body#/status == 'done'
        onFailure:
          - name: queued
            type: retry
            retryAfter: 5
            retryLimit: 20
            criteria: [{ condition: $response.body#/status == 'queued' }]
          - name: running
            type: retry
            retryAfter: 5
            retryLimit: 20
            criteria: [{ condition: $response.body#/status == 'running' }]
          - name: failed
            type: end
            criteria: [{ condition: $response.body#/status == 'failed' }]
          - { name: unknown, type: retry, retryAfter: 5, retryLimit: 5 }
        outputs:
          failureReason: $response.body#/reason

      - stepId: download
        operationId: downloadExport
        parameters:
          - { name: id, in: path, value: $steps.start.outputs.id }
        successCriteria:
          - condition: $statusCode == 200
`;
}
