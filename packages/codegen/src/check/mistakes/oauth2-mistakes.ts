import type { Mistake } from "./mistake.js";

/** An oauth2 scheme in place of the fixture's own. */
function scheme(flows: string, rest = ""): Pick<Mistake, "file" | "from" | "to"> {
  return {
    file: "openapi",
    from: /token: \{ type: http, .*\}/,
    to: `token: { type: oauth2, description: An application., flows: { ${flows} }${rest} }`,
  };
}

const CLIENT = "clientCredentials: { tokenUrl: /token, scopes: { read: Read. } }";
const CODE =
  "authorizationCode: { authorizationUrl: https://a.example/in, tokenUrl: https://a.example/token, scopes: {}";
const at = "token: { type:";

/** Mistakes in oauth2 schemes. */
export const oauth2Mistakes: readonly Mistake[] = [
  { ...scheme(`${CODE} }`), at, message: "token has no flow that needs no person" },
  { ...scheme(`${CLIENT}, ${CODE}, refreshUrl: /token }`), at, message: "token has two flows" },
  { ...scheme(CLIENT, ", x-account: true"), at, message: "token is no name of an account" },
  {
    ...scheme("clientCredentials: { tokenUrl: 'https://{tenant}.a.example/token', scopes: {} }"),
    at,
    message: "{tenant} of tokenUrl is no server variable",
  },
  {
    ...scheme("clientCredentials: { tokenUrl: /token, scopes: {}, x-token-fields: { audience: '{zone}' } }"),
    at,
    message: "{zone} of audience is no server variable",
  },
  {
    ...scheme("clientCredentials: { tokenUrl: /token, scopes: {}, x-token-fields: { scope: read } }"),
    at,
    message: "x-token-fields has scope",
  },
  {
    ...scheme(CLIENT),
    and: { file: "openapi", from: "  - token: []", to: "  - token: [write]" },
    at: "- token: [write]",
    message: "token has no scope write",
  },
  {
    ...scheme(CLIENT),
    and: {
      file: "openapi",
      from: "      operationId: startOrderExport\n",
      to: "      operationId: startOrderExport\n      security:\n        - token: [read]\n",
    },
    at: "- token: [read]",
    message: "the root's security does not ask for read",
  },
  {
    ...scheme(CLIENT, " }\n    key: { type: apiKey, in: query, name: key, description: A key."),
    at: "key: { type: apiKey",
    message: "key is a key in the query beside an oauth2 scheme",
  },
  {
    ...scheme(CLIENT, " }\n    key: { type: apiKey, in: header, name: X-Key, description: A key."),
    and: { file: "openapi", from: "  - token: []", to: "  - { token: [], key: [] }" },
    at: "- { token: [], key: [] }",
    message: "token stands beside another scheme",
  },
  {
    ...scheme(CLIENT),
    and: {
      file: "openapi",
      from: "  securitySchemes:\n",
      to: `  securitySchemes:\n    other: { type: oauth2, description: Another., flows: { ${CLIENT} } }\n`,
    },
    at,
    message: "token is a second oauth2 scheme",
  },
  {
    file: "openapi",
    from: "{ type: http, scheme: bearer,",
    to: "{ type: http, scheme: bearer, x-token-header: X-Token,",
    at,
    message: "token has x-token-header, and is no oauth2",
  },
];
