import { parseReading, printExpression, type Reading } from "./expression.js";

/** A literal of a condition. */
export type Literal = string | number | boolean | null;

/** One side of a comparison. */
export type Operand = Reading | { readonly kind: "literal"; readonly value: Literal };

/** An operator of a comparison. */
export type Operator = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** A comparison of a reading with a literal. */
export interface Comparison {
  readonly kind: "compare";
  readonly operator: Operator;
  readonly left: Operand;
  readonly right: Operand;
}

/** A `simple` condition (Arazzo 1.0.1, Criterion Object). */
export type Condition =
  | Comparison
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition };

/** A condition or a criterion that is none of the profile. The message says what is wrong with it. */
export class ConditionError extends SyntaxError {}

const TOKEN =
  /\s*(?:(\|\||&&|==|!=|<=|>=|[<>])|('(?:[^']|'')*')|(-?\d+(?:\.\d+)?)(?![\w.])|(\$[^\s=!<>&|'()]+)|([A-Za-z_]\w*))/y;

/**
 * Parses a `simple` condition.
 * @throws {ConditionError} if it is none of the profile
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
    const literal = left.kind === "literal" ? left : right;
    if (literal.kind !== "literal" || (left.kind === "literal") === (right.kind === "literal"))
      throw new ConditionError("a value of the reply is compared with a literal, and nothing else");
    if (isOrder(operator) && typeof literal.value !== "number")
      throw new ConditionError(`${operator} compares with a number`);
    return { kind: "compare", operator, left, right };
  }
  function operand(): Operand {
    const token = peek();
    if (token === undefined || /^(\|\||&&|==|!=|<=|>=|[<>])$/.test(token)) return fail("a value");
    position += 1;
    return parseOperand(token);
  }

  const condition = or();
  if (position < tokens.length) fail("&&, || or the end");
  return condition;
}

/** Prints a condition as a spec has it. The grammar has no parentheses, so an `or` inside an `and` cannot be printed. */
export function printCondition(condition: Condition): string {
  const { kind, left, right } = condition;
  if (kind === "compare") return `${printOperand(left)} ${condition.operator} ${printOperand(right)}`;
  return `${printCondition(left)} ${kind === "and" ? "&&" : "||"} ${printCondition(right)}`;
}

/** The comparisons of a condition, in the order of its text. */
export function comparisonsOf(condition: Condition): Comparison[] {
  return condition.kind === "compare"
    ? [condition]
    : [...comparisonsOf(condition.left), ...comparisonsOf(condition.right)];
}

/** True if an operator compares by size. */
export function isOrder(operator: Operator): boolean {
  return operator !== "==" && operator !== "!=";
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

function parseOperand(token: string): Operand {
  if (token.startsWith("'")) return { kind: "literal", value: token.slice(1, -1).replaceAll("''", "'") };
  if (/^-?\d/.test(token)) return { kind: "literal", value: Number(token) };
  if (token === "true" || token === "false") return { kind: "literal", value: token === "true" };
  if (token === "null") return { kind: "literal", value: null };
  const reading = parseReading(token);
  if (reading) return reading;
  throw new ConditionError(`${token} is nothing that a condition can read; texts stand in 'single quotes'`);
}

function printOperand(operand: Operand): string {
  if (operand.kind !== "literal") return printExpression(operand);
  const { value } = operand;
  return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value);
}

function isOperator(token: string | undefined): token is Operator {
  return token !== undefined && ["==", "!=", "<", "<=", ">", ">="].includes(token);
}
