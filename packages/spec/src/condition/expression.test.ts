import { expect, test } from "vitest";
import { parseExpression, parseReading, parseValue, printExpression } from "./expression.js";

test.each([
  ["$statusCode", { kind: "status" }],
  ["$response.body", { kind: "body", pointer: [] }],
  ["$response.body#/a/0/b", { kind: "body", pointer: ["a", "0", "b"] }],
  ["$response.body#/a~1b~0", { kind: "body", pointer: ["a/b~"] }],
  ["$response.header.X-Request-Id", { kind: "header", name: "X-Request-Id" }],
])("%s reads a reply, and is printed again as it was", (text, reading) => {
  expect(parseExpression(text)).toEqual(reading);
  const parsed = parseReading(text);
  expect(parsed && printExpression(parsed)).toBe(text);
});

test.each([
  ["$inputs.list_id", { kind: "input", name: "list_id" }],
  ["$steps.start-it.outputs.id", { kind: "output", step: "start-it", name: "id" }],
])("%s reads no reply", (text, expression) => {
  expect(parseExpression(text)).toEqual(expression);
  expect(parseReading(text)).toBeUndefined();
});

test.each(["$response.body.id", "$response.body#id", "$url", "$steps.start.id", "$inputs.", "id"])(
  "%s is no expression",
  (text) => {
    expect(parseExpression(text)).toBeUndefined();
  },
);

test("a value is a literal, an expression, or a text with expressions in it", () => {
  expect(parseValue(5)).toEqual({ kind: "literal", value: 5 });
  expect(parseValue("-create_time")).toEqual({ kind: "literal", value: "-create_time" });
  expect(parseValue("$inputs.id")).toEqual({ kind: "input", name: "id" });
  expect(parseValue("Bearer {$inputs.token}!")).toEqual({
    kind: "template",
    parts: ["Bearer ", { kind: "input", name: "token" }, "!"],
  });
  expect(parseValue("$input.id")).toBeUndefined();
  expect(parseValue("a {$input.id}")).toBeUndefined();
});
