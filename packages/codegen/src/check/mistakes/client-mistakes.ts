import type { Mistakes } from "./mistake.js";
import { oauth2Mistakes } from "./oauth2-mistakes.js";

/** Mistakes in what the client is made of: credentials, servers, limits and errors. */
export const clientMistakes: Mistakes = {
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
    ...oauth2Mistakes,
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
    {
      file: "openapi",
      from: "      operationId: startOrderExport\n",
      to: "      operationId: startOrderExport\n      x-ratelimit-policy: '\"create\";q=0.0167;w=1'\n",
      at: "      x-ratelimit-policy",
      message: 'cannot read "create";q=0.0167;w=1',
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
};
