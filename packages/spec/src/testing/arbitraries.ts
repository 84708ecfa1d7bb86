import fc from "fast-check";
import type { Comparison, Condition, Literal } from "../condition/condition.js";
import type { Expression, Reading } from "../condition/expression.js";

const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,5}$/);

/** A JSON pointer whose tokens need escaping now and then. A token of an expression has no white space. */
export const pointers = fc.array(fc.constantFrom("a", "b", "0", "a/b", "c~d", "~1", "%20", ""), {
  maxLength: 4,
});

/** A reading of the status code, a header or the body. */
export const readings: fc.Arbitrary<Reading> = fc.oneof(
  fc.constant({ kind: "status" as const }),
  fc.record({
    kind: fc.constant("header" as const),
    name: fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,5}$/),
  }),
  fc.record({ kind: fc.constant("body" as const), pointer: pointers }),
);

/** Any runtime expression. */
export const expressions: fc.Arbitrary<Expression> = fc.oneof(
  readings,
  fc.record({ kind: fc.constant("input" as const), name }),
  fc.record({
    kind: fc.constant("output" as const),
    step: fc.stringMatching(/^[A-Za-z0-9_-]{1,6}$/),
    name,
  }),
);

/** A literal that a condition can write. A number has no exponent. */
export const literals: fc.Arbitrary<Literal> = fc.oneof(
  fc.constantFrom<Literal>(true, false, null, "", "it's", "a", "1", "a && b"),
  fc.integer({ min: -9, max: 600 }),
  fc.integer({ min: -99, max: 99 }).map((value) => value / 4),
);

/** A comparison of a reading with a literal, on either side. */
export function comparisons(reading: fc.Arbitrary<Reading>): fc.Arbitrary<Comparison> {
  return fc
    .record({
      reading,
      literal: literals,
      operator: fc.constantFrom("==", "!=", "<", "<=", ">", ">=" as const),
      isReversed: fc.boolean(),
    })
    .filter(({ literal, operator }) => operator === "==" || operator === "!=" || typeof literal === "number")
    .map(({ reading: one, literal, operator, isReversed }): Comparison => {
      const value = { kind: "literal", value: literal } as const;
      const [left, right] = isReversed ? [value, one] : [one, value];
      return { kind: "compare", operator, left, right };
    });
}

/** A condition in the form of the grammar: an `or` of `and`s, to the left. It reads the status code and one other value. */
export const conditions: fc.Arbitrary<Condition> = readings.chain((one) => {
  const reading = fc.oneof(fc.constant<Reading>({ kind: "status" }), fc.constant(one));
  const term = fc.array(comparisons(reading), { minLength: 1, maxLength: 3 }).map((all) => join("and", all));
  return fc.array(term, { minLength: 1, maxLength: 4 }).map((all) => join("or", all));
});

function join(kind: "and" | "or", [first, ...rest]: readonly Condition[]): Condition {
  if (!first) throw new Error("a condition has at least one comparison");
  return rest.reduce((left, right) => ({ kind, left, right }), first);
}
