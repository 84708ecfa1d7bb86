import type { Comparison, Condition, Operand } from "../../language/condition.js";
import { readingsOf, type Test } from "../../language/criteria.js";
import { printReading, type Reading } from "../../language/expression.js";

/** Writes the code that reads a value of a reply. */
export type ReadingCode = (reading: Reading) => string;

/** Writes criteria that all have to hold, such as `reply.ok && reply.body?.status === "ready"`. */
export function criteriaCode(tests: readonly Test[], read: ReadingCode): string {
  const isAboutStatus = readingsOf(tests).some(({ kind }) => kind === "status");
  const terms = tests.map((test) =>
    test.kind === "regex"
      ? `matchesText(${read(test.context)}, ${String(test.pattern)})`
      : conditionTerm(test.condition, read, tests.length > 1 || !isAboutStatus),
  );
  return [...(isAboutStatus ? [] : ["reply.ok"]), ...terms].join(" && ");
}

function conditionTerm(condition: Condition, read: ReadingCode, isAmongOthers: boolean): string {
  const guards = guardsOf(condition).map((reading) => guardCode(reading, read));
  const code = conditionCode(condition, read);
  const needsParentheses = condition.kind === "or" && (isAmongOthers || guards.length > 0);
  return [...guards, needsParentheses ? `(${code})` : code].join(" && ");
}

function conditionCode(condition: Condition, read: ReadingCode): string {
  if (condition.kind === "compare") return comparisonCode(condition, read);
  const { kind, left, right } = condition; // && binds closer in both languages
  return `${conditionCode(left, read)} ${kind === "and" ? "&&" : "||"} ${conditionCode(right, read)}`;
}

function comparisonCode({ operator, left, right }: Comparison, read: ReadingCode): string {
  const isOrder = operator !== "==" && operator !== "!=";
  const isWithNumber = [left, right].some(
    (side) => side.kind === "literal" && typeof side.value === "number",
  );
  const side = (operand: Operand): string => {
    if (operand.kind === "literal") return JSON.stringify(operand.value);
    const isText = operand.kind === "header" && isWithNumber;
    return operand.kind !== "status" && (isOrder || isText)
      ? `Number(${read(operand)} ?? Number.NaN)`
      : read(operand);
  };
  return `${side(left)} ${isOrder ? operator : `${operator}=`} ${side(right)}`;
}

/**
 * The readings that need a check of their own. A pointer that reaches nothing makes its condition false: most comparisons with `undefined` are false anyway, `!=` is not.
 */
function guardsOf(condition: Condition): Reading[] {
  const readings = readingsOf([{ kind: "simple", condition }]).filter(({ kind }) => kind !== "status");
  const unique = [...new Map(readings.map((reading) => [printReading(reading), reading])).values()];
  return unique.filter((reading) => !isFalseWithout(condition, printReading(reading)));
}

function isFalseWithout(condition: Condition, name: string): boolean {
  if (condition.kind !== "compare") {
    const sides = [condition.left, condition.right].map((side) => isFalseWithout(side, name));
    return condition.kind === "and" ? sides.some(Boolean) : sides.every(Boolean);
  }
  const { left, right, operator } = condition;
  const isRead = [left, right].some((side) => side.kind !== "literal" && printReading(side) === name);
  return isRead && operator !== "!=" && ![left, right].some(({ kind }) => kind === "header");
}

function guardCode(reading: Reading, read: ReadingCode): string {
  const nothing = reading.kind === "header" ? "null" : "undefined";
  return `${read(reading)} !== ${nothing}`;
}
