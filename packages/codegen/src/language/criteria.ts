import type { Criterion } from "./arazzo.js";
import {
  type Condition,
  ConditionError,
  comparisonsOf,
  type Literal,
  type Operand,
  parseCondition,
} from "./condition.js";
import { parseReading, printReading, type Reading } from "./expression.js";

/** A criterion, parsed. */
export type Test =
  | { readonly kind: "simple"; readonly condition: Condition }
  | { readonly kind: "regex"; readonly context: Reading; readonly pattern: RegExp };

/** A reply as conditions see it. */
export interface SampleReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/**
 * Parses a criterion.
 * @throws {ConditionError} when it is not one of the profile
 */
export function parseCriterion({ condition, context, type = "simple" }: Criterion): Test {
  if (type === "simple") {
    if (context !== undefined) throw new ConditionError("a context goes with type: regex only");
    const test: Test = { kind: "simple", condition: parseCondition(condition) };
    const pointers = readingsOf([test]).filter(({ kind }) => kind !== "status");
    if (new Set(pointers.map(printReading)).size > 1)
      throw new ConditionError("one condition reads one pointer: write a criterion for each");
    return test;
  }
  const reading = context === undefined ? undefined : parseReading(context);
  if (!reading) throw new ConditionError("type: regex needs a context such as $response.body#/status");
  const [, source = condition, flags = ""] = /^\/(.+)\/([a-z]*)$/s.exec(condition) ?? [];
  try {
    return { kind: "regex", context: reading, pattern: new RegExp(source, flags) };
  } catch (error) {
    throw new ConditionError(error instanceof Error ? error.message : String(error));
  }
}

/** Everything that the tests read of a reply. */
export function readingsOf(tests: readonly Test[]): Reading[] {
  return tests.flatMap((test) =>
    test.kind === "regex"
      ? [test.context]
      : comparisonsOf(test.condition).flatMap(({ left, right }) =>
          [left, right].filter((side) => side.kind !== "literal"),
        ),
  );
}

/** Whether a reply passes all tests. Without a word about $statusCode they hold for 2xx replies only. */
export function passes(tests: readonly Test[], reply: SampleReply): boolean {
  const isOk = reply.status >= 200 && reply.status < 300;
  if (!readingsOf(tests).some(({ kind }) => kind === "status") && !isOk) return false;
  return tests.every((test) => {
    if (test.kind === "regex") {
      const value = read(test.context, reply);
      return value !== undefined && new RegExp(test.pattern).test(textOf(value));
    }
    return (
      readingsOf([test]).every((reading) => read(reading, reply) !== undefined) &&
      holds(test.condition, reply)
    );
  });
}

/** What the tests compare a reading with: literals, and the words of a regular expression such as `^\s*(A|B)\s*$`. */
export function wordsOf(
  tests: readonly Test[],
  isSame: (reading: Reading) => boolean = () => true,
): Literal[] {
  return tests.flatMap((test) => {
    if (test.kind === "regex") return isSame(test.context) ? wordsOfPattern(test.pattern) : [];
    return comparisonsOf(test.condition).flatMap(({ left, right }) => {
      const [reading, literal] = left.kind === "literal" ? [right, left] : [left, right];
      return reading.kind !== "literal" && literal.kind === "literal" && isSame(reading)
        ? [literal.value]
        : [];
    });
  });
}

/** The text that a regular expression sees: JSON of what is no text. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function wordsOfPattern(pattern: RegExp): string[] {
  const plain = pattern.source
    .replace(/\\[sbSWw][*+?]?|[\^$]|"\??|\(\?:/g, " ")
    .replace(/\[([^\]\\])[^\]]*\][*+?]?/g, "$1")
    .replace(/[()]/g, " ");
  const isMatched = (word: string): boolean =>
    [word, JSON.stringify(word), JSON.stringify({ status: word })].some((text) =>
      new RegExp(pattern).test(text),
    );
  return plain
    .split("|")
    .map((word) => word.trim())
    .filter((word) => /^[\w -]+$/.test(word) && isMatched(word));
}

function holds(condition: Condition, reply: SampleReply): boolean {
  if (condition.kind !== "compare") {
    const { kind, left, right } = condition;
    return kind === "and"
      ? holds(left, reply) && holds(right, reply)
      : holds(left, reply) || holds(right, reply);
  }
  const { left: first, right: second } = condition;
  const isHeaderNumber =
    [first, second].some(({ kind }) => kind === "header") && [first, second].some(isNumber);
  const [left, right] = [first, second]
    .map((side) => value(side, reply))
    .map((side) => (isHeaderNumber ? number(side) : side)); // a header is always a text
  switch (condition.operator) {
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return number(left) < number(right);
    case "<=":
      return number(left) <= number(right);
    case ">":
      return number(left) > number(right);
    case ">=":
      return number(left) >= number(right);
  }
}

function isNumber(operand: Operand): boolean {
  return operand.kind === "literal" && typeof operand.value === "number";
}

function number(value: unknown): number {
  return Number(value ?? Number.NaN);
}

function value(operand: Operand, reply: SampleReply): unknown {
  return operand.kind === "literal" ? operand.value : read(operand, reply);
}

function read(reading: Reading, reply: SampleReply): unknown {
  if (reading.kind === "status") return reply.status;
  if (reading.kind === "header") return reply.headers[reading.name.toLowerCase()];
  let found = reply.body;
  for (const token of reading.pointer) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Record<string, unknown>)[token]; // an object was just asked for
  }
  return found;
}
