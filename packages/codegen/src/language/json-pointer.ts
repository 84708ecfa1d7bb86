/** The way from a document's root to a value in it: the tokens of its JSON pointer. */
export type Path = readonly (string | number)[];

/** The path that a local reference such as `#/components/schemas/Job` names. */
export function refPath(ref: string): Path {
  return ref
    .replace(/^#\/?/, "")
    .split("/")
    .map((token) => decodeURIComponent(token).replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** What stands at a path of a parsed document. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const token of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.hasOwn(value, token) ? (value as Record<string | number, unknown>)[token] : undefined; // an object was just asked for
  }
  return value;
}
