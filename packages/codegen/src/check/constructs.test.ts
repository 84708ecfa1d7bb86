import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseSource } from "../load/source.js";
import { check } from "./check.js";

// Every field that OpenAPI 3.1 and Arazzo 1.0.1 have: each is compiled (with what describes it to people), or refused. None is read past.

const specs = new URL("../testing/fixtures/specs/acme/", import.meta.url);
const load = (file: string) =>
  parseSource(file, readFileSync(new URL(file, specs), "utf8")).source.value as Record<string, unknown>;

type Path = readonly (string | number)[];
interface Place {
  readonly file: "openapi" | "arazzo";
  readonly at: Path;
  /** Fields that are read, or that only describe. */
  readonly taken: string;
  readonly refused: string;
}

const start = ["paths", "/shops/{shop}/exports", "post"];
const steps = ["workflows", 0, "steps"];
const places: Record<string, Place> = {
  OpenAPI: {
    file: "openapi",
    at: [],
    taken: "openapi info servers paths components security tags externalDocs",
    refused: "jsonSchemaDialect webhooks",
  },
  Info: {
    file: "openapi",
    at: ["info"],
    taken: "title summary description termsOfService contact license version",
    refused: "",
  },
  Server: { file: "openapi", at: ["servers", 0], taken: "url description variables", refused: "name" },
  "Server Variable": {
    file: "openapi",
    at: ["servers", 0, "variables", "region"],
    taken: "enum default description",
    refused: "",
  },
  Components: {
    file: "openapi",
    at: ["components"],
    taken: "schemas responses parameters examples requestBodies headers securitySchemes",
    refused: "links callbacks pathItems",
  },
  "Path Item": {
    file: "openapi",
    at: ["paths", "/shops/{shop}/exports"],
    taken: "summary description get put post delete options head patch parameters",
    refused: "$ref trace servers",
  },
  Operation: {
    file: "openapi",
    at: start,
    taken:
      "tags summary description externalDocs operationId parameters requestBody responses deprecated security",
    refused: "callbacks servers",
  },
  Parameter: {
    file: "openapi",
    at: [...start, "parameters", 1],
    taken: "name in description required deprecated style explode schema example examples",
    refused: "allowEmptyValue allowReserved content",
  },
  "Request Body": {
    file: "openapi",
    at: [...start, "requestBody"],
    taken: "description content required",
    refused: "",
  },
  "Media Type": {
    file: "openapi",
    at: [...start, "requestBody", "content", "application/json"],
    taken: "schema example examples encoding",
    refused: "",
  },
  Response: {
    file: "openapi",
    at: [...start, "responses", "202"],
    taken: "description headers content",
    refused: "links",
  },
  "Security Scheme": {
    file: "openapi",
    at: ["components", "securitySchemes", "token"],
    taken: "type description name in scheme bearerFormat flows",
    refused: "openIdConnectUrl",
  },
  "OAuth Flows": {
    file: "openapi",
    at: ["components", "securitySchemes", "token", "flows"],
    taken: "clientCredentials authorizationCode",
    refused: "implicit password",
  },
  "OAuth Flow of clientCredentials": {
    file: "openapi",
    at: ["components", "securitySchemes", "token", "flows", "clientCredentials"],
    taken: "tokenUrl scopes",
    refused: "authorizationUrl refreshUrl",
  },
  "OAuth Flow of authorizationCode": {
    file: "openapi",
    at: ["components", "securitySchemes", "token", "flows", "authorizationCode"],
    taken: "authorizationUrl tokenUrl refreshUrl scopes",
    refused: "",
  },
  Example: {
    file: "openapi",
    at: [...start, "responses", "202", "content", "application/json", "examples", "accepted"],
    taken: "summary description value",
    refused: "externalValue",
  },
  Arazzo: {
    file: "arazzo",
    at: [],
    taken: "arazzo info sourceDescriptions workflows",
    refused: "components $self",
  },
  "Arazzo's Info": { file: "arazzo", at: ["info"], taken: "title summary description version", refused: "" },
  "Source Description": {
    file: "arazzo",
    at: ["sourceDescriptions", 0],
    taken: "name url type",
    refused: "",
  },
  Workflow: {
    file: "arazzo",
    at: ["workflows", 0],
    taken: "workflowId summary description inputs parameters steps",
    refused: "dependsOn outputs successActions failureActions",
  },
  Step: {
    file: "arazzo",
    at: [...steps, 1],
    taken: "stepId description operationId parameters successCriteria onFailure outputs requestBody",
    refused: "operationPath workflowId onSuccess",
  },
  "Arazzo's Parameter": {
    file: "arazzo",
    at: [...steps, 1, "parameters", 0],
    taken: "name in value",
    refused: "reference",
  },
  "Arazzo's Request Body": {
    file: "arazzo",
    at: [...steps, 0, "requestBody"],
    taken: "contentType payload",
    refused: "replacements",
  },
  "Failure Action": {
    file: "arazzo",
    at: [...steps, 1, "onFailure", 0],
    taken: "name type retryAfter retryLimit criteria stepId",
    refused: "workflowId parameters",
  },
  Criterion: {
    file: "arazzo",
    at: [...steps, 1, "onFailure", 0, "criteria", 0],
    taken: "context condition type",
    refused: "version",
  },
};

/** The diagnostics of a spec in which an object has one more field. */
function diagnose({ file, at }: Place, key: string) {
  const documents = { openapi: load("openapi.yaml"), arazzo: load("exports.arazzo.yaml") };
  const { token } = (documents.openapi["components"] as { securitySchemes: { token: object } })
    .securitySchemes;
  if (at.includes("flows"))
    Object.assign(token, { type: "oauth2", flows: { clientCredentials: {}, authorizationCode: {} } });
  const target = at.reduce<unknown>(
    (value, token) => (value as Record<string | number, unknown>)[token],
    documents[file],
  );
  expect(target, "the fixture has the object").toBeTypeOf("object");
  const object = target as Record<string, unknown>;
  object[key] ??= "x";
  const source = (name: string, value: unknown) => parseSource(name, JSON.stringify(value)).source;
  return check({
    vendor: "acme",
    openapi: source("openapi.yaml", documents.openapi),
    arazzo: source("exports.arazzo.yaml", documents.arazzo),
  }).filter(({ message }) => message.includes(`has the key "${key}", which is not known here`));
}

describe.each(Object.entries(places))("%s", (_, place) => {
  const keys = (text: string) => text.split(" ").filter(Boolean);

  test.each(keys(place.refused))("%s is refused, with what to do in its place", (key) => {
    const [found] = diagnose(place, key);
    expect(found).toBeDefined();
    expect(found?.hint).toMatch(/\w{3}/);
  });

  if (keys(place.taken).length > 0)
    test.each(keys(place.taken))("%s is known", (key) => {
      expect(diagnose(place, key)).toEqual([]);
    });

  test("a key that no standard has is refused, also one that begins with x-", () => {
    expect(diagnose(place, "xtra")).toHaveLength(1);
    expect(diagnose(place, "x-none-such")).toHaveLength(1);
  });
});
