import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePointer, printPointer } from "../pointer/json-pointer.js";
import { conditions, expressions, pointers } from "../testing/arbitraries.js";
import { parseCondition, printCondition } from "./condition.js";
import { parseCriterion } from "./criterion.js";
import { parseExpression, parseValue, printExpression } from "./expression.js";

test("a printed pointer parses to itself", () => {
  fc.assert(
    fc.property(fc.oneof(pointers, fc.array(fc.string())), (pointer) => {
      expect(parsePointer(printPointer(pointer))).toEqual(pointer);
    }),
  );
});

test("a printed expression parses to itself, alone and inside a text", () => {
  fc.assert(
    fc.property(expressions, (expression) => {
      const text = printExpression(expression);
      expect(parseExpression(text)).toEqual(expression);
      expect(parseValue(`a {${text}} b`)).toEqual({ kind: "template", parts: ["a ", expression, " b"] });
    }),
  );
});

test("a printed condition parses to itself, and is a criterion", () => {
  fc.assert(
    fc.property(conditions, (condition) => {
      const text = printCondition(condition);
      expect(parseCondition(text)).toEqual(condition);
      expect(parseCriterion({ condition: text })).toEqual({ kind: "simple", condition });
    }),
    { numRuns: 500 },
  );
});
