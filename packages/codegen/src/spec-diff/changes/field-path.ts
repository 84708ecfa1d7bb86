import { at } from "./calls.js";

/**
 * The field that a path of a document leads to, as a user writes it: `items[].params.target`. Empty where it leads to no field.
 * `documents` are looked up for the names of parameters.
 */
export function fieldPath(path: readonly string[], ...documents: readonly unknown[]): string {
  let field = "";
  for (let index = 4; index < path.length; index += 1) {
    const token = path[index] ?? "";
    const before = path[index - 1];
    if (before === "parameters" && index === 4) {
      const here = path.slice(0, 5);
      const names = documents.map((document) => at(at(document, here), ["name"]));
      field = String(names.find((name) => name !== undefined) ?? token);
    } else if (isKey(path, index)) field = field === "" ? token : `${field}.${token}`;
    else if (token === "items" || token === "prefixItems") field += "[]";
    else if (token === "additionalProperties" && index < path.length - 1) field += "[…]";
  }
  return field;
}

/** True if a token is the name of a field, and not a keyword. */
function isKey(path: readonly string[], index: number): boolean {
  if (path[index - 1] !== "properties") return false;
  // A field may be called "properties" itself.
  let keywords = 0;
  for (let back = index - 1; back >= 4 && path[back] === "properties"; back -= 1) keywords += 1;
  return keywords % 2 === 1;
}
