import { acme, addExample, type Case, example, exported, globex, start, steps, type Yaml } from "./case.js";

/** The cases of workflows, and of what changes nothing but words. */
export const workflowCases: readonly Case[] = [
  // workflows
  {
    what: "a step between start and poll",
    vendor: acme,
    bump: "patch",
    atRunTime: true,
    says: "`beginExports` is sent between the start and the first poll",
    given: (o) => {
      const { "401": error } = start(o).responses;
      o.paths["/begin"] = {
        post: {
          operationId: "beginExports",
          summary: "Begin",
          "x-docs": start(o)["x-docs"],
          responses: { "200": { description: "Begun." }, "401": error, "429": error, "500": error },
        },
      };
    },
    edit: (_, a) => {
      const [queued] = steps(a)[1].onFailure;
      steps(a)[1].onFailure[0] = {
        name: "queued-created",
        type: "goto",
        stepId: "begin",
        criteria: queued.criteria,
      };
      steps(a).splice(1, 0, {
        stepId: "begin",
        operationId: "beginExports",
        successCriteria: [{ condition: "$statusCode == 200" }],
      });
    },
  },
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
    what: "an export that became one request",
    vendor: acme,
    bump: "major",
    says: "`exportOrders`: one request is the whole export",
    edit: (_, a) => oneRequest(a),
  },
  {
    what: "nothing to export, told by a code",
    vendor: globex,
    bump: "minor",
    atRunTime: true,
    says: "a job may turn out to be `empty`",
    edit: (o, a) => {
      o.paths["/reports/{id}"].get.responses["404"] = { description: "No data." };
      const found = { name: "empty", type: "end", criteria: [{ condition: "$statusCode == 404" }] };
      steps(a)[1].onFailure.unshift(found);
    },
  },
  {
    what: "a second host that gets the credentials",
    vendor: acme,
    bump: "minor",
    atRunTime: true,
    says: "the credentials go to `https://files.acme.example`, too",
    given: (o, a) => fileAtAddress(o, a),
    edit: (_, a) => {
      steps(a)[2]["x-trusted-origin"] = "https://files.acme.example";
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
    says: "The documentation of `items[].id` of a reply",
    edit: (o) => {
      exported(o).properties.id.description = "The number.";
    },
  },
  {
    what: "the summary of an export",
    vendor: acme,
    bump: "patch",
    says: "The documentation of the export `exportOrders` says something else",
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
    what: "the vendor's own document, and what differs from it",
    vendor: acme,
    bump: "none",
    edit: (o) => {
      o["x-openapi"] = [{ url: "https://acme.example/openapi.json", read: "2026-11-25" }];
      o["x-differs"] = { startOrderExport: "It is not public yet." };
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
  {
    what: "what is inside a gzip file",
    vendor: acme,
    bump: "patch",
    says: "something else is inside the gzip file",
    given: (o) => {
      downloaded(o)["application/gzip"] = { example: "bytes" };
    },
    edit: (o) => {
      downloaded(o)["application/gzip"]["x-compressed-media-type"] = "text/csv";
    },
  },
  {
    what: "a file that comes in pages",
    vendor: acme,
    bump: "minor",
    atRunTime: true,
    says: 'the file comes in pages: they are joined where that is possible, and `parts: "apart"` keeps each',
    given: addPageParameter,
    edit: (_, a) => {
      steps(a).at(-1)["x-next-page"] = { name: "after", in: "query", value: "$response.header.X-After" };
    },
  },
  {
    what: "a file that comes in parts by number",
    vendor: acme,
    bump: "minor",
    atRunTime: true,
    says: 'the file comes in parts by number: they are joined where that is possible, and `parts: "apart"` keeps each',
    given: (o, a) => {
      operation(o, "downloadExport").parameters.push({
        name: "set",
        in: "query",
        schema: { type: "integer" },
      });
      steps(a).at(-1).parameters.push({ name: "set", in: "query", value: 1 });
    },
    edit: (_, a) => {
      steps(a).at(-1)["x-part-number"] = {
        name: "set",
        in: "query",
        count: "$steps.poll.outputs.progressTotal",
      };
    },
  },
  {
    what: "another end of the pages",
    vendor: acme,
    bump: "patch",
    says: "the parts of the file are found in another way",
    given: (o, a) => {
      addPageParameter(o);
      steps(a).at(-1)["x-next-page"] = { name: "after", in: "query", value: "$response.header.X-After" };
    },
    edit: (_, a) => {
      steps(a).at(-1)["x-next-page"].criteria = [{ condition: "$response.header.X-After != 'none'" }];
    },
  },
  {
    what: "a list of files in place of one address",
    vendor: acme,
    bump: "minor",
    says: "the file comes as a list of files",
    given: (o, a) => {
      const content = downloaded(o);
      delete content["text/csv"];
      content["application/json"] = {
        schema: {
          type: "object",
          additionalProperties: true,
          properties: { url: { type: "string" }, urls: { type: "array", items: { type: "string" } } },
        },
        examples: {
          two: { value: { url: "https://files.acme.example/1", urls: ["https://files.acme.example/1"] } },
        },
      };
      steps(a).at(-1).outputs = { fileUrl: "$response.body#/url" };
    },
    edit: (_, a) => {
      steps(a).at(-1).outputs = { fileUrls: "$response.body#/urls" };
    },
  },
];

/** Gives the download a parameter for the page, and a header that names the next one, which was not read before. */
function addPageParameter(openapi: Yaml): void {
  const download = operation(openapi, "downloadExport");
  download.parameters.push({ name: "after", in: "query", schema: { type: "string" } });
  download.responses["200"].headers = { "X-After": { schema: { type: "string" } } };
}

function operation(openapi: Yaml, id: string): Yaml {
  const operations = Object.values<Yaml>(openapi.paths).flatMap((path) => Object.values<Yaml>(path));
  return operations.find((one) => one.operationId === id);
}

/** What the reply with the file may have. */
function downloaded(openapi: Yaml): Yaml {
  const operations = Object.values<Yaml>(openapi.paths).flatMap((path) => Object.values<Yaml>(path));
  return operations.find((one) => one.operationId === "downloadExport").responses["200"].content;
}

/** Leaves the download alone: a request that is the whole export. */
function oneRequest(arazzo: Yaml): void {
  const [workflow] = arazzo.workflows;
  workflow.inputs.properties = { token: workflow.inputs.properties.token, id: { type: "string" } };
  workflow.inputs.examples = [{ id: "7" }];
  workflow.steps = [
    {
      stepId: "download",
      operationId: "downloadExport",
      parameters: [{ name: "id", in: "path", value: "$inputs.id" }],
      successCriteria: [{ condition: "$statusCode == 200" }],
    },
  ];
}

/** Lets the download answer the file's address. */
function fileAtAddress(openapi: Yaml, arazzo: Yaml): void {
  openapi.paths["/exports/{id}/file"].get.responses["200"].content = {
    "text/plain": {
      schema: { type: "string" },
      examples: { link: { value: "https://files.acme.example/7.csv" } },
    },
  };
  steps(arazzo)[2].outputs = { fileUrl: "$response.body" };
}
