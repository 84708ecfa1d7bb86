import type { Bump } from "./change.js";

// biome-ignore lint/suspicious/noExplicitAny: the table edits parsed YAML, of which there are no types on purpose
type Yaml = any;

/** A change of a fixture's spec, how it has to be classified, and a program that shows it. */
export interface Case {
  readonly what: string;
  readonly vendor: "acme" | "globex";
  readonly bump: Bump;
  /** What a sentence of the report has to say. */
  readonly says?: string;
  /** Grave, but the compiler cannot see it. */
  readonly atRunTime?: true;
  /** What the fixture has to have before. */
  readonly given?: (openapi: Yaml, arazzo: Yaml) => void;
  readonly edit: (openapi: Yaml, arazzo: Yaml) => void;
  /** Lines that use what changes, beside {@link programs}; they compile against the old package, or, for what is new, against the new one only. */
  readonly uses?: string;
  readonly usesNew?: string;
}

/** What a user of each vendor writes; compiled against every version. */
export const programs = {
  acme: `
import { createAcme, type ExportOrdersRequest, type ExportOrdersStatus, type components } from "./index.js";
const client = createAcme({ token: "t", accountId: "1", region: "us" });
const request: ExportOrdersRequest = { shop: "1", name: "n", from: "2026-01-01", columns: ["id"], "dry-run": true };
const job = await client.exportOrders(request);
const status: ExportOrdersStatus | undefined = job.snapshot.raw;
const word: string | undefined = status?.items?.[0]?.status;
const reason: string | null | undefined = status?.items?.[0]?.reason;
const done: number | undefined = status?.items?.[0]?.rows?.done;
const idOf = (item: components["schemas"]["Export"]): string | number | undefined => item.id;
const { data, error } = await client.api.GET("/exports", { params: { query: { name: "n" } } });
const id: string | number | undefined = data?.items?.[0]?.id;
const message: string | undefined = error?.message;
const started = await client.api.POST("/shops/{shop}/exports", {
  params: { path: { shop: "1" } }, body: { name: "n", kind: "orders", from: "2026-01-01" },
});
const ticket: string | undefined = started.data?.ticket;
await job.cancel();
export { done, id, idOf, message, reason, ticket, word };
`,
  globex: `
import { createGlobex, type ExportReportRequest } from "./index.js";
const client = createGlobex({ username: "u", password: "p" });
const other = createGlobex({ apiKey: "k" });
const request: ExportReportRequest = { title: "Sales" };
const job = await client.exportReport(request);
const percent: number | undefined = job.snapshot.raw?.percent;
await other.api.DELETE("/reports/{id}", { params: { path: { id: "1" } } });
export { percent };
`,
};

const start = (openapi: Yaml): Yaml => openapi.paths["/shops/{shop}/exports"].post;
const body = (openapi: Yaml): Yaml => start(openapi).requestBody.content["application/json"].schema;
const report = (openapi: Yaml): Yaml =>
  openapi.paths["/reports"].post.requestBody.content["application/json"].schema;
const exported = (openapi: Yaml): Yaml => openapi.components.schemas.Export;
const steps = (arazzo: Yaml): Yaml => arazzo.workflows[0].steps;
const example = (arazzo: Yaml): Yaml => arazzo.workflows[0].inputs.examples[0];
const post = (rest: string): string =>
  `await client.api.POST("/shops/{shop}/exports", { params: { path: { shop: "1" } }, body: { name: "n", kind: "orders", from: "f"${rest} } });`;
const acme = "acme" as const;
const globex = "globex" as const;

export const cases: readonly Case[] = [
  // calls
  {
    what: "a new operation",
    vendor: acme,
    bump: "minor",
    says: "There is a new operation `countExports`",
    edit: (o) => {
      o.paths["/exports/count"] = {
        get: { ...o.paths["/exports"].get, operationId: "countExports", parameters: [] },
      };
    },
    usesNew: `await client.api.GET("/exports/count");`,
  },
  {
    what: "an operation removed",
    vendor: globex,
    bump: "major",
    says: "The operation `deleteReport` is gone",
    edit: (o, a) => {
      delete o.paths["/reports/{id}"].delete;
      delete a.workflows[0]["x-cancel"];
    },
  },
  {
    what: "an operation renamed",
    vendor: acme,
    bump: "major",
    says: "`listExports` is called `findExports` now",
    edit: (o, a) => {
      o.paths["/exports"].get.operationId = "findExports";
      steps(a)[1].operationId = "findExports";
    },
    uses: `import type { operations } from "./index.js"; export type List = operations["listExports"];`,
  },
  {
    what: "an address moved",
    vendor: acme,
    bump: "major",
    says: "The address of `listExports` is `/jobs` now",
    edit: (o) => {
      o.paths["/jobs"] = o.paths["/exports"];
      delete o.paths["/exports"];
    },
  },
  {
    what: "an operation deprecated",
    vendor: acme,
    bump: "patch",
    says: "A call is deprecated",
    edit: (o) => {
      o.paths["/exports"].get.deprecated = true;
    },
  },

  // requests
  {
    what: "a new optional field",
    vendor: acme,
    bump: "minor",
    says: "`zone` is new",
    edit: (o) => {
      body(o).properties.zone = { type: "string" };
    },
    usesNew: post(`, zone: "UTC"`),
  },
  {
    what: "a new required field",
    vendor: acme,
    bump: "major",
    says: "`zone` is new and has to be given",
    edit: (o, a) => {
      example(a).zone = "UTC";
      body(o).properties.zone = { type: "string" };
      body(o).required.push("zone");
    },
  },
  {
    what: "a field removed",
    vendor: acme,
    bump: "major",
    says: "`columns` is gone",
    edit: (o, a) => {
      delete body(o).properties.columns;
      delete example(a).columns;
    },
  },
  {
    what: "a field renamed",
    vendor: acme,
    bump: "major",
    says: "`columns` is gone",
    edit: (o, a) => {
      body(o).properties.fields = body(o).properties.columns;
      delete body(o).properties.columns;
      delete example(a).columns;
    },
  },
  {
    what: "a field that became required",
    vendor: acme,
    bump: "major",
    says: "`columns` has to be given",
    edit: (o) => {
      body(o).required.push("columns");
    },
  },
  {
    what: "a field that may be left out",
    vendor: acme,
    bump: "minor",
    says: "`from` may be left out",
    edit: (o) => {
      body(o).required = ["name", "kind"];
    },
    usesNew: `await client.api.POST("/shops/{shop}/exports", { params: { path: { shop: "1" } }, body: { name: "n", kind: "orders" } });`,
  },
  {
    what: "a new word of a request",
    vendor: acme,
    bump: "minor",
    says: "`kind` now also takes `items`",
    edit: (o) => {
      body(o).properties.kind.enum.push("items");
    },
    usesNew: post("").replace('"orders"', '"items"'),
  },
  {
    what: "a word of a request removed",
    vendor: acme,
    bump: "major",
    says: "`kind` does not take `orders` any more, but `items`",
    edit: (o, a) => {
      body(o).properties.kind.enum = ["items"];
      steps(a)[0].requestBody.payload.kind = "items";
    },
  },
  {
    what: "a text that became one of some words",
    vendor: acme,
    bump: "major",
    says: "`name` takes only",
    edit: (o) => {
      body(o).properties.name.enum = ["Orders", "Items"];
    },
  },
  {
    what: "a type of a request widened",
    vendor: acme,
    bump: "minor",
    says: "`name` is `string` or `integer`",
    edit: (o) => {
      body(o).properties.name.type = ["string", "integer"];
    },
    usesNew: post("").replace('"n"', "5"),
  },
  {
    what: "a type of a request changed",
    vendor: acme,
    bump: "major",
    says: "`from` is `integer`, and was `string`",
    edit: (o, a) => {
      body(o).properties.from = { type: "integer" };
      example(a).from = 1;
      a.workflows[0].inputs.properties.from.type = "integer";
    },
  },
  {
    what: "an integer that became a number",
    vendor: acme,
    bump: "minor",
    says: "`limit` is `number`, and was `integer`",
    given: (o) => {
      body(o).properties.limit = { type: "integer" };
    },
    edit: (o) => {
      body(o).properties.limit.type = "number";
    },
  },
  {
    what: "a request that takes no other fields any more",
    vendor: globex,
    bump: "major",
    says: "The request takes no other fields any more",
    given: (o) => {
      report(o).additionalProperties = true;
    },
    edit: (o) => {
      report(o).additionalProperties = false;
    },
    uses: `await client.exportReport({ title: "Sales", other: 1 });`,
  },
  {
    what: "a request that takes other fields",
    vendor: globex,
    bump: "minor",
    says: "The request takes other fields, too",
    edit: (o) => {
      report(o).additionalProperties = true;
    },
    usesNew: `await client.exportReport({ title: "Sales", other: 1 });`,
  },
  {
    what: "a request that takes other fields, so that none is left out of its type",
    vendor: acme,
    bump: "major",
    says: "`kind` has to be given",
    edit: (o) => {
      body(o).additionalProperties = true;
    },
  },
  {
    what: "a limit of a request's field",
    vendor: acme,
    bump: "patch",
    says: "`name`: `maxLength` is `40`",
    edit: (o) => {
      body(o).properties.name.maxLength = 40;
    },
  },
  {
    what: "a rule between fields",
    vendor: acme,
    bump: "patch",
    edit: (o) => {
      body(o).dependentRequired = { columns: ["from"] };
    },
  },
  {
    what: "a new query parameter",
    vendor: acme,
    bump: "minor",
    says: "`page` is new",
    edit: (o) => {
      o.paths["/exports"].get.parameters.push({ name: "page", in: "query", schema: { type: "integer" } });
    },
    usesNew: `await client.api.GET("/exports", { params: { query: { page: 1 } } });`,
  },
  {
    what: "a query parameter that became required",
    vendor: acme,
    bump: "major",
    says: "`name` has to be given",
    edit: (o) => {
      o.paths["/exports"].get.parameters[0].required = true;
    },
    uses: `await client.api.GET("/exports");`,
  },
  {
    what: "a query parameter removed",
    vendor: acme,
    bump: "major",
    says: "`dry-run` is gone",
    edit: (o) => {
      start(o).parameters.pop();
    },
  },

  // replies
  {
    what: "a new field of a reply",
    vendor: acme,
    bump: "minor",
    says: "A reply has `size` now",
    edit: (o) => {
      exported(o).properties.size = { type: "integer" };
    },
    usesNew: `export const size: number | undefined = data?.items?.[0]?.size;`,
  },
  {
    what: "a field of a reply removed",
    vendor: acme,
    bump: "major",
    says: "A reply has no `ticket` any more",
    edit: (o) => {
      start(o).responses["202"].content["application/json"].schema.properties = {
        number: { type: "string" },
      };
    },
  },
  {
    what: "a field of a reply renamed",
    vendor: acme,
    bump: "major",
    says: "A reply has no `reason` any more",
    edit: (o, a) => {
      exported(o).properties.why = exported(o).properties.reason;
      delete exported(o).properties.reason;
      steps(a)[1].outputs.failureReason = "$response.body#/items/0/why";
    },
  },
  {
    what: "a type of a reply widened",
    vendor: acme,
    bump: "major",
    says: "`done` of a reply is `integer` or `string`",
    edit: (o) => {
      exported(o).properties.rows.properties.done.type = ["integer", "string"];
    },
  },
  {
    what: "a type of a reply narrowed",
    vendor: acme,
    bump: "patch",
    says: "`id` of a reply is `string`",
    edit: (o) => {
      exported(o).properties.id.type = "string";
      narrowIds(o);
    },
  },
  {
    what: "a field of a reply that may be null",
    vendor: acme,
    bump: "major",
    says: "`ticket` of a reply is `string` or `null`",
    edit: (o) => {
      start(o).responses["202"].content["application/json"].schema.properties.ticket.type = [
        "string",
        "null",
      ];
    },
  },
  {
    what: "a field of a reply that is never null",
    vendor: acme,
    bump: "patch",
    edit: (o) => {
      exported(o).properties.reason.type = "string";
    },
  },
  {
    what: "a field of a reply that is always there",
    vendor: acme,
    bump: "patch",
    says: "`id` of a reply is always there",
    edit: (o) => {
      exported(o).required = ["id"];
    },
  },
  {
    what: "a field of a reply that may be missing",
    vendor: globex,
    bump: "major",
    says: "`state` of a reply may be missing",
    given: (o) => {
      notYet(o).required = ["state", "percent"];
    },
    edit: (o) => {
      notYet(o).required = ["percent"];
    },
    uses: `const raw = job.snapshot.raw; export const state: number | null = raw ? raw.state : null;`,
  },
  {
    what: "a new known word of a reply",
    vendor: acme,
    bump: "patch",
    says: "`reason` of a reply is also known to be `late`",
    given: (o) => {
      exported(o).properties.reason["x-extensible-enum"] = ["much"];
    },
    edit: (o) => {
      exported(o).properties.reason["x-extensible-enum"] = ["much", "late"];
    },
  },
  {
    what: "a new code with the same body",
    vendor: acme,
    bump: "minor",
    says: "A reply `404` is documented",
    edit: (o) => {
      o.paths["/exports"].get.responses["404"] = { $ref: "#/components/responses/Error" };
    },
  },
  {
    what: "a new code with another body",
    vendor: acme,
    bump: "major",
    says: "A reply `404` is documented",
    edit: (o) => {
      o.paths["/exports"].get.responses["404"] = {
        description: "No.",
        content: {
          "application/json": {
            schema: { type: "object", additionalProperties: true, properties: { text: { type: "string" } } },
            examples: { error: { value: { text: "No." } } },
          },
        },
      };
    },
  },
  {
    what: "a code removed",
    vendor: acme,
    bump: "major",
    says: "The reply `202`",
    edit: (o, a) => {
      start(o).responses["200"] = start(o).responses["202"];
      delete start(o).responses["202"];
      steps(a)[0].successCriteria[0].condition = "$statusCode == 200";
    },
    uses: `import type { operations } from "./index.js"; export type Started = operations["startOrderExport"]["responses"][202];`,
  },
  {
    what: "another kind of file",
    vendor: acme,
    bump: "major",
    says: "A reply is not `text/csv` any more",
    edit: (o) => {
      o.paths["/exports/{id}/file"].get.responses["200"].content = { "application/zip": { schema: {} } };
    },
    uses: `import type { operations } from "./index.js"; export type File = operations["downloadExport"]["responses"][200]["content"]["text/csv"];`,
  },
  {
    what: "a named schema removed",
    vendor: acme,
    bump: "major",
    says: 'The type `components["schemas"]["Export"]` is gone',
    edit: (o) => {
      o.components.schemas.Job = o.components.schemas.Export;
      delete o.components.schemas.Export;
      o.paths["/exports"].get.responses["200"].content[
        "application/json"
      ].schema.properties.items.items.$ref = "#/components/schemas/Job";
    },
  },

  // options
  {
    what: "a new option",
    vendor: acme,
    bump: "minor",
    says: "There is a new option `stage`",
    edit: (o) => {
      o.servers[0].url += "/{stage}";
      o.servers[0].variables.stage = { default: "", description: "The stage." };
    },
    usesNew: `createAcme({ token: "t", accountId: "1", stage: "test" });`,
  },
  {
    what: "a new required option",
    vendor: acme,
    bump: "major",
    says: "The option `stage` is new and has to be given",
    edit: (o) => {
      o.servers[0].url += "/{stage}";
      o.servers[0].variables.stage = { default: "x", description: "The stage.", "x-required": true };
    },
  },
  {
    what: "an option that became required",
    vendor: acme,
    bump: "major",
    says: "The option `region` has to be given",
    edit: (o) => {
      o.servers[0].variables.region["x-required"] = true;
    },
    uses: `createAcme({ token: "t", accountId: "1" });`,
  },
  {
    what: "an option that may be left out",
    vendor: acme,
    bump: "minor",
    says: "The option `accountId` may be left out",
    edit: (o) => {
      delete o.servers[0].variables.accountId["x-required"];
    },
    usesNew: `createAcme({ token: "t" });`,
  },
  {
    what: "an option removed",
    vendor: acme,
    bump: "major",
    says: "The option `region` is gone",
    edit: (o) => {
      o.servers[0].url = "https://eu.acme.example/v1/{accountId}";
      delete o.servers[0].variables.region;
    },
  },
  {
    what: "a new value of an option",
    vendor: acme,
    bump: "minor",
    says: "`region` now also takes `asia`",
    edit: (o) => {
      o.servers[0].variables.region.enum.push("asia");
    },
    usesNew: `createAcme({ token: "t", accountId: "1", region: "asia" });`,
  },
  {
    what: "a value of an option removed",
    vendor: acme,
    bump: "major",
    says: "`region` does not take `us` any more",
    edit: (o) => {
      o.servers[0].variables.region.enum = ["eu"];
    },
  },
  {
    what: "another default of an option",
    vendor: acme,
    bump: "major",
    atRunTime: true,
    says: "`region` is `us` by default",
    edit: (o) => {
      o.servers[0].variables.region.default = "us";
    },
  },
  {
    what: "another host",
    vendor: globex,
    bump: "major",
    atRunTime: true,
    says: "resume tokens made before are for the old server",
    edit: (o) => {
      o.servers[0].url = "https://api.globex-two.example";
    },
  },
  {
    what: "another path of the server",
    vendor: acme,
    bump: "minor",
    says: "Requests go to",
    edit: (o) => {
      o.servers[0].url = o.servers[0].url.replace("/v1/", "/v2/");
    },
  },
  {
    what: "other account options",
    vendor: acme,
    bump: "major",
    atRunTime: true,
    says: "resume tokens made before are refused",
    edit: (o) => {
      o.servers[0].variables.region["x-account"] = true;
    },
  },
  {
    what: "a credential renamed",
    vendor: acme,
    bump: "major",
    says: "One cannot sign in with `token` any more",
    edit: (o, a) => {
      o.components.securitySchemes = { key: o.components.securitySchemes.token };
      o.security = [{ key: [] }];
      a.workflows[0].inputs.properties.key = a.workflows[0].inputs.properties.token;
      delete a.workflows[0].inputs.properties.token;
      a.workflows[0].parameters[0].value = "Bearer {$inputs.key}";
    },
  },
  {
    what: "a new way to sign in",
    vendor: acme,
    bump: "minor",
    says: "One can sign in with `apiKey`",
    edit: (o) => {
      o.components.securitySchemes.apiKey = {
        type: "apiKey",
        in: "header",
        name: "X-Key",
        description: "A key.",
      };
      o.security.push({ apiKey: [] });
    },
    usesNew: `createAcme({ apiKey: "k", accountId: "1" });`,
  },
  {
    what: "a way to sign in removed",
    vendor: globex,
    bump: "major",
    says: "One cannot sign in with `password and username` any more",
    edit: (o) => {
      o.security = [{ apiKey: [] }];
      delete o.components.securitySchemes.login;
      o.servers = [{ url: "https://api.globex.example" }, { url: "https://keys.globex.example" }];
    },
  },
  {
    what: "another header of a credential",
    vendor: globex,
    bump: "minor",
    says: "`apiKey` is sent in another way",
    edit: (o, a) => {
      o.components.securitySchemes.apiKey.name = "X-Other-Key";
      a.workflows[0].parameters[0].name = "X-Other-Key";
    },
  },
  {
    what: "another rate limit",
    vendor: acme,
    bump: "patch",
    says: "The rate limit that the client keeps",
    edit: (o) => {
      o["x-ratelimit-policy"] = '"burst";q=2;w=1';
    },
  },
  {
    what: "another number of requests at once",
    vendor: globex,
    bump: "patch",
    says: "at once is `3`",
    edit: (o) => {
      o["x-max-concurrent"] = 3;
    },
  },

  // workflows
  {
    what: "an export renamed",
    vendor: acme,
    bump: "major",
    says: "The export `exportOrders` is gone",
    edit: (_, a) => {
      a.workflows[0].workflowId = "exportSales";
    },
  },
  {
    what: "a field that is always sent with one value",
    vendor: acme,
    bump: "major",
    says: "`columns` is always",
    edit: (_, a) => {
      steps(a)[0].requestBody.payload.columns = ["id"];
      delete example(a).columns;
    },
  },
  {
    what: "a field that is not always sent with one value any more",
    vendor: acme,
    bump: "major",
    says: "`kind` has to be given",
    edit: (_, a) => {
      steps(a)[0].requestBody.payload.kind = "$inputs.kind";
      a.workflows[0].inputs.properties.kind = { type: "string" };
      example(a).kind = "orders";
    },
  },
  {
    what: "a new word of a state",
    vendor: acme,
    bump: "minor",
    says: "other words of the vendor mean `failed`",
    edit: (o, a) => {
      steps(a)[1].onFailure[2].criteria[0].condition += " || $response.body#/items/0/status == 'broken'";
      exported(o).properties.status["x-extensible-enum"].push("broken");
    },
  },
  {
    what: "a new state",
    vendor: acme,
    bump: "minor",
    says: "a job may turn out to be `expired`",
    edit: (o, a) => {
      steps(a)[1].onFailure.splice(3, 0, {
        name: "expired",
        type: "end",
        criteria: [{ condition: "$response.body#/items/0/status == 'expired'" }],
      });
      exported(o).properties.status["x-extensible-enum"].push("expired");
      addExample(o);
    },
  },
  {
    what: "another interval of asking",
    vendor: acme,
    bump: "patch",
    says: "is asked for every 30 s",
    edit: (_, a) => {
      steps(a)[1].onFailure[1].retryAfter = 30;
    },
  },
  {
    what: "an output that is told",
    vendor: globex,
    bump: "minor",
    says: "tells progress (`progressTotal`)",
    edit: (_, a) => {
      steps(a)[1].outputs.progressTotal = "$response.body#/percent";
    },
  },
  {
    what: "an output that is not told any more",
    vendor: acme,
    bump: "minor",
    says: "does not tell why a job failed any more",
    edit: (_, a) => {
      delete steps(a)[1].outputs.failureReason;
    },
  },
  {
    what: "a job that is known by another id",
    vendor: globex,
    bump: "major",
    atRunTime: true,
    says: "resume tokens made before hold another `id`",
    edit: (o, a) => {
      const made = o.paths["/reports"].post.responses["201"].content["application/json"];
      made.schema.properties.key = { type: "integer" };
      made.examples.made.value.key = 9;
      steps(a)[0].outputs.id = "$response.body#/key";
    },
  },
  {
    what: "a poll that needs more of the start",
    vendor: acme,
    bump: "major",
    atRunTime: true,
    says: "resume tokens made before lack `shop`",
    edit: (o, a) => {
      o.paths["/exports"].get.parameters.push({ name: "shop", in: "query", schema: { type: "string" } });
      steps(a)[1].parameters.push({ name: "shop", in: "query", value: "$inputs.shop" });
    },
  },
  {
    what: "a cancel",
    vendor: acme,
    bump: "minor",
    says: "`cancel()` stops the job",
    edit: (o, a) => {
      o.paths["/exports/{id}/file"].delete = {
        operationId: "stopExport",
        summary: "Stop",
        "x-docs": o.paths["/exports"].get["x-docs"],
        parameters: o.paths["/exports/{id}/file"].get.parameters,
        responses: {
          204: { description: "Stopped." },
          401: { $ref: "#/components/responses/Error" },
          429: { $ref: "#/components/responses/Error" },
          500: { $ref: "#/components/responses/Error" },
        },
      };
      a.workflows[0]["x-cancel"] = {
        operationId: "stopExport",
        parameters: [{ name: "id", in: "path", value: "$steps.poll.outputs.exportId" }],
      };
    },
  },
  {
    what: "no cancel any more",
    vendor: globex,
    bump: "major",
    atRunTime: true,
    says: "`cancel()` cannot stop the job any more",
    edit: (_, a) => {
      delete a.workflows[0]["x-cancel"];
    },
  },

  // nothing, or nothing but words
  {
    what: "a description",
    vendor: acme,
    bump: "patch",
    says: "The documentation of `id` of a reply",
    edit: (o) => {
      exported(o).properties.id.description = "The number.";
    },
  },
  {
    what: "the summary of an export",
    vendor: acme,
    bump: "patch",
    says: "its documentation says something else",
    edit: (_, a) => {
      a.workflows[0].summary = "Export all orders";
    },
  },
  {
    what: "another page",
    vendor: acme,
    bump: "patch",
    says: "The vendor's pages",
    edit: (o) => {
      start(o)["x-docs"][0].url += "/v2";
    },
  },
  {
    what: "the day on which a page was read",
    vendor: acme,
    bump: "none",
    edit: (o) => {
      start(o)["x-docs"][0].read = "2026-11-25";
    },
  },
  {
    what: "an example of a reply",
    vendor: acme,
    bump: "none",
    edit: (o) => {
      start(o).responses["202"].content["application/json"].examples.accepted.value.ticket = "t-2";
    },
  },
  {
    what: "the order of words",
    vendor: acme,
    bump: "none",
    edit: (o) => {
      exported(o).properties.status["x-extensible-enum"].reverse();
    },
  },
  {
    what: "a schema that got a name",
    vendor: acme,
    bump: "none",
    edit: (o) => {
      o.components.schemas.Rows = exported(o).properties.rows;
      exported(o).properties.rows = { $ref: "#/components/schemas/Rows" };
    },
  },
];

function notYet(openapi: Yaml): Yaml {
  return openapi.paths["/reports/{id}"].get.responses["412"].content["application/json"].schema;
}

function narrowIds(openapi: Yaml): void {
  const examples = openapi.paths["/exports"].get.responses["200"].content["application/json"].examples;
  for (const example of Object.values<Yaml>(examples))
    for (const item of example.value.items) item.id = String(item.id);
}

function addExample(openapi: Yaml): void {
  const examples = openapi.paths["/exports"].get.responses["200"].content["application/json"].examples;
  examples.expired = { value: { items: [{ id: 7, name: "Orders", status: "expired" }] } };
}
