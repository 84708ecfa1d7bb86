import type { Rule } from "./rules.js";

/** A mistake in a spec: where it is, which rule it breaks, and what to do. */
export interface Diagnostic {
  /** Relative to the repository's root. */
  readonly file: string;
  readonly line: number;
  readonly rule: Rule;
  readonly message: string;
  readonly hint: string;
}

/** Sorts diagnostics by file, line and text, and removes duplicates. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const unique = new Map(diagnostics.map((d) => [`${d.file}:${d.line}:${d.rule}:${d.message}`, d]));
  return [...unique.values()].sort(
    (a, b) =>
      compare(a.file, b.file) || a.line - b.line || compare(a.rule, b.rule) || compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
