import type { AuthKind, Template } from "./options.js";

const SCHEMES: Record<AuthKind, string> = {
  bearer: `    token: { type: http, scheme: bearer, description: FILL IN where a user finds the token. }`,
  header: `    # FILL IN the header's name, here and in exports.arazzo.yaml.
    apiKey: { type: apiKey, in: header, name: X-Api-Key, description: FILL IN where a user finds the key. }`,
  query: `    # FILL IN the parameter's name, here and in exports.arazzo.yaml.
    apiKey: { type: apiKey, in: query, name: api_key, description: FILL IN where a user finds the key. }`,
  oauth2: `    # FILL IN the address that gives tokens, and the scopes, here and in the root's security.
    token:
      type: oauth2
      description: FILL IN where a user finds the id of a client.
      flows:
        clientCredentials: { tokenUrl: /oauth/token, scopes: {} }`,
  basic: `    login: { type: http, scheme: basic, x-account: true, description: FILL IN which user this is. }`,
};
/** The security schemes' names. */
const NAMES: Record<AuthKind, string> = {
  bearer: "token",
  header: "apiKey",
  query: "apiKey",
  basic: "login",
  oauth2: "token",
};

/** Writes the first openapi.yaml of a vendor: calls that start an export, poll it, and download its file. */
export function openapi({ baseUrl, auth, docs, read }: Template, title: string): string {
  const page = `x-docs: [{ url: ${quote(docs)}, read: ${read} }]`;
  const errors = `        '401': { $ref: '#/components/responses/Error' }
        '404': { $ref: '#/components/responses/Error' }
        '429': { $ref: '#/components/responses/Error' }
        '500': { $ref: '#/components/responses/Error' }`;
  return `# The exports of ${title}, as its public pages describe them. What the words and the x- keys mean: ../README.md
# This is a start that works against the sandbox. Replace what is marked FILL IN by what the vendor's pages say, and delete the marks.
openapi: 3.1.0
info:
  title: ${title} # FILL IN the name as the vendor writes it
  version: 1.0.0
  description: The exports of ${title}.
servers:
  # FILL IN parts that differ from account to account as {variables}.
  - url: ${quote(baseUrl)}
security:
  - ${NAMES[auth]}: []

# FILL IN the documented limits, or delete these lines:
# x-ratelimit-policy: '"burst";q=10;w=1'
# x-max-concurrent: 2
# x-max-open-jobs: 1
# FILL IN where an error's text is.
x-errors:
  message: [$response.body#/message]

paths:
  # FILL IN the call that starts an export: its path, its fields, its codes.
  /exports:
    post:
      operationId: startExport
      summary: Start an export
      ${page}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [name]
              additionalProperties: false
              properties:
                name: { type: string, description: The export's name. }
                format: { type: string, enum: [csv, json], description: The file's format. }
      responses:
        '201':
          description: The export has been accepted.
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Export' }
              examples:
                accepted: { value: { id: '5001', status: queued } }
${errors}

  # FILL IN the call that tells how far it is, with an example for each state.
  /exports/{id}:
    parameters:
      - { $ref: '#/components/parameters/id' }
    get:
      operationId: getExport
      summary: Ask how far an export is
      ${page}
      responses:
        '200':
          description: The export.
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Export' }
              examples:
                queued: { value: { id: '5001', status: queued, reason: null } }
                running: { value: { id: '5001', status: running, reason: null } }
                succeeded: { value: { id: '5001', status: done, reason: null } }
                failed: { value: { id: '5001', status: failed, reason: Too many rows. } }
${errors}

  # FILL IN the call that fetches the file, and the file's type.
  /exports/{id}/file:
    parameters:
      - { $ref: '#/components/parameters/id' }
    get:
      operationId: downloadExport
      summary: Download the file
      ${page}
      responses:
        '200': { description: The file., content: { text/csv: { schema: {}, examples: { file: { value: "id\\n1\\n" } } } } }
${errors}

components:
  securitySchemes:
${SCHEMES[auth]}
  parameters:
    id:
      { name: id, in: path, required: true, schema: { type: string }, description: The id of the export. }
  schemas:
    Export:
      type: object
      additionalProperties: true
      properties:
        id: { type: [string, integer] }
        status: { type: string, x-extensible-enum: [queued, running, done, failed] }
        reason: { type: [string, 'null'] }
  responses:
    Error:
      description: Something went wrong.
      content:
        application/json:
          schema: { type: object, additionalProperties: true, properties: { message: { type: string } } }
          examples: { error: { value: { message: Something went wrong. } } }
`;
}

/** A text in single quotes, as YAML writes it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
