/**
 * True if a value of an untrusted body matches a pattern, or contains a text. Other values than texts are compared as JSON; nothing matches `undefined`.
 */
export function matchesText(value: unknown, pattern: RegExp | string): boolean {
  if (value === undefined) return false;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return typeof pattern === "string" ? text.includes(pattern) : text.search(pattern) !== -1;
}
