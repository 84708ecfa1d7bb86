import { parseReading, type Reading } from "./expression.js";

/** A text, number, truth value or null that a condition compares with. */
export type Literal = string | number | boolean | null;

export type Operand = Reading | { readonly kind: "literal"; readonly value: Literal };

export type Operator = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** One comparison in a condition. */
export interface Comparison {
  readonly kind: "compare";
  readonly operator: Operator;
  readonly left: Operand;
  readonly right: Operand;
}

/** The tree of a `simple` condition. */
export type Condition =
  | Comparison
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition };

/** A condition that is not in the profile's grammar. */
export class ConditionError extends Error {}

const TOKEN =
  /\s*(?:(\|\||&&|==|!=|<=|>=|[<>])|('(?:[^']|'')*')|(-?\d+(?:\.\d+)?)(?![\w.])|(\$[^\s=!<>&|'()]+)|([A-Za-z_]\w*))/y;

/**
 * Parses a `simple` condition.
 * @throws {ConditionError} saying what was expected and where
 */
export function parseCondition(text: string): Condition {
  const tokens = tokenize(text);
  let position = 0;
  const peek = (): string | undefined => tokens[position];
  const fail = (expected: string): never => {
    throw new ConditionError(
      `${expected} is expected ${peek() === undefined ? "at the end" : `before ${peek()}`}`,
    );
  };

  function or(): Condition {
    let left = and();
    while (peek() === "||") {
      position += 1;
      left = { kind: "or", left, right: and() };
    }
    return left;
  }
  function and(): Condition {
    let left = comparison();
    while (peek() === "&&") {
      position += 1;
      left = { kind: "and", left, right: comparison() };
    }
    return left;
  }
  function comparison(): Condition {
    const left = operand();
    const operator = peek();
    if (!isOperator(operator)) return fail("an operator (== != < <= > >=)");
    position += 1;
    const right = operand();
    if ((left.kind === "literal") === (right.kind === "literal")) {
      throw new ConditionError("a value of the reply is compared with a literal, and nothing else");
    }
    return { kind: "compare", operator, left, right };
  }
  function operand(): Operand {
    const token = peek();
    if (token === undefined || /^(\|\||&&|==|!=|<=|>=|[<>])$/.test(token)) return fail("a value");
    position += 1;
    if (token.startsWith("'")) return { kind: "literal", value: token.slice(1, -1).replaceAll("''", "'") };
    if (/^-?\d/.test(token)) return { kind: "literal", value: Number(token) };
    if (token === "true" || token === "false") return { kind: "literal", value: token === "true" };
    if (token === "null") return { kind: "literal", value: null };
    const reading = parseReading(token);
    if (!reading)
      throw new ConditionError(
        `${token} is nothing that a condition can read; texts stand in 'single quotes'`,
      );
    return reading;
  }

  const condition = or();
  if (position < tokens.length) fail("&&, || or the end");
  return condition;
}

/** Every comparison in a condition. */
export function comparisonsOf(condition: Condition): Comparison[] {
  return condition.kind === "compare"
    ? [condition]
    : [...comparisonsOf(condition.left), ...comparisonsOf(condition.right)];
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== "") {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    const token = match?.slice(1).find((group) => group !== undefined);
    const rest = text.slice(start).trim();
    if (/^[()]/.test(rest))
      throw new ConditionError("there are no parentheses: Redocly Respect does not know them");
    if (token === undefined) throw new ConditionError(`cannot read ${rest.slice(0, 20)}`);
    tokens.push(token);
  }
  return tokens;
}

function isOperator(token: string | undefined): token is Operator {
  return token !== undefined && ["==", "!=", "<", "<=", ">", ">="].includes(token);
}
