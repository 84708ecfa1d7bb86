import { isObject } from "../spec/narrow.js";

/** The first field whose name matches, in a request or in an object inside it. */
export function findField(value: unknown, name: RegExp, depth = 0): unknown {
  if (!isObject(value) || depth > 4) return undefined;
  for (const [key, field] of Object.entries(value)) if (name.test(key)) return field;
  for (const field of Object.values(value)) {
    const found = findField(field, name, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
