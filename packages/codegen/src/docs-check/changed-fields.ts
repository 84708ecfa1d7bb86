import type { CitingElement, Field } from "./lock/citations.js";

/** How many lines above a change are looked at for the property that it belongs to. */
const LINES_ABOVE = 12;

/** A text, and the lines of it that are changed. */
export interface ChangedText {
  readonly lines: readonly string[];
  /** The indexes of new or removed lines; of a gap that a line left, the index of the line after it. */
  readonly changed: readonly number[];
  /** True if `changed` are gaps: what stood there is not known. */
  readonly areGaps?: boolean;
  /** The headings above the text, from the page's to its own. */
  readonly headings: readonly string[];
}

/** The names of the fields that changed lines speak of: by words in them, or else by the nearest property or heading above. */
export function changedFields(texts: readonly ChangedText[], citedBy: readonly CitingElement[]): string[] {
  const fields = citedBy.flatMap((element) => element.fields);
  const names = texts.flatMap((text) =>
    text.changed.flatMap((index) => fieldsOfLine(text, index, fields).map(({ name }) => name)),
  );
  return [...new Set(names)].sort();
}

function fieldsOfLine(
  { lines, headings, areGaps }: ChangedText,
  index: number,
  fields: readonly Field[],
): Field[] {
  const line = areGaps ? "" : (lines[index] ?? "");
  const own = fields.filter((field) => isPropertyLine(line, field));
  if (own.length > 0) return own;
  const named = fields.filter((field) => isNamedIn(line, field));
  for (let above = index - 1; above >= Math.max(0, index - LINES_ABOVE); above -= 1) {
    const found = fields.filter((field) => isPropertyLine(lines[above] ?? "", field));
    if (found.length > 0) return [...named, ...found];
  }
  if (named.length > 0) return named;
  for (const heading of [...headings].reverse()) {
    const found = fields.filter((field) => isPropertyLine(heading, field) || isNamedIn(heading, field));
    if (found.length > 0) return found;
  }
  return [];
}

/** True if a line begins with a field's name, as a row of a table or a property of a reference does: `| kind | …`, `"kind": …`, `kind string required`. */
function isPropertyLine(line: string, { words: [name = ""] }: Field): boolean {
  return new RegExp(
    String.raw`^[|\s*•·-]*["'\`]?([\w$-]+(\[\])?\.)*${escaped(name)}(\[\])?["'\`]?(?![\w-])`,
  ).test(line);
}

/** True if a text names a field, a long word of its values, or two of its values. A plain word such as "name" has to be in quotes. */
function isNamedIn(text: string, { words: [name = "", ...values] }: Field): boolean {
  if (mentions(text, name)) return true;
  if (values.some((value) => value.length > 3 && mentions(text, value))) return true;
  return values.filter((value) => new RegExp(`(?<![\\w-])${escaped(value)}(?![\\w-])`).test(text)).length > 1;
}

function mentions(text: string, word: string): boolean {
  const isPlain = /^[a-z]+$/.test(word);
  const pattern = isPlain ? `["'\`]${escaped(word)}["'\`]` : `(?<![\\w-])${escaped(word)}(?![\\w-])`;
  return new RegExp(pattern).test(text);
}

/** A text as it stands in a regular expression. */
function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
