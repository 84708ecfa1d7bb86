/** The semantic version bump that a change needs. */
export type Bump = "none" | "patch" | "minor" | "major";

/** All bumps, the lowest first. */
export const bumps: readonly Bump[] = ["none", "patch", "minor", "major"];

/** A difference between two versions of a spec. */
export interface Change {
  readonly bump: Bump;
  /** A sentence for a client's user, without its full stop: "`period` now also takes `LAST_2_WEEKS`". */
  readonly text: string;
  /** The operations that it is about, if the sentence does not name one. */
  readonly operations?: readonly string[];
  /** True if a program's author would look for it in vain: it is no line of a changelog. */
  readonly isQuiet?: true;
  /** True if it shows only at run time, and not to the compiler. */
  readonly atRunTime?: boolean;
}

/** A change of a comment in the generated code, which a maintainer sees and no changelog tells. */
export function documentationChange(of: string): Change {
  return { bump: "patch", text: `The documentation of ${of} says something else`, isQuiet: true };
}

/** The highest of some bumps. */
export function highest(all: readonly Bump[]): Bump {
  return all.reduce((one, other) => (isAtLeast(one, other) ? one : other), "none");
}

/** True if a bump is as high as another, or higher. */
export function isAtLeast(bump: Bump, needed: Bump): boolean {
  return bumps.indexOf(bump) >= bumps.indexOf(needed);
}

/** Sorts changes by bump, the highest first, and joins those that have the same sentence for several operations. */
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

/** Writes a change as a line of a report or a changelog. */
export function sentenceOf({ text, operations = [] }: Change): string {
  return operations.length > 0 ? `${text} (${operations.map(code).join(", ")})` : text;
}

/** Writes a name or value as code of Markdown. */
export function code(value: unknown): string {
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

/** Writes a list of names or values: "`a`, `b` and `c`". */
export function listed(values: readonly unknown[]): string {
  const words = values.map(code);
  const last = words.pop();
  return words.length > 0 ? `${words.join(", ")} and ${last}` : (last ?? "");
}

/** The values that a list has gained and lost. */
export function listChanges<T>(before: readonly T[], after: readonly T[]): { added: T[]; removed: T[] } {
  return {
    added: after.filter((value) => !before.includes(value)),
    removed: before.filter((value) => !after.includes(value)),
  };
}

/** Adds a change of an export. */
export type AddChange = (bump: Bump, text: string, atRunTime?: true) => void;
