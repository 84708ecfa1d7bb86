/** How much a change asks of a client's user: nothing at all, nothing but to know of it, nothing to have more, or to change code. */
export type Bump = "none" | "patch" | "minor" | "major";

export const bumps: readonly Bump[] = ["none", "patch", "minor", "major"];

/** A difference between two versions of a spec. */
export interface Change {
  readonly bump: Bump;
  /** A sentence without its full stop, in words of a client's user: "`period` now also takes `LAST_2_WEEKS`". */
  readonly text: string;
  /** The operations that it is about, where the sentence is the same for several. */
  readonly operations?: readonly string[];
  /** Whether it shows only when the client runs: the compiler cannot tell. */
  readonly atRunTime?: boolean;
}

export function highest(all: readonly Bump[]): Bump {
  return all.reduce((one, other) => (isAtLeast(one, other) ? one : other), "none");
}

export function isAtLeast(bump: Bump, needed: Bump): boolean {
  return bumps.indexOf(bump) >= bumps.indexOf(needed);
}

/** The sentences, gravest first; what is said of several operations is said once. */
export function mergeChanges(changes: readonly Change[]): Change[] {
  const merged = new Map<string, Change>();
  for (const change of changes) {
    const key = `${change.bump} ${change.text}`;
    const operations = [...(merged.get(key)?.operations ?? []), ...(change.operations ?? [])];
    merged.set(key, {
      ...change,
      ...(operations.length > 0 ? { operations: [...new Set(operations)] } : {}),
    });
  }
  return [...merged.values()].sort((a, b) => bumps.indexOf(b.bump) - bumps.indexOf(a.bump));
}

/** A change as a line of a report or a changelog. */
export function sentenceOf({ text, operations = [] }: Change): string {
  return operations.length > 0 ? `${text} (${operations.map(code).join(", ")})` : text;
}

/** A name or value, as Markdown's code. */
export function code(value: unknown): string {
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

/** Names or values in a row: "`a`, `b` and `c`". */
export function listed(values: readonly unknown[]): string {
  const words = values.map(code);
  const last = words.pop();
  return words.length > 0 ? `${words.join(", ")} and ${last}` : (last ?? "");
}

/** What is in the second list and not in the first, and the other way round. */
export function listChanges<T>(before: readonly T[], after: readonly T[]): { added: T[]; removed: T[] } {
  return {
    added: after.filter((value) => !before.includes(value)),
    removed: before.filter((value) => !after.includes(value)),
  };
}
