import { expect, test } from "vitest";
import { ConditionError, parseCondition } from "./condition.js";

const status = { kind: "status" };
const word = { kind: "body", pointer: ["items", "0", "status"] };
const literal = (value: unknown) => ({ kind: "literal", value });
const compare = (left: unknown, operator: string, right: unknown) => ({
  kind: "compare",
  operator,
  left,
  right,
});

test.each([
  ["$statusCode == 200", compare(status, "==", literal(200))],
  ["200 != $statusCode", compare(literal(200), "!=", status)],
  ["$statusCode<=-1.5", compare(status, "<=", literal(-1.5))],
  ["$response.body#/items/0/status == 'in progress'", compare(word, "==", literal("in progress"))],
  ["$response.body#/items/0/status == 'it''s'", compare(word, "==", literal("it's"))],
  ["$response.body == true", compare({ kind: "body", pointer: [] }, "==", literal(true))],
  [
    "$response.body#/a~1b/~0c == null",
    compare({ kind: "body", pointer: ["a/b", "~c"] }, "==", literal(null)),
  ],
  ["$response.header.X-State == 'done'", compare({ kind: "header", name: "X-State" }, "==", literal("done"))],
])("reads %s", (text, tree) => {
  expect(parseCondition(text)).toEqual(tree);
});

test("&& binds closer than ||", () => {
  const one = compare(status, "==", literal(1));
  const two = compare(status, ">", literal(2));
  const three = compare(status, "<", literal(3));
  expect(parseCondition("$statusCode == 1 || $statusCode > 2 && $statusCode < 3")).toEqual({
    kind: "or",
    left: one,
    right: { kind: "and", left: two, right: three },
  });
});

test.each([
  ["", "a value is expected at the end"],
  ["$statusCode", "an operator (== != < <= > >=) is expected at the end"],
  ["$statusCode == ", "a value is expected at the end"],
  ["$statusCode = 200", "cannot read = 200"],
  ["$statusCode === 200", "cannot read = 200"],
  ["$statusCode == 200 && ", "a value is expected at the end"],
  ["$statusCode == 200 $statusCode", "&&, || or the end is expected before $statusCode"],
  ["($statusCode == 200)", "there are no parentheses: Redocly Respect does not know them"],
  ["!($statusCode == 200)", "cannot read !($statusCode == 200"],
  [
    "$response.body.id == 5",
    "$response.body.id is nothing that a condition can read; texts stand in 'single quotes'",
  ],
  ["$inputs.id == 5", "$inputs.id is nothing that a condition can read; texts stand in 'single quotes'"],
  ["$response.body#/id == five", "five is nothing that a condition can read; texts stand in 'single quotes'"],
  ["$response.body#/id == 'five", "cannot read 'five"],
  ["$response.body#/id > 'a'", "> compares with a number"],
  ["true <= $statusCode", "<= compares with a number"],
  ["1 == 1", "a value of the reply is compared with a literal, and nothing else"],
])("refuses %s", (text, message) => {
  expect(() => parseCondition(text)).toThrow(new ConditionError(message));
});
