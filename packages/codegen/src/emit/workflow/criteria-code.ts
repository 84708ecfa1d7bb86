import {
  type Comparison,
  type Condition,
  isOrder,
  type Operand,
  type ParsedCriterion,
  type Reading,
  readingsOf,
} from "@outhaul/spec";

/** Writes the code that reads a reply. */
export type ReadingCode = (reading: Reading) => string;

/** The TypeScript of criteria that all have to hold, such as `reply.ok && reply.body?.status === "ready"`. */
export function criteriaCode(criteria: readonly ParsedCriterion[], read: ReadingCode): string {
  const readsStatus = readingsOf(criteria).some(({ kind }) => kind === "status");
  const terms = criteria.map((criterion) => {
    if (criterion.kind === "regex") return regexCode(criterion.context, criterion.pattern, read);
    return conditionCode(criterion.condition, read, criteria.length > 1 || !readsStatus);
  });
  return [...(readsStatus ? [] : ["reply.ok"]), ...terms].join(" && ");
}

/** A missing header is `null`, which as a text would match a pattern. */
function regexCode(context: Reading, pattern: RegExp, read: ReadingCode): string {
  const value = context.kind === "header" ? `${read(context)} ?? undefined` : read(context);
  return `matchesText(${value}, ${String(pattern)})`;
}

/**
 * A condition is evaluated from left to right, and ends with false at the first reading that has no value. Only one reading of a condition may have none. Where
 * JavaScript's own evaluation would differ, that reading is checked first.
 */
function conditionCode(condition: Condition, read: ReadingCode, isAmongOthers: boolean): string {
  const terms = orTerms(condition);
  const code = terms.map((term) => term.map((one) => comparisonCode(one, read)).join(" && ")).join(" || ");
  const wrapped = (inner: string): string => (terms.length > 1 ? `(${inner})` : inner);
  const optional = readingsOf([{ kind: "simple", condition }]).find(({ kind }) => kind !== "status");
  const first = terms.findIndex((term) => term.some(isOptional));
  if (!optional || terms.slice(first).every(isFalseWithoutValue)) return isAmongOthers ? wrapped(code) : code;
  const guard = `${read(optional)} !== ${optional.kind === "header" ? "null" : "undefined"}`;
  const otherwise = codeWithoutValue(terms, read);
  if (otherwise === undefined) return `${guard} && ${wrapped(code)}`;
  return `(${guard} ? ${code} : ${otherwise})`;
}

/** The grammar has no parentheses: a condition is an `or` of `and`s. */
function orTerms(condition: Condition): Comparison[][] {
  if (condition.kind === "or") return [...orTerms(condition.left), ...orTerms(condition.right)];
  return [andTerms(condition)];
}

function andTerms(condition: Condition): Comparison[] {
  if (condition.kind === "compare") return [condition];
  return [...andTerms(condition.left), ...andTerms(condition.right)];
}

/** The condition for a reply in which the optional reading has no value. Undefined if it is always false. */
function codeWithoutValue(terms: readonly (readonly Comparison[])[], read: ReadingCode): string | undefined {
  const [term, ...rest] = terms;
  if (!term) return undefined;
  const reached = term.findIndex(isOptional);
  const before = reached < 0 ? term : term.slice(0, reached);
  const holds = before.map((one) => comparisonCode(one, read)).join(" && ");
  const next = codeWithoutValue(rest, read);
  if (reached < 0) return next === undefined ? holds : `${holds} || ${next}`;
  // The evaluation ends at the reading, unless a comparison before it is false.
  return before.length === 0 || next === undefined ? undefined : `!(${holds}) && (${next})`;
}

function isOptional({ left, right }: Comparison): boolean {
  return [left, right].some(({ kind }) => kind === "body" || kind === "header");
}

/** True if comparisons are false by themselves where the optional reading has no value. */
function isFalseWithoutValue(term: readonly Comparison[]): boolean {
  return term.some(
    (one) =>
      isOptional(one) &&
      one.operator !== "!=" &&
      ![one.left, one.right].some(({ kind }) => kind === "header"),
  );
}

function comparisonCode({ operator, left, right }: Comparison, read: ReadingCode): string {
  const isWithNumber = [left, right].some(
    (side) => side.kind === "literal" && typeof side.value === "number",
  );
  const side = (operand: Operand): string => {
    if (operand.kind === "literal") return JSON.stringify(operand.value);
    const isText = operand.kind === "header" && isWithNumber;
    return operand.kind !== "status" && (isOrder(operator) || isText)
      ? `Number(${read(operand)} ?? Number.NaN)`
      : read(operand);
  };
  return `${side(left)} ${isOrder(operator) ? operator : `${operator}=`} ${side(right)}`;
}
