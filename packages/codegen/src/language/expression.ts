/** What a condition or an output reads of a reply. */
export type Reading =
  | { readonly kind: "status" }
  | { readonly kind: "header"; readonly name: string }
  | { readonly kind: "body"; readonly pointer: readonly string[] };

/** A runtime expression of the profile. */
export type Expression =
  | Reading
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "output"; readonly step: string; readonly name: string };

/** What a parameter or a field of a payload sends. */
export type Value =
  | { readonly kind: "literal"; readonly value: unknown }
  | Expression
  | { readonly kind: "template"; readonly parts: readonly (string | Expression)[] };

/** Parses an expression such as `$response.body#/status`; undefined when the profile has no such. */
export function parseExpression(text: string): Expression | undefined {
  if (text === "$statusCode") return { kind: "status" };
  if (text === "$response.body") return { kind: "body", pointer: [] };
  const [, pointer] = /^\$response\.body#((?:\/[^/\s]*)+)$/.exec(text) ?? [];
  if (pointer !== undefined) return { kind: "body", pointer: pointer.slice(1).split("/").map(unescapeToken) };
  const [, header] = /^\$response\.header\.([A-Za-z0-9_-]+)$/.exec(text) ?? [];
  if (header !== undefined) return { kind: "header", name: header };
  const [, input] = /^\$inputs\.([A-Za-z_]\w*)$/.exec(text) ?? [];
  if (input !== undefined) return { kind: "input", name: input };
  const [, step, output] = /^\$steps\.([A-Za-z0-9_-]+)\.outputs\.([A-Za-z_]\w*)$/.exec(text) ?? [];
  if (step !== undefined && output !== undefined) return { kind: "output", step, name: output };
  return undefined;
}

/** Parses what a reply is read by; undefined for inputs, outputs of steps and nonsense. */
export function parseReading(text: string): Reading | undefined {
  const expression = parseExpression(text);
  return expression && isReading(expression) ? expression : undefined;
}

/** Parses a literal, an expression, or a text with `{$expressions}` in it; undefined when it looks like an expression and is none. */
export function parseValue(value: unknown): Value | undefined {
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

/** The expressions in a value: none, one, or those of a template. */
export function expressionsOf(value: Value): Expression[] {
  if (value.kind === "literal") return [];
  return value.kind === "template" ? value.parts.filter((part) => typeof part !== "string") : [value];
}

export function isReading(expression: Expression): expression is Reading {
  return expression.kind === "status" || expression.kind === "header" || expression.kind === "body";
}

/** The reading as the spec writes it. */
export function printReading(reading: Reading): string {
  if (reading.kind === "status") return "$statusCode";
  if (reading.kind === "header") return `$response.header.${reading.name}`;
  return reading.pointer.length > 0
    ? `$response.body#/${reading.pointer.map(escapeToken).join("/")}`
    : "$response.body";
}

function unescapeToken(token: string): string {
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}

function escapeToken(token: string): string {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}
