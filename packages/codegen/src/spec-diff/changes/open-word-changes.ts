import { isObject } from "./calls.js";
import { type Change, code, listChanges, listed } from "./change.js";
import { fieldPath } from "./field-path.js";

/**
 * Finds changed words of open enums (`x-extensible-enum`), which `redocly diff` ignores. Their type is `string` with a comment that lists the words, so no
 * word breaks a program.
 */
export function openWordChanges(
  before: unknown,
  after: unknown,
  nameOf: (path: readonly string[]) => string | undefined,
): Change[] {
  const old = wordsIn(before);
  const changes: Change[] = [];
  for (const [pointer, { path, field, words }] of wordsIn(after)) {
    const { added, removed } = listChanges(old.get(pointer)?.words ?? words, words);
    const operation = nameOf(path);
    const add = (text: string): void => {
      changes.push({ bump: "patch", text, ...(operation === undefined ? {} : { operations: [operation] }) });
    };
    if (added.length > 0) add(`${code(field)} of a reply is also known to be ${listed(added)}`);
    if (removed.length > 0) add(`${code(field)} of a reply is not known to be ${listed(removed)} any more`);
  }
  return changes;
}

interface Words {
  readonly path: readonly string[];
  readonly field: string;
  readonly words: readonly unknown[];
}

function wordsIn(
  value: unknown,
  path: readonly string[] = [],
  found = new Map<string, Words>(),
): Map<string, Words> {
  if (!isObject(value)) return found;
  const words = value["x-extensible-enum"];
  if (Array.isArray(words)) {
    found.set(path.join("/"), { path, field: fieldPath(path) || "the body", words });
  }
  for (const [key, inner] of Object.entries(value)) wordsIn(inner, [...path, key], found);
  return found;
}
