import type { JsonSchema, Manifest, ManifestOperation } from "@outhaul/spec";
import { Command } from "commander";
import { expect, it } from "vitest";
import { createRequestCheck, requestParts } from "./check.js";
import { requestFields } from "./fields.js";
import { addRequestFlags, requestFlags, requestFromFlags } from "./flags.js";

const schema: JsonSchema = {
  type: "object",
  required: ["timeout", "options"],
  additionalProperties: false,
  properties: {
    timeout: { type: "integer" },
    report_name: { type: ["string", "null"] },
    reportName: { type: "string" },
    "no-cache": { type: "boolean" },
    ratio: { type: "number" },
    tags: { type: "array", items: { type: "string", enum: ["a", "b"] } },
    options: { $ref: "#/components/schemas/Options" },
    anything: {},
  },
};
const operation: ManifestOperation = {
  id: "start",
  method: "POST",
  path: "/x/{site}",
  summary: "",
  docs: [],
  parameters: [
    { name: "site", in: "path", required: true, description: "The site.", schema: { type: "integer" } },
    { name: "dry", in: "query", required: false, description: "", schema: { type: "boolean" } },
  ],
  body: { required: true, schema },
};
const manifest: Manifest = {
  manifestVersion: 1,
  vendor: "acme",
  title: "Acme",
  create: "createAcme",
  credentials: [],
  options: [],
  workflows: [],
  operations: [operation],
  components: {
    schemas: {
      Options: {
        allOf: [
          { type: "object", properties: { depth: { type: "integer" } }, required: ["depth"] },
          {
            type: "object",
            properties: { rows: { type: "object", properties: { per_page: { type: "integer" } } } },
          },
        ],
      },
    },
  },
};

const flags = requestFlags(requestFields(manifest, operation), new Set(["timeout", "output"]));

function request(...args: string[]) {
  const command = new Command().allowUnknownOption().allowExcessArguments();
  addRequestFlags(command, flags);
  command.parse(args, { from: "user" });
  return requestFromFlags(command, flags);
}

it("each field has a flag; a name that is taken gets another one", () => {
  expect(flags.map(({ flag }) => flag)).toEqual([
    ...["site", "dry", "field.timeout", "report_name", "reportName", "field.no-cache", "ratio", "tags"],
    ...["options.depth", "options.rows.per-page", "anything"],
  ]);
});

it("flags are parsed by the types of their fields", () => {
  const args = [
    "--site",
    "7",
    "--dry",
    "--field.timeout",
    "-5",
    "--report_name",
    "x",
    "--field.no-cache",
    "false",
  ];
  const more = [
    "--ratio",
    "0.5",
    "--tags",
    "a",
    "--tags",
    "b",
    "--options.rows.per-page",
    "3",
    "--anything",
    '{"deep":[1]}',
  ];
  expect(request(...args, ...more)).toEqual({
    problems: [],
    request: {
      site: 7,
      dry: true,
      timeout: -5,
      report_name: "x",
      "no-cache": false,
      ratio: 0.5,
      tags: ["a", "b"],
      options: { rows: { per_page: 3 } },
      anything: { deep: [1] },
    },
  });
});

it.each([
  [["--site", "1.5"], '--site takes a whole number, not "1.5"'],
  [["--site", ""], '--site takes a whole number, not ""'],
  [["--ratio", "many"], '--ratio takes a number, not "many"'],
  [["--dry", "perhaps"], '--dry is true or false, not "perhaps"'],
  [["--tags", "c"], '--tags does not take "c"; did you mean a?'],
  [["--anything", "{"], '--anything takes JSON, and "{" is none'],
  [["--optoins.depth=1"], "there is no option --optoins.depth; did you mean --options.depth?"],
])("%j is a mistake", (args, line) => {
  expect(request(...args).problems).toEqual([line]);
});

it("a request is validated by the spec's schemas, and split into its parts", () => {
  expect(createRequestCheck(manifest, operation, flags)({ options: {}, extra: 1 })).toEqual(
    [
      "--site is missing: The site.",
      '"extra" is no field of this request',
      "--field.timeout is missing",
      "--options.depth is missing",
    ].sort((a, b) => order.indexOf(a) - order.indexOf(b)),
  );
  expect(requestParts(operation, { site: 1, dry: true, timeout: 2 })).toEqual({
    path: { site: 1 },
    query: { dry: true },
    body: { timeout: 2 },
  });
});

const order = [
  "--site is missing: The site.",
  "--field.timeout is missing",
  '"extra" is no field of this request',
  "--options.depth is missing",
];
