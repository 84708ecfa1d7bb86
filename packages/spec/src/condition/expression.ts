import { type Pointer, parsePointer, printPointer } from "../pointer/json-pointer.js";

/** An expression that reads a reply: its status code, a header, or a value of its body. */
export type Reading =
  | { readonly kind: "status" }
  | { readonly kind: "header"; readonly name: string }
  | { readonly kind: "body"; readonly pointer: Pointer };

/** A runtime expression of the profile (Arazzo 1.0.1, Runtime Expressions). */
export type Expression =
  | Reading
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "output"; readonly step: string; readonly name: string };

/** The value of a parameter or of a field of a payload. */
export type Value =
  | { readonly kind: "literal"; readonly value: unknown }
  | Expression
  | { readonly kind: "template"; readonly parts: readonly (string | Expression)[] }
  /** An object or a list with an expression somewhere in it. */
  | { readonly kind: "object"; readonly fields: readonly (readonly [name: string, value: Value])[] }
  | { readonly kind: "list"; readonly items: readonly Value[] };

/** Parses an expression such as `$response.body#/status`. Undefined if it is none of the profile. */
export function parseExpression(text: string): Expression | undefined {
  if (text === "$statusCode") return { kind: "status" };
  if (text === "$response.body") return { kind: "body", pointer: [] };
  const [, pointer] = /^\$response\.body#((?:\/[^/\s]*)+)$/.exec(text) ?? [];
  if (pointer !== undefined) return { kind: "body", pointer: parsePointer(pointer) ?? [] };
  const [, header] = /^\$response\.header\.([A-Za-z0-9_-]+)$/.exec(text) ?? [];
  if (header !== undefined) return { kind: "header", name: header };
  const [, input] = /^\$inputs\.([A-Za-z_]\w*)$/.exec(text) ?? [];
  if (input !== undefined) return { kind: "input", name: input };
  const [, step, output] = /^\$steps\.([A-Za-z0-9_-]+)\.outputs\.([A-Za-z_]\w*)$/.exec(text) ?? [];
  if (step !== undefined && output !== undefined) return { kind: "output", step, name: output };
  return undefined;
}

/** Parses an expression that reads a reply. Undefined if it is none. */
export function parseReading(text: string): Reading | undefined {
  const expression = parseExpression(text);
  return expression && isReading(expression) ? expression : undefined;
}

/** Parses a literal, an expression, a text with `{$expressions}` in it, or an object or list of these. Undefined if an expression in it is none of the profile. */
export function parseValue(value: unknown): Value | undefined {
  if (typeof value === "object" && value !== null) return parseNested(value);
  if (typeof value !== "string") return { kind: "literal", value };
  if (value.startsWith("$")) return parseExpression(value);
  if (!value.includes("{$")) return { kind: "literal", value };
  const parts: (string | Expression)[] = [];
  for (const part of value.split(/(\{\$[^}]*\})/)) {
    const expression = part.startsWith("{$") ? parseExpression(part.slice(1, -1)) : part;
    if (expression === undefined) return undefined;
    if (expression !== "") parts.push(expression);
  }
  return { kind: "template", parts };
}

function parseNested(value: object): Value | undefined {
  const parsed = Object.entries(value).map(([name, inner]) => [name, parseValue(inner)] as const);
  const known = parsed.flatMap(([name, inner]) => (inner ? [[name, inner] as const] : []));
  if (known.length < parsed.length) return undefined;
  if (known.every(([, inner]) => inner.kind === "literal")) return { kind: "literal", value };
  return Array.isArray(value)
    ? { kind: "list", items: known.map(([, inner]) => inner) }
    : { kind: "object", fields: known };
}

/** The expressions in a value, wherever they stand in it. */
export function expressionsOf(value: Value): Expression[] {
  switch (value.kind) {
    case "literal":
      return [];
    case "template":
      return value.parts.filter((part) => typeof part !== "string");
    case "object":
      return value.fields.flatMap(([, inner]) => expressionsOf(inner));
    case "list":
      return value.items.flatMap(expressionsOf);
    default:
      return [value];
  }
}

/** True if an expression reads a reply. */
export function isReading(expression: Expression): expression is Reading {
  return expression.kind === "status" || expression.kind === "header" || expression.kind === "body";
}

/** Prints an expression as a spec has it. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case "status":
      return "$statusCode";
    case "header":
      return `$response.header.${expression.name}`;
    case "body":
      return expression.pointer.length > 0
        ? `$response.body#${printPointer(expression.pointer)}`
        : "$response.body";
    case "input":
      return `$inputs.${expression.name}`;
    case "output":
      return `$steps.${expression.step}.outputs.${expression.name}`;
  }
}
