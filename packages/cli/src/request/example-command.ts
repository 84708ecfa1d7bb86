import type { RequestFlag } from "./flags.js";

/** A command that is longer than this has a flag a line. */
const LINE = 90;

/**
 * A command line that can be tried.
 * @param words what stands before the flags: `outhaul ongage exportContacts`
 * @param request a complete request
 * @param more flags of the command itself
 */
export function exampleCommand(
  words: string,
  flags: readonly RequestFlag[],
  request: Readonly<Record<string, unknown>>,
  more: readonly string[],
): string {
  const given = flags.flatMap(({ flag, field }) => {
    const value = valueAt(request, field.path);
    if (value === undefined) return [];
    const values = field.isList && Array.isArray(value) ? value : [value];
    return values.map((one) => `--${flag} ${quoted(one)}`);
  });
  const parts = [words, ...given, ...more];
  const line = parts.join(" ");
  return line.length <= LINE ? line : parts.join(" \\\n    ");
}

/** A command line with a placeholder for each field that a call needs. */
export function neededCommand(words: string, flags: readonly RequestFlag[]): string {
  const needed = flags.filter(({ field }) => field.required);
  return [words, ...needed.map(({ flag, field }) => `--${flag} <${field.kind}>`)].join(" ");
}

function valueAt(request: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === "object" && value !== null
        ? (value as Record<string, unknown>)[name] // any key of an object of JSON
        : undefined,
    request,
  );
}

/** A value as a shell takes it. */
function quoted(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
