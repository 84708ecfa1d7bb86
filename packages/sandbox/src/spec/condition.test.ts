import { expect, test } from "vitest";
import { allHold, parseCriterion } from "./condition.js";

function reply(body: unknown, { status = 200, type = "application/json", headers = {} } = {}) {
  return { status, headers: new Headers({ "content-type": type, ...headers }), body };
}

const simple = (condition: string) => [parseCriterion({ condition })];
const regex = (condition: string, context: string) => [parseCriterion({ type: "regex", context, condition })];

test.each([
  ["$statusCode == 200", {}, true],
  ["$statusCode >= 200 && $statusCode < 300", {}, true],
  ["$statusCode == 412", {}, false],
  ["$response.body#/status == 'ready'", { status: "ready" }, true],
  ["$response.body#/status == 'it''s'", { status: "it's" }, true],
  ["$response.body#/status == 2 || $response.body#/status == '2'", { status: "2" }, true],
  ["$response.body#/status == 2", { status: "2" }, false],
  ["$response.body#/done == true", { done: true }, true],
  ["$response.body#/url != null", { url: null }, false],
  ["$response.body#/a/0/b~1c > 3", { a: [{ "b/c": 4 }] }, true],
  ["$response.body#/a > 3", { a: "x" }, false],
  // A pointer that reaches nothing makes the condition false, but for what stands before it in an "or".
  ["$response.body#/no == 1 || $response.body#/yes == 1", { yes: 1 }, false],
  ["$response.body#/yes == 1 || $response.body#/no == 1", { yes: 1 }, true],
  ["$response.body#/no != 1", {}, false],
  ["$response.header.x-left < 5", {}, true],
])("%s of %j is %s", (condition, body, holds) => {
  expect(allHold(simple(condition), reply(body, { headers: { "x-left": "3" } }))).toBe(holds);
});

test.each([
  ["^\\s*FINISHED\\s*$", "$response.body#/status", { status: " FINISHED" }, true],
  ["^done$", "$response.body#/none", {}, false],
  ['^"done"$', "$response.body", "done", true],
  ['"status":"done"', "$response.body", [{ status: "done" }], true],
])("the regex %s on %s of %j is %s", (condition, context, body, holds) => {
  expect(allHold(regex(condition, context), reply(body))).toBe(holds);
});

test("a text that is no JSON is matched as it is", () => {
  expect(allHold(regex("^https:", "$response.body"), reply("https://x", { type: "text/plain" }))).toBe(true);
});

test("conditions that do not speak of the status hold for 2xx replies only", () => {
  expect(
    allHold(simple("$response.body#/status == 'failed'"), reply({ status: "failed" }, { status: 500 })),
  ).toBe(false);
});

test.each([
  "$statusCode",
  "$statusCode = 200",
  "($statusCode == 200)",
  "$url == 'x'",
  "$statusCode == 200 &&",
])("%s is refused", (condition) => {
  expect(() => parseCriterion({ condition })).toThrow(SyntaxError);
});
