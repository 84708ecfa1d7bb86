import {
  meetsAll,
  type ParsedCriterion,
  parseCriterion,
  printCondition,
  printExpression,
} from "@outhaul/spec";
import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesText } from "../../../../shared/src/workflow/matches-text.js";
import { conditions, literals, readings } from "../../../../spec/src/testing/arbitraries.js";
import { criteriaCode } from "./criteria-code.js";
import { readingCode } from "./reading-code.js";

const types = {
  document: { openapi: "3.1.0", info: { title: "", version: "" }, servers: [], paths: {} },
  bodies: [],
};

/** A criterion, by its text. */
const criteria = fc.oneof(
  conditions.map((condition) => ({ condition: printCondition(condition) })),
  fc
    .record({
      context: readings,
      condition: fc.constantFrom("a", "^1$", "null", "undefined", "/^A/i", "[0-9]{3}"),
    })
    .map(({ context, condition }) => ({
      type: "regex" as const,
      context: printExpression(context),
      condition,
    })),
);

/** A value of a reply, in which the pointers of the criteria reach something now and then. */
const { value: bodies } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    // A text has no characters to reach: TypeScript refuses a pointer into a text.
    literals.filter((literal) => literal === null || typeof literal !== "string" || literal === ""),
    fc.array(tie("value"), { maxLength: 2 }),
    fc.dictionary(
      fc.constantFrom("a", "b", "0", "a/b", "c~d", "~1", "%20", ""),
      fc.oneof(tie("value"), literals),
      {
        maxKeys: 4,
        noNullPrototype: true,
      },
    ),
  ),
}));

test("what compiles and what is interpreted decide alike, on any reply", () => {
  fc.assert(
    fc.property(
      fc.array(criteria, { minLength: 1, maxLength: 3 }),
      fc.array(
        fc.record({
          status: fc.constantFrom(200, 201, 404, 500, -1),
          body: fc.oneof(bodies, literals, fc.constant(undefined)),
          header: fc.option(fc.constantFrom("a", "1", "", "500", "null")),
        }),
        { minLength: 1, maxLength: 8 },
      ),
      (texts, replies) => {
        const parsed: ParsedCriterion[] = texts.map((one) => parseCriterion(one));
        const code = criteriaCode(parsed, (reading) => readingCode(reading, types));
        const compiled = new Function("reply", "matchesText", `return ${code}`);
        for (const { status, body, header } of replies) {
          if (parsed.some((one) => reachesIntoText(one, body))) continue;
          const headers = { get: () => header };
          const ok = status >= 200 && status < 300;
          const result: unknown = compiled({ status, ok, body, headers }, matchesText);
          expect([code, result]).toEqual([code, meetsAll(parsed, { status, headers, body })]);
        }
      },
    ),
    { numRuns: 1000 },
  );
}, 30_000);

/** A pointer into a text: the checks refuse it, since the schema has no such property. */
function reachesIntoText(criterion: ParsedCriterion, body: unknown): boolean {
  return JSON.stringify(criterion).includes('"0"') && hasText(body);
}

function hasText(value: unknown): boolean {
  if (typeof value === "string") return value !== "";
  return typeof value === "object" && value !== null && Object.values(value).some(hasText);
}
