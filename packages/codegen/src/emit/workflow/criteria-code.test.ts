import { type Criterion, meetsAll, parseCriterion, wordsOf } from "@outhaul/spec";
import { describe, expect, test } from "vitest";
import { matchesText } from "../../../../shared/src/workflow/matches-text.js";
import { criteriaCode } from "./criteria-code.js";
import { readingCode } from "./reading-code.js";

const reply = (status: number, body?: unknown, headers: Record<string, string> = {}) => ({
  status,
  body,
  headers: new Headers(headers),
});
type TestReply = ReturnType<typeof reply>;
const simple = (...conditions: string[]): Criterion[] => conditions.map((condition) => ({ condition }));
const regex = (context: string, condition: string): Criterion[] => [{ type: "regex", context, condition }];

/** Criteria, replies that pass them, and replies that do not. */
const cases: [Criterion[], TestReply[], TestReply[]][] = [
  [simple("$statusCode == 200"), [reply(200)], [reply(201), reply(404)]],
  [simple("$statusCode >= 400 && $statusCode < 500"), [reply(400), reply(499)], [reply(399), reply(500)]],
  [
    simple("$response.body#/status == 'done'"),
    [reply(200, { status: "done" })],
    [
      reply(200, { status: "Done" }),
      reply(200, {}),
      reply(200, "done"),
      reply(200),
      reply(500, { status: "done" }),
    ],
  ],
  [
    simple("$statusCode == 412", "$response.body#/n == 1"),
    [reply(412, { n: 1 })],
    [reply(412, { n: 2 }), reply(200, { n: 1 })],
  ],
  [
    simple("$response.body#/a == 1 || $response.body#/a == '1'"),
    [reply(200, { a: 1 }), reply(200, { a: "1" })],
    [reply(200, { a: 2 })],
  ],
  [
    simple("$response.body#/a != 'x'"),
    [reply(200, { a: "y" }), reply(200, { a: null })],
    [reply(200, { a: "x" }), reply(200, {})],
  ],
  [simple("$response.body#/a == null"), [reply(200, { a: null })], [reply(200, {}), reply(200, { a: 0 })]],
  [
    simple("$response.body#/n <= 0"),
    [reply(200, { n: 0 }), reply(200, { n: "-1" })],
    [reply(200, {}), reply(200, { n: null }), reply(200, { n: 1 })],
  ],
  [simple("$response.body == true"), [reply(200, true)], [reply(200, "true"), reply(200, {})]],
  [
    simple("$response.header.X-Left > 3"),
    [reply(200, {}, { "x-left": "10" })],
    [reply(200, {}, { "x-left": "3" }), reply(200, {})],
  ],
  [
    simple("$response.header.X-Left == 3"),
    [reply(200, {}, { "x-left": "3" })],
    [reply(200, {}, { "x-left": "4" }), reply(200, {})],
  ],
  [simple("$response.header.X-Done == 'yes'"), [reply(200, {}, { "x-done": "yes" })], [reply(200, {})]],
  [
    simple("$response.header.X-Done != 'yes'"),
    [reply(200, {}, { "x-done": "no" })],
    [reply(200, {}), reply(200, {}, { "x-done": "yes" })],
  ],
  [
    regex("$response.body#/items/0/word", "^\\s*(A|B)\\s*$"),
    [reply(200, { items: [{ word: " A" }] }), reply(201, { items: [{ word: "B" }] })],
    [
      reply(200, { items: [] }),
      reply(200, { items: [{ word: "AB" }] }),
      reply(503, { items: [{ word: "A" }] }),
    ],
  ],
  [
    regex("$response.body", '"done"'),
    [reply(200, { anything: ["done"] })],
    [reply(200), reply(200, { state: "undone" })],
  ],
  [
    regex("$response.body#/word", "/^done$/i"),
    [reply(200, { word: "DONE" })],
    [reply(200, { word: "undone" })],
  ],
];

describe.each(cases)("%j", (criteria, good, bad) => {
  const tests = criteria.map(parseCriterion);
  const code = criteriaCode(tests, (reading) =>
    readingCode(reading, {
      document: { openapi: "3.1.0", info: { title: "", version: "" }, servers: [], paths: {} },
      bodies: [],
    }),
  );
  const compiled = new Function("reply", "matchesText", `return ${code}`);
  const run = ({ status, body, headers }: TestReply): unknown =>
    compiled({ status, ok: status >= 200 && status < 300, body, headers }, matchesText);

  test.each(good)("holds for %j", (sample) => {
    expect([meetsAll(tests, sample), run(sample)]).toEqual([true, true]);
  });
  test.each(bad)("does not hold for %j", (sample) => {
    expect([meetsAll(tests, sample), run(sample)]).toEqual([false, false]);
  });
});

test.each([
  [
    { condition: "$response.body#/a == 1 && $response.body#/b == 2" },
    "one condition reads one pointer: write a criterion for each",
  ],
  [{ condition: "a", type: "regex" as const }, "type: regex needs a context such as $response.body#/status"],
  [{ condition: "$statusCode == 1", context: "$response.body" }, "a context goes with type: regex only"],
  [
    { condition: "(", type: "regex" as const, context: "$response.body" },
    "Invalid regular expression: /(/: Unterminated group",
  ],
])("refuses %j", (criterion, message) => {
  expect(() => parseCriterion(criterion)).toThrow(message);
});

test.each([
  ["^\\s*(ERROR|FAILED)\\s*$", ["ERROR", "FAILED"]],
  ["^(running|in[_ -]?progress|started)$", ["running", "in_progress", "started"]],
  ['^\\s*"?done"?\\s*$|"(status)"\\s*:\\s*"done"', ["done"]],
  ["^(?!failed).*$", []],
])("finds the words of %s", (pattern, words) => {
  expect(wordsOf(regex("$response.body#/word", pattern).map(parseCriterion))).toEqual(words);
});
