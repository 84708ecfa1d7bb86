import { acme, type Case, exported, globex, narrowIds, notYet, start, steps } from "./case.js";

/** The cases of replies. */
export const replyCases: readonly Case[] = [
  // replies
  {
    what: "a new field of a reply",
    vendor: acme,
    bump: "minor",
    says: "A reply has `items[].size` now",
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
    says: "A reply has no `items[].reason` any more",
    edit: (o, a) => {
      exported(o).properties.why = exported(o).properties.reason;
      delete exported(o).properties.reason;
      const { examples } = o.paths["/exports"].get.responses["200"].content["application/json"];
      examples.succeeded.value.items[0].why = null;
      steps(a)[1].outputs.failureReason = "$response.body#/items/0/why";
    },
  },
  {
    what: "a type of a reply widened",
    vendor: acme,
    bump: "major",
    says: "`items[].rows.done` of a reply is `integer` or `string`",
    edit: (o) => {
      exported(o).properties.rows.properties.done.type = ["integer", "string"];
    },
  },
  {
    what: "a type of a reply narrowed",
    vendor: acme,
    bump: "patch",
    says: "`items[].id` of a reply is `string`",
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
      const { examples } = o.paths["/exports"].get.responses["200"].content["application/json"];
      examples.succeeded.value.items[0].reason = "";
    },
  },
  {
    what: "a field of a reply that is always there",
    vendor: acme,
    bump: "patch",
    says: "`items[].id` of a reply is always there",
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
    says: "`items[].reason` of a reply is also known to be `late`",
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
];
