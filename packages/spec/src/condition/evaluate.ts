import { valueAt } from "../pointer/json-pointer.js";
import { type Comparison, type Condition, isOrder, type Operand } from "./condition.js";
import { type ParsedCriterion, readingsOf } from "./criterion.js";
import type { Reading } from "./expression.js";

/** A reply, as criteria see it. */
export interface ReplyView {
  readonly status: number;
  /** The headers; `Headers` of the Fetch standard are such. */
  readonly headers: { get(name: string): string | null };
  /** The parsed JSON, or the text. */
  readonly body: unknown;
}

/** True if a reply meets all criteria. Criteria that do not read the status code need a 2xx reply. */
export function meetsAll(criteria: readonly ParsedCriterion[], reply: ReplyView): boolean {
  const readsStatus = readingsOf(criteria).some(({ kind }) => kind === "status");
  if (!readsStatus && !(reply.status >= 200 && reply.status < 300)) return false;
  return criteria.every((criterion) => {
    if (criterion.kind === "simple") return evaluate(criterion.condition, reply) === true;
    const value = readReply(criterion.context, reply);
    return value !== undefined && new RegExp(criterion.pattern).test(textOf(value));
  });
}

/** The value of a reading. Undefined if the reply has no such header, or if the pointer reaches nothing. */
export function readReply(reading: Reading, reply: ReplyView): unknown {
  switch (reading.kind) {
    case "status":
      return reply.status;
    case "header":
      return reply.headers.get(reading.name) ?? undefined;
    case "body":
      return valueAt(reply.body, reading.pointer);
  }
}

/** The text that a pattern is matched with. A value that is no text is JSON. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** Evaluates from left to right. Undefined if a reading on the way has no value, which ends the evaluation. */
function evaluate(condition: Condition, reply: ReplyView): boolean | undefined {
  if (condition.kind === "compare") return compare(condition, reply);
  const left = evaluate(condition.left, reply);
  const decides = condition.kind === "or";
  return left === undefined || left === decides ? left : evaluate(condition.right, reply);
}

function compare({ left, right, operator }: Comparison, reply: ReplyView): boolean | undefined {
  const first = operandValue(left, reply);
  const second = operandValue(right, reply);
  if (first === undefined || second === undefined) return undefined;
  // A header is a text; it is a number where it is compared with one.
  const isNumeric =
    isOrder(operator) ||
    ([left, right].some(({ kind }) => kind === "header") && [left, right].some(isNumber));
  const [a, b] = isNumeric ? [toNumber(first), toNumber(second)] : [first, second];
  switch (operator) {
    case "==":
      return a === b;
    case "!=":
      return a !== b;
    case "<":
      return Number(a) < Number(b);
    case "<=":
      return Number(a) <= Number(b);
    case ">":
      return Number(a) > Number(b);
    case ">=":
      return Number(a) >= Number(b);
  }
}

function operandValue(operand: Operand, reply: ReplyView): unknown {
  return operand.kind === "literal" ? operand.value : readReply(operand, reply);
}

function isNumber(operand: Operand): boolean {
  return operand.kind === "literal" && typeof operand.value === "number";
}

/** Null is no number. */
function toNumber(value: unknown): number {
  return Number(value ?? Number.NaN);
}
