/** A JSON pointer: the tokens from the root of a document to a value in it (RFC 6901). */
export type Pointer = readonly string[];

/** A path in a parsed document. A number is the index of a list. */
export type Path = readonly (string | number)[];

/** Parses a JSON pointer such as `/items/0/id`. Undefined if the text is not empty and does not begin with a slash. */
export function parsePointer(text: string): Pointer | undefined {
  if (text === "") return [];
  if (!text.startsWith("/")) return undefined;
  return text.slice(1).split("/").map(unescapeToken);
}

/** Prints a JSON pointer. */
export function printPointer(pointer: Pointer): string {
  return pointer.map((token) => `/${token.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** Parses a local reference such as `#/components/schemas/Job`, whose pointer is a URI fragment (RFC 6901 §6). */
export function refPath(ref: string): Pointer {
  return ref
    .replace(/^#\/?/, "")
    .split("/")
    .map((token) => unescapeToken(decode(token)));
}

/** The value at a path. Undefined if the path reaches nothing; only own properties and indexes of lists are reached. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const token of path) {
    if (Array.isArray(value)) value = isIndex(token) ? value[Number(token)] : undefined;
    else if (isObject(value) && Object.hasOwn(value, token)) value = value[token];
    else return undefined;
  }
  return value;
}

/** Copies a document with another value at a path. A path that reaches nothing changes nothing. */
export function replaceAt(document: unknown, path: Path, value: unknown): unknown {
  const [token, ...rest] = path;
  if (token === undefined) return value;
  if (Array.isArray(document)) {
    if (!isIndex(token)) return document;
    const index = Number(token);
    return document.map((item, at) => (at === index ? replaceAt(item, rest, value) : item));
  }
  if (!isObject(document) || !Object.hasOwn(document, token)) return document;
  return { ...document, [token]: replaceAt(document[token], rest, value) };
}

/** Copies a document with another value for each text, number, boolean and null. */
export function mapLeaves(
  document: unknown,
  map: (leaf: unknown, pointer: Pointer) => unknown,
  pointer: Pointer = [],
): unknown {
  if (Array.isArray(document))
    return document.map((item, index) => mapLeaves(item, map, [...pointer, String(index)]));
  if (!isObject(document)) return map(document, pointer);
  return Object.fromEntries(
    Object.entries(document).map(([key, value]) => [key, mapLeaves(value, map, [...pointer, key])]),
  );
}

/** `~1` is unescaped before `~0`, so that `~01` becomes `~1` (RFC 6901 §4). */
function unescapeToken(token: string): string {
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}

function decode(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token; // a percent sign that encodes nothing
  }
}

/** An index has no leading zeros (RFC 6901 §4). */
function isIndex(token: string | number): boolean {
  return /^(0|[1-9]\d*)$/.test(String(token));
}

function isObject(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
