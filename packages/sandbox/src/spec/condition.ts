import { parseReading, type Reading, read, type Seen } from "./expression.js";
import { asObject, asText } from "./narrow.js";

/** One criterion of a workflow, read. */
export interface Criterion {
  /** What it looks at. */
  readonly readings: readonly Reading[];
  holds(reply: Seen): boolean;
}

/**
 * Reads a criterion of the profile: `simple`, or a `regex` with a context.
 * @throws {SyntaxError} saying what cannot be read
 */
export function parseCriterion(value: unknown): Criterion {
  const { condition, context, type } = asObject(value);
  const text = asText(condition) ?? "";
  if (type === undefined || type === "simple") return simple(text);
  const reading = parseReading(asText(context) ?? "");
  if (type !== "regex" || !reading) throw new SyntaxError(`this criterion is not in the profile: ${text}`);
  const pattern = new RegExp(text);
  return {
    readings: [reading],
    holds: (reply) => {
      const found = read(reading, reply);
      return found !== undefined && pattern.test(asMatched(found, reading, reply));
    },
  };
}

/** Whether all criteria hold. Those that do not speak of the status hold for 2xx replies only. */
export function allHold(criteria: readonly Criterion[], reply: Seen): boolean {
  const isAboutStatus = criteria.some(({ readings }) => readings.some(({ kind }) => kind === "status"));
  if (!isAboutStatus && !(reply.status >= 200 && reply.status < 300)) return false;
  return criteria.every((criterion) => criterion.holds(reply));
}

/** A whole body is matched as its JSON text, where it is JSON; a value in it as it is. */
function asMatched(found: unknown, reading: Reading, reply: Seen): string {
  const isWholeBody = reading.kind === "body" && reading.pointer.length === 0;
  const isText = typeof found === "string" && !(isWholeBody && isJson(reply));
  return isText ? found : (JSON.stringify(found) ?? "");
}

function isJson({ headers }: Seen): boolean {
  return /\bjson\b/.test(headers.get("content-type") ?? "");
}

type Value = string | number | boolean | null;
type Operand = { readonly literal: Value } | { readonly reading: Reading };
type Node =
  | { readonly operator: "&&" | "||"; readonly left: Node; readonly right: Node }
  | { readonly compare: string; readonly left: Operand; readonly right: Operand };

/** Ends the whole condition: a pointer reached nothing. */
const NOTHING = Symbol("nothing");

function simple(text: string): Criterion {
  const node = parse(text);
  return {
    readings: readingsOf(node),
    holds: (reply) => {
      try {
        return evaluate(node, reply);
      } catch (error) {
        if (error === NOTHING) return false;
        throw error;
      }
    },
  };
}

const TOKEN =
  /\s*(\|\||&&|[=!<>]=|[<>]|'(?:[^']|'')*'|-?\d+(?:\.\d+)?(?![\w.])|\$[^\s()=!<>&|']+|true|false|null)/y;

function parse(text: string): Node {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== "") {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) throw new SyntaxError(`cannot read this condition: ${text.slice(at)}`);
    tokens.push(token);
  }
  let next = 0;
  const binary = (operator: "&&" | "||", operand: () => Node): Node => {
    let left = operand();
    while (tokens[next] === operator) {
      next += 1;
      left = { operator, left, right: operand() };
    }
    return left;
  };
  const comparison = (): Node => {
    const [left, compare, right] = tokens.slice(next, next + 3);
    next += 3;
    if (
      left === undefined ||
      right === undefined ||
      compare === undefined ||
      !/^([=!<>]=|[<>])$/.test(compare)
    ) {
      throw new SyntaxError(`cannot read this condition: ${text}`);
    }
    return { compare, left: operand(left), right: operand(right) };
  };
  const node = binary("||", () => binary("&&", comparison));
  if (next < tokens.length) throw new SyntaxError(`cannot read this condition: ${text}`);
  return node;
}

function operand(token: string): Operand {
  if (token.startsWith("'")) return { literal: token.slice(1, -1).replaceAll("''", "'") };
  if (token === "true" || token === "false") return { literal: token === "true" };
  if (token === "null") return { literal: null };
  if (/^-?\d/.test(token)) return { literal: Number(token) };
  const reading = parseReading(token);
  if (!reading) throw new SyntaxError(`this is nothing that a condition can read: ${token}`);
  return { reading };
}

function evaluate(node: Node, reply: Seen): boolean {
  if ("operator" in node) {
    const left = evaluate(node.left, reply);
    return node.operator === "&&" ? left && evaluate(node.right, reply) : left || evaluate(node.right, reply);
  }
  const isNumeric = /^[<>]/.test(node.compare) || [node.left, node.right].some(isNumber);
  const [left, right] = [node.left, node.right].map((side) => {
    if ("literal" in side) return side.literal;
    const value = read(side.reading, reply);
    if (value === undefined) throw NOTHING;
    const isText =
      typeof value === "string" && (side.reading.kind === "header" || /^[<>]/.test(node.compare));
    return isNumeric && isText ? Number(value) : value;
  });
  if (node.compare === "==") return left === right;
  if (node.compare === "!=") return left !== right;
  if (typeof left !== "number" || typeof right !== "number") return false;
  if (node.compare === "<") return left < right;
  if (node.compare === "<=") return left <= right;
  return node.compare === ">" ? left > right : left >= right;
}

function isNumber(side: Operand): boolean {
  return "literal" in side && typeof side.literal === "number";
}

function readingsOf(node: Node): Reading[] {
  if ("operator" in node) return [...readingsOf(node.left), ...readingsOf(node.right)];
  return [node.left, node.right].flatMap((side) => ("reading" in side ? [side.reading] : []));
}
