import { isObject } from "./narrow.js";

/** A JSON pointer, one token after the other. */
export type Pointer = readonly string[];

/** Takes `/items/0/id` apart. */
export function parsePointer(text: string): Pointer {
  if (text === "") return [];
  return text
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** What the pointer reaches; undefined when it reaches nothing. */
export function readPointer(document: unknown, pointer: Pointer): unknown {
  let value = document;
  for (const token of pointer) {
    if (Array.isArray(value)) value = /^\d+$/.test(token) ? value[Number(token)] : undefined;
    else if (isObject(value) && Object.hasOwn(value, token)) value = value[token];
    else return undefined;
  }
  return value;
}

/** A copy of the document with another value where the pointer leads; the document itself when it leads nowhere. */
export function writePointer(document: unknown, pointer: Pointer, value: unknown): unknown {
  const [token, ...rest] = pointer;
  if (token === undefined) return value;
  if (Array.isArray(document)) {
    const index = Number(token);
    if (!(index < document.length)) return document;
    return document.map((item, at) => (at === index ? writePointer(item, rest, value) : item));
  }
  if (!isObject(document) || !Object.hasOwn(document, token)) return document;
  return { ...document, [token]: writePointer(document[token], rest, value) };
}

/** Calls `visit` for every text, number, truth value and null, and makes a copy of what it returns. */
export function mapLeaves(
  document: unknown,
  visit: (leaf: unknown, pointer: Pointer) => unknown,
  pointer: Pointer = [],
): unknown {
  if (Array.isArray(document)) {
    return document.map((item, index) => mapLeaves(item, visit, [...pointer, String(index)]));
  }
  if (!isObject(document)) return visit(document, pointer);
  return Object.fromEntries(
    Object.entries(document).map(([key, value]) => [key, mapLeaves(value, visit, [...pointer, key])]),
  );
}
