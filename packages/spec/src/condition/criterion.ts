import { type Condition, ConditionError, comparisonsOf, type Literal, parseCondition } from "./condition.js";
import { parseReading, printExpression, type Reading } from "./expression.js";

/** A criterion of a step or an action, as an Arazzo document has it. */
export interface Criterion {
  readonly condition: string;
  readonly context?: string;
  readonly type?: "simple" | "regex";
}

/** A parsed criterion. */
export type ParsedCriterion =
  | { readonly kind: "simple"; readonly condition: Condition }
  | { readonly kind: "regex"; readonly context: Reading; readonly pattern: RegExp };

/**
 * Parses a criterion.
 * @throws {ConditionError} if it is none of the profile
 */
export function parseCriterion({ condition, context, type = "simple" }: Criterion): ParsedCriterion {
  if (type === "regex") return parseRegex(condition, context);
  if (type !== "simple") throw new ConditionError(`type: ${type} is not in the profile`);
  if (context !== undefined) throw new ConditionError("a context goes with type: regex only");
  const parsed: ParsedCriterion = { kind: "simple", condition: parseCondition(condition) };
  const readings = readingsOf([parsed]).filter(({ kind }) => kind !== "status");
  if (new Set(readings.map(printExpression)).size > 1)
    throw new ConditionError("one condition reads one pointer: write a criterion for each");
  return parsed;
}

/** The readings of criteria, in the order of their text. */
export function readingsOf(criteria: readonly ParsedCriterion[]): Reading[] {
  return criteria.flatMap((criterion) =>
    criterion.kind === "regex"
      ? [criterion.context]
      : comparisonsOf(criterion.condition).flatMap(({ left, right }) =>
          [left, right].filter((side) => side.kind !== "literal"),
        ),
  );
}

/** The values that criteria compare a reading with: literals, and the words of a pattern such as `^\s*(A|B)\s*$`. */
export function wordsOf(
  criteria: readonly ParsedCriterion[],
  isWanted: (reading: Reading) => boolean = () => true,
): Literal[] {
  return criteria.flatMap((criterion) => {
    if (criterion.kind === "regex")
      return isWanted(criterion.context) ? wordsOfPattern(criterion.pattern) : [];
    return comparisonsOf(criterion.condition).flatMap(({ left, right }) => {
      const [reading, literal] = left.kind === "literal" ? [right, left] : [left, right];
      return reading.kind !== "literal" && literal.kind === "literal" && isWanted(reading)
        ? [literal.value]
        : [];
    });
  });
}

/** A pattern may stand between slashes, with flags: `/^done$/i`. */
function parseRegex(condition: string, context: string | undefined): ParsedCriterion {
  const reading = context === undefined ? undefined : parseReading(context);
  if (!reading) throw new ConditionError("type: regex needs a context such as $response.body#/status");
  const [, source = condition, flags = ""] = /^\/(.+)\/([a-z]*)$/s.exec(condition) ?? [];
  try {
    return { kind: "regex", context: reading, pattern: new RegExp(source, flags) };
  } catch (error) {
    throw new ConditionError(error instanceof Error ? error.message : String(error));
  }
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
