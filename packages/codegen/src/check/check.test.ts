import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Diagnostic, sortDiagnostics } from "../diagnostics/diagnostic.js";
import { type Rule, rules } from "../diagnostics/rules.js";
import { parseSource } from "../load/source.js";
import { check } from "./check.js";
import { bodyMistakes } from "./mistakes/body-mistakes.js";
import { clientMistakes } from "./mistakes/client-mistakes.js";
import { documentMistakes } from "./mistakes/document-mistakes.js";
import { linkMistakes } from "./mistakes/link-mistakes.js";
import type { File, Mistake, Mistakes } from "./mistakes/mistake.js";
import { requestMistakes } from "./mistakes/request-mistakes.js";
import { stepMistakes } from "./mistakes/step-mistakes.js";

const specs = new URL("../testing/fixtures/specs/", import.meta.url);

/** The rules that are broken along with another one. */
const followers: Partial<Record<Rule, Rule[]>> = {
  "operation-id": ["operation-unknown"],
  "one-step": ["file-parts"], // the operation of the mistake has no pages
};

function textOf(vendor: string, file: File): string {
  return readFileSync(
    new URL(`${vendor}/${file === "openapi" ? "openapi" : "exports.arazzo"}.yaml`, specs),
    "utf8",
  );
}

function diagnose(mistake: Mistake): {
  diagnostics: Diagnostic[];
  texts: Record<File, string>;
} {
  const { vendor = "acme", and } = mistake;
  const texts = { openapi: textOf(vendor, "openapi"), arazzo: textOf(vendor, "arazzo") };
  for (const { file, from, to } of [mistake, ...(and ? [and] : [])]) {
    const changed = texts[file].replace(from, to);
    expect(changed, "the fixture has what is to be replaced").not.toBe(texts[file]);
    texts[file] = changed;
  }
  const openapi = parseSource("openapi.yaml", texts.openapi);
  const arazzo = parseSource("exports.arazzo.yaml", texts.arazzo);
  const found = [...openapi.diagnostics, ...arazzo.diagnostics];
  if (found.length === 0) found.push(...check({ vendor, openapi: openapi.source, arazzo: arazzo.source }));
  return { diagnostics: sortDiagnostics(found), texts };
}

const mistakes: Mistakes = {
  ...bodyMistakes,
  ...documentMistakes,
  ...clientMistakes,
  ...stepMistakes,
  ...linkMistakes,
  ...requestMistakes,
};

const table = Object.entries(mistakes).flatMap(
  ([rule, list]) => (list ?? []).map((mistake) => ({ rule: rule as Rule, mistake })), // the keys are rules
);

test.each(table)("$rule: $mistake.message", ({ rule, mistake }) => {
  const { diagnostics, texts } = diagnose(mistake);
  const file = mistake.in ?? mistake.file;
  const offset = texts[file].indexOf(mistake.at);
  expect(offset, "the line is there").toBeGreaterThan(-1);
  const line = texts[file].slice(0, offset + mistake.at.search(/\S/)).split("\n").length;
  const name = file === "openapi" ? "openapi.yaml" : "exports.arazzo.yaml";
  const found = diagnostics.map((one) => `${one.file}:${one.line} ${one.rule} ${one.message}`);
  expect(found).toContain(`${name}:${line} ${rule} ${mistake.message}`);
  expect(
    found.filter((one) => ![rule, ...(followers[rule] ?? [])].some((name) => one.includes(` ${name} `))),
  ).toEqual([]);
  expect(diagnostics.every(({ hint }) => hint.length > 0)).toBe(true);
});

test("a link in place of the start is a mistake like others", () => {
  const { diagnostics } = diagnose({
    file: "arazzo",
    from: "operationId: startOrderExport",
    to: "x-operation: { method: get, url: $steps.start.outputs.fileUrl }",
    at: "x-operation",
    message: "",
  });
  expect(diagnostics.map(({ rule, message }) => `${rule} ${message}`)).toEqual(
    expect.arrayContaining([
      "link-poll start is no poll",
      "start-method x-operation is a GET, which starts nothing",
    ]),
  );
});

test("every rule is broken above, or in load.test.ts", () => {
  const inLoad = ["file-missing", "vendor-name"];
  expect([...Object.keys(mistakes), ...inLoad].sort()).toEqual(Object.keys(rules).sort());
});

test.each([
  ["openapi", ["servers", 0, "variables", "region", "description"], 5],
  ["openapi", ["components", "schemas", "Export"], null],
  ["openapi", ["components", "securitySchemes", "token", "scheme"], 5],
  ["openapi", ["components", "responses", "Error"], { $ref: 5 }],
  ["openapi", ["components", "schemas", "Export", "properties", "id"], { enum: [] }],
  ["openapi", ["paths"], []],
  ["arazzo", ["workflows", 0, "steps"], {}],
  ["arazzo", ["workflows", 0, "steps", 1, "onFailure", 0], null],
  ["arazzo", ["workflows", 0, "inputs"], "x"],
  ["arazzo", [], undefined],
] as const)("a value of a wrong kind is told, not tripped over: %s %j = %j", (file, path, value) => {
  const sources = {
    openapi: parseSource("openapi.yaml", textOf("acme", "openapi")).source,
    arazzo: parseSource("exports.arazzo.yaml", textOf("acme", "arazzo")).source,
  };
  const spec = {
    vendor: "acme",
    ...sources,
    [file]: { ...sources[file], value: withValue(sources[file].value, path, value) },
  };
  expect(check(spec).length).toBeGreaterThan(0);
});

/** A copy in which something else stands at a path. */
function withValue(root: unknown, [key, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(root))
    return root.map((item, index) => (index === key ? withValue(item, rest, value) : item));
  const object = Object(root);
  return { ...object, [key]: withValue(object[key], rest, value) };
}

test.each(["acme", "globex"])("the fixture %s has no mistake", (vendor) => {
  const openapi = parseSource("openapi.yaml", textOf(vendor, "openapi")).source;
  const arazzo = parseSource("exports.arazzo.yaml", textOf(vendor, "arazzo")).source;
  expect(check({ vendor, openapi, arazzo })).toEqual([]);
});

test("mistakes in both files are told together, in order", () => {
  const openapi = parseSource(
    "openapi.yaml",
    textOf("acme", "openapi").replace(/ {6}summary: .*\n/g, ""),
  ).source;
  const arazzo = parseSource(
    "exports.arazzo.yaml",
    textOf("acme", "arazzo").replace("retryLimit: 9", "retryLimt: 9"),
  ).source;
  const found = sortDiagnostics(check({ vendor: "acme", openapi, arazzo })).map(
    ({ file, rule }) => `${file} ${rule}`,
  );
  expect(found).toEqual([
    "exports.arazzo.yaml arazzo-shape",
    "openapi.yaml operation-summary",
    "openapi.yaml operation-summary",
    "openapi.yaml operation-summary",
  ]);
});
