import { readFileSync } from "node:fs";
import type { OpenApi } from "@outhaul/spec";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readPublished } from "../../published/read-published.js";
import type { NewVendor } from "../options.js";
import { specFromOpenApi } from "./spec-from-openapi.js";

const vendor: NewVendor = {
  name: "acme",
  docs: "https://acme.example/docs",
  read: "2026-11-27",
  operations: [],
};
const documents = new URL("../../testing/published/", import.meta.url);
const stages = readFileSync(new URL("stages.json", documents), "utf8");
const stagesOperations = [
  "post-/workspaces/{workspaceId}/exports_start",
  "exports_get",
  "get /workspaces/{workspaceId}/exports/{exportId}/content",
];

/** A document with a start, a poll and a file, of which a test changes a part. */
function small() {
  const reply = (schema: object) => ({ content: { "application/json": { schema } } });
  const id = { name: "id", in: "path", required: true, schema: { type: "string" } };
  const state = { type: "string", enum: ["new", "done", "error"] } as object;
  return {
    openapi: "3.0.0",
    info: { title: "Small", version: "1" },
    servers: [{ url: "https://api.small.example/v1" }] as object[],
    security: [{ any: ["read"] }] as object[],
    paths: {
      "/jobs": {
        post: {
          operationId: "start",
          requestBody: reply({ type: "object", properties: { name: { type: "string" } } }) as object,
          responses: { 201: reply({ type: "object", properties: { id: { type: "string" } } }) } as object,
        },
      },
      "/jobs/{id}": {
        get: {
          operationId: "poll",
          parameters: [id],
          responses: { 200: reply({ type: "object", properties: { state } }) } as object,
        },
      },
      "/jobs/{id}/file": {
        get: {
          operationId: "file",
          parameters: [id],
          responses: { 200: { content: { "text/csv": {} } } } as object,
        },
      },
    },
    components: { securitySchemes: { any: { type: "http", scheme: "bearer" } as object } },
  };
}

function begin(
  document: object | string,
  operations: readonly string[] = ["start", "poll", "file"],
  more: object = {},
) {
  const text = typeof document === "string" ? document : JSON.stringify(document);
  const start = { published: readPublished("small.json", text), operations, ...more };
  const { openapi, arazzo } = specFromOpenApi({ ...vendor, ...more }, "Acme", start, "@outhaul/acme");
  const spec: OpenApi & { components: { schemas: Record<string, object> } } = parse(openapi);
  const [workflow] = parse(arazzo).workflows;
  return { openapi, arazzo, spec, workflow };
}

/** What each step of a workflow waits for, by the name of the state. */
function statesOf({
  steps,
}: {
  steps: { successCriteria: object[]; onFailure: { name: string; criteria?: object[] }[] }[];
}) {
  const poll = steps[1];
  return Object.fromEntries([
    ["succeeded", poll?.successCriteria],
    ...(poll?.onFailure ?? []).map(({ name, criteria }) => [name, criteria]),
  ]);
}

describe("the schemas", () => {
  const { spec, openapi } = begin(stages, stagesOperations);

  it("are those that are reached, by names of this project", () => {
    expect(Object.keys(spec.components.schemas)).toEqual([
      "ComStagesV7NewExport",
      "Export",
      "Filter",
      "FilterReply",
      "Problem",
    ]);
  });

  it("of a request are tight: allOf is one object, and what only the vendor writes is left out", () => {
    expect(spec.components.schemas["ComStagesV7NewExport"]).toEqual({
      type: "object",
      required: ["kind", "filters", "name"],
      additionalProperties: false,
      properties: {
        name: { type: "string", maxLength: 40 },
        kind: { type: "string", enum: ["people", "events"] },
        filters: { type: "array", minItems: 1, items: { $ref: "#/components/schemas/Filter" } },
        format: { type: "string", enum: ["csv", "json"] },
        limit: { type: ["integer", "null"], exclusiveMinimum: 0 },
      },
    });
  });

  it("of a reply are forgiving: open words, nothing required, nullable as in 3.1, and no circle", () => {
    expect(spec.components.schemas["Export"]).toMatchObject({
      additionalProperties: true,
      properties: {
        status: {
          type: "string",
          "x-extensible-enum": ["PENDING", "EXPORTING", "COMPLETED", "FAILED", "ON_HOLD"],
        },
        failure_reason: { type: ["string", "null"] },
        parent: { type: "object", additionalProperties: true },
      },
    });
    expect(spec.components.schemas["Export"]).not.toHaveProperty("required");
  });

  it("that are not in the document are told", () => {
    expect(openapi).toContain("# FILL IN what https://schemas.stages.example/owner.json#/Owner is");
  });

  it("and their words are facts only: no sentence of the vendor's is copied", () => {
    expect(openapi).not.toContain("What the export is called.");
  });
});

it("keeps of a large document what is needed", () => {
  const large = small();
  const schemas: Record<string, object> = {};
  for (let index = 0; index < 5_000; index += 1) {
    schemas[`Schema${index}`] = {
      type: "object",
      properties: { next: { $ref: `#/components/schemas/Schema${index + 1}` } },
    };
    Object.assign(large.paths, { [`/other/${index}`]: { get: { responses: {} } } });
  }
  Object.assign(large.components, { schemas });
  const { openapi, spec } = begin(large);
  expect(openapi.length).toBeLessThan(6_000);
  expect(Object.keys(spec.paths)).toHaveLength(3);
});

it("reads YAML as JSON, and a server with variables as options", () => {
  const { spec } = begin(stages, stagesOperations);
  expect(spec.servers).toEqual([
    {
      url: "https://{dataCenter}.stages.example/v7",
      variables: { dataCenter: { default: "eu", enum: ["eu", "us"], description: "FILL IN what it is." } },
    },
  ]);
  const links = readFileSync(new URL("links.yaml", documents), "utf8");
  expect(begin(links, ["createReport", "get.report"]).workflow.steps[2].outputs).toEqual({
    fileUrl: "$response.body#/data/download/href",
  });
});

it.each<[string, object, object]>([
  ["bearer", { type: "http", scheme: "Bearer" }, { token: { type: "http", scheme: "bearer" } }],
  ["basic", { type: "http", scheme: "basic" }, { login: { type: "http", scheme: "basic" } }],
  ["a header", { type: "apiKey", in: "header", name: "X-Key" }, { apiKey: { in: "header", name: "X-Key" } }],
  ["a query", { type: "apiKey", in: "query", name: "key" }, { apiKey: { in: "query", name: "key" } }],
  [
    "oauth2 of a client",
    {
      type: "oauth2",
      flows: { clientCredentials: { tokenUrl: "https://a.example/t", scopes: { read: "r", write: "w" } } },
    },
    {
      token: {
        flows: {
          clientCredentials: { tokenUrl: "https://a.example/t", scopes: { read: expect.any(String) } },
        },
      },
    },
  ],
  [
    "oauth2 of a person",
    {
      type: "oauth2",
      flows: {
        authorizationCode: {
          authorizationUrl: "https://a.example/a",
          tokenUrl: "https://a.example/t",
          scopes: {},
        },
      },
    },
    { token: { flows: { authorizationCode: { refreshUrl: "https://a.example/t" } } } },
  ],
  [
    "oauth2 of a browser",
    { type: "oauth2", flows: { implicit: {} } },
    { token: { type: "http", scheme: "bearer" } },
  ],
])("signs in by %s as the document says", (_, scheme, written) => {
  const document = small();
  document.components.securitySchemes.any = scheme;
  expect(begin(document).spec.components?.securitySchemes).toMatchObject(written);
});

it.each<[string, object, Record<string, string>]>([
  [
    "an enum",
    { type: "string", enum: ["IN_QUEUE", "IN_PROGRESS", "DONE", "FATAL", "CANCELLED"] },
    {
      queued: "'IN_QUEUE'",
      running: "'IN_PROGRESS'",
      succeeded: "'DONE'",
      failed: "'FATAL'",
      cancelled: "'CANCELLED'",
    },
  ],
  [
    "a sentence",
    { type: "string", description: "Either pending, ready or failed." },
    {
      queued: "'pending'",
      succeeded: "'ready'",
      failed: "'failed'",
    },
  ],
  ["a boolean", { type: "boolean" }, { running: "false", succeeded: "true" }],
  ["numbers", { type: "integer", enum: [0, 1] }, { running: "0", succeeded: "1" }],
  ["nothing", { type: "string" }, { running: "'running'", succeeded: "'done'" }],
])("guesses the states from %s", (kind, schema, words) => {
  const document = small();
  const name = kind === "a boolean" ? "done" : "state";
  document.paths["/jobs/{id}"].get.responses = {
    200: { content: { "application/json": { schema: { type: "object", properties: { [name]: schema } } } } },
  };
  const states = statesOf(begin(document).workflow);
  for (const [state, word] of Object.entries(words))
    expect(states[state]).toEqual([{ condition: `$response.body#/${name} == ${word}` }]);
});

it("tells the id of the list from the id of the job", () => {
  const document = small();
  const list = { name: "id", in: "path", required: true, schema: { type: "string" } };
  const paths = {
    "/lists/{id}/jobs": { parameters: [list], ...document.paths["/jobs"] },
    "/lists/{id}/jobs/{job}": {
      parameters: [list, { ...list, name: "job" }],
      get: { ...document.paths["/jobs/{id}"].get, parameters: [] },
    },
    "/jobs/{id}/file": document.paths["/jobs/{id}/file"],
  };
  const { spec, workflow } = begin({ ...document, paths });
  expect(Object.keys(spec.paths)).toEqual([
    "/lists/{listsId}/jobs",
    "/lists/{listsId}/jobs/{job}",
    "/jobs/{id}/file",
  ]);
  expect(workflow.steps[1].parameters).toEqual([
    { name: "listsId", in: "path", value: "$inputs.listsId" },
    { name: "job", in: "path", value: "$steps.start.outputs.id" },
  ]);
  expect(workflow.steps[2].parameters).toEqual([
    { name: "id", in: "path", value: "$steps.start.outputs.id" },
  ]);
});

it("a guess is marked", () => {
  const { arazzo } = begin(stages, stagesOperations);
  expect(arazzo).toContain("# FILL IN what these mean, which is a guess: ON_HOLD.");
});

it("a poll that is the file waits by its code", () => {
  const { workflow, openapi } = begin(small(), ["start", "file"]);
  expect(workflow.steps).toHaveLength(2);
  expect(workflow.steps[1].successCriteria).toEqual([{ condition: "$statusCode == 200" }]);
  expect(openapi).toContain("# FILL IN what it answers while the export is not ready: here it is 202.");
});

it("cites the document where it has an address, and takes its server from there", () => {
  const document = small();
  document.servers = [{ url: "/v2" }];
  const address = "https://docs.small.example/openapi.json";
  const { spec } = begin(document, ["start", "poll", "file"], { address });
  expect(spec["x-openapi"]).toEqual([{ url: address, read: "2026-11-27" }]);
  expect(spec.servers).toEqual([{ url: "https://docs.small.example/v2" }]);
});

it("what the user says counts more than the document", () => {
  const { spec } = begin(small(), ["start", "poll", "file"], { baseUrl: "https://x.example", auth: "query" });
  expect(spec.servers).toEqual([{ url: "https://x.example" }]);
  expect(spec.components?.securitySchemes).toHaveProperty("apiKey");
});

it.each<[string, (document: ReturnType<typeof small>) => void, RegExp]>([
  [
    "Swagger",
    (it) => Object.assign(it, { swagger: "2.0" }),
    /^small\.json is Swagger 2\.0, .*npx swagger2openapi/,
  ],
  ["another version", (it) => Object.assign(it, { openapi: "4.0.0" }), /^small\.json is OpenAPI 4\.0\.0/],
  ["no paths", (it) => Reflect.deleteProperty(it, "paths"), /^small\.json is no OpenAPI document/],
  ["no server", (it) => it.servers.pop(), /^--base-url is missing: small\.json names no server/],
  ["a relative server", (it) => it.servers.splice(0, 1, { url: "/v1" }), /^--base-url is missing: .*"?\/v1/],
  ["no credentials", (it) => it.security.pop(), /^--auth is missing: small\.json does not say/],
  [
    "a body that cannot be written",
    ({ paths }) =>
      Object.assign(paths["/jobs"].post, {
        requestBody: { required: true, content: { "multipart/form-data": {} } },
      }),
    /^POST \/jobs takes multipart\/form-data, which the client cannot write/,
  ],
  [
    "no such operation",
    ({ paths }) => Reflect.deleteProperty(paths, "/jobs/{id}/file"),
    /^small\.json has no operation file\. Name one by its operationId, or as "POST \/path": start, poll\.$/,
  ],
])("refuses %s in one line", (_, change, line) => {
  const document = small();
  change(document);
  expect(() => begin(document)).toThrow(line);
});

it("refuses a start that is a GET, and a page", () => {
  expect(() => begin(small(), ["poll", "start"])).toThrow(/^poll is a GET, which starts nothing/);
  expect(() => begin("<html>")).toThrow(/is no OpenAPI document/);
  expect(() => begin("{ cut")).toThrow(/is neither JSON nor YAML/);
});
