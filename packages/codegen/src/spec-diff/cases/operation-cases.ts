import {
  acme,
  body,
  type Case,
  example,
  globex,
  nested,
  post,
  report,
  start,
  steps,
  type Yaml,
} from "./case.js";

/** Gives the request another field that may be left out. */
const withTo = (openapi: Yaml): void => {
  body(openapi).properties.to = { type: "string" };
};

/** The cases of operations and requests. */
export const operationCases: readonly Case[] = [
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
    what: "a field of the same name in two objects",
    vendor: acme,
    bump: "minor",
    says: "`parts[].params.target` is new (`startOrderExport`)",
    given: (o) => {
      nested(o);
    },
    edit: (o) => {
      body(o).properties.parts.items.properties.params.properties.target = { type: "string" };
    },
    usesNew: post(`, parts: [{ params: { target: "a" } }]`),
  },
  {
    what: "a field that is new in two objects",
    vendor: acme,
    bump: "minor",
    says: "`notice.locale` is new (`startOrderExport`)",
    sentences: 2,
    given: (o) => {
      nested(o);
    },
    edit: (o) => {
      body(o).properties.parts.items.properties.params.properties.locale = { type: "string" };
      body(o).properties.notice.properties.locale = { type: "string" };
    },
    usesNew: post(`, notice: { locale: "en" }`),
  },
  {
    what: "a field of an inner object that has to be given",
    vendor: acme,
    bump: "major",
    says: "`notice.target` has to be given",
    sentences: 1,
    given: (o) => {
      nested(o);
    },
    edit: (o) => {
      body(o).properties.notice.required = ["target"];
    },
    uses: post(`, notice: {}`),
  },
  {
    what: "a documented field that leaves an open request",
    vendor: acme,
    bump: "patch",
    says: "`notice.target` is not documented any more, and is still taken as other fields are",
    sentences: 1,
    given: (o) => {
      nested(o);
      body(o).properties.notice.additionalProperties = true;
    },
    edit: (o) => {
      delete body(o).properties.notice.properties.target;
    },
    uses: post(`, notice: { target: "a" }`),
  },
  {
    what: "a field that leaves a closed object",
    vendor: acme,
    bump: "major",
    says: "`notice.target` is gone",
    sentences: 1,
    given: (o) => {
      nested(o);
    },
    edit: (o) => {
      delete body(o).properties.notice.properties.target;
    },
    uses: post(`, notice: { target: "a" }`),
  },
  {
    what: "an object that became a text",
    vendor: acme,
    bump: "major",
    says: "`notice` is `string`, and was `object`",
    sentences: 1,
    given: (o) => {
      nested(o);
      body(o).properties.notice.additionalProperties = true;
      body(o).properties.notice.required = ["target"];
    },
    edit: (o) => {
      body(o).properties.notice = { type: "string" };
    },
    uses: post(`, notice: { target: "a" }`),
  },
  {
    what: "a list that became a text",
    vendor: acme,
    bump: "major",
    says: "`parts` is `string`, and was `array`",
    sentences: 1,
    given: (o) => {
      nested(o);
    },
    edit: (o) => {
      body(o).properties.parts = { type: "string" };
    },
    uses: post(", parts: []"),
  },
  {
    what: "a field deprecated",
    vendor: acme,
    bump: "patch",
    says: "`notice.target` is deprecated (`startOrderExport`)",
    sentences: 1,
    given: (o) => {
      nested(o);
    },
    edit: (o) => {
      body(o).properties.notice.properties.target.deprecated = true;
    },
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
    what: "a rule between fields that a type can say",
    vendor: acme,
    bump: "major",
    says: "with `to`, `columns` has to be given",
    given: withTo,
    edit: (o) => {
      body(o).dependentRequired = { to: ["columns"] };
    },
    uses: `await client.exportOrders({ shop: "1", name: "n", from: "2026-01-01", to: "2026-02-01" });`,
  },
  {
    what: "fields that exclude each other",
    vendor: acme,
    bump: "major",
    says: "`columns` and `to` cannot be given together",
    given: withTo,
    edit: (o) => {
      body(o).dependentSchemas = { columns: { properties: { to: false } } };
    },
    uses: `await client.exportOrders({ shop: "1", name: "n", from: "2026-01-01", to: "2026-02-01", columns: ["id"] });`,
  },
  {
    what: "a rule between fields taken back",
    vendor: acme,
    bump: "minor",
    says: "no longer: with `to`, `columns` has to be given",
    given: (o) => {
      withTo(o);
      body(o).dependentRequired = { to: ["columns"] };
    },
    edit: (o) => {
      delete body(o).dependentRequired;
    },
    usesNew: `await client.exportOrders({ shop: "1", name: "n", from: "2026-01-01", to: "2026-02-01" });`,
  },
  {
    what: "a rule between values",
    vendor: acme,
    bump: "patch",
    edit: (o) => {
      body(o).dependentSchemas = { columns: { properties: { name: { maxLength: 40 } } } };
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
];
