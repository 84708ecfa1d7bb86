import type { LockedPage } from "./lock/lock.js";
import { digestOf } from "./page/digest.js";
import { digestsOf, type Page } from "./page/page.js";

/** A change of a section of a page. */
export interface SectionChange {
  readonly change: "changed" | "added" | "removed" | "renamed";
  readonly section: string;
  /** The heading that it had before. */
  readonly before?: string;
}

/**
 * Compares a page with its entry in the lock. A new layout is no change: the same words in the same order are the same page, and
 * so are sections with the same words, wherever they stand.
 */
export function comparePage(locked: LockedPage, page: Page): SectionChange[] {
  const now = digestsOf(page);
  if (locked.words === now.words) return [];
  const nothing = digestOf("");
  let before = Object.entries(locked.sections ?? {});
  const after = Object.entries(now.sections);
  const renamed: SectionChange[] = [];

  const pair = (
    isSame: (a: [string, string], b: [string, string]) => boolean,
    found?: (a: string, b: string) => void,
  ): void => {
    before = before.filter((one) => {
      const index = after.findIndex((other) => isSame(one, other));
      const [other] = index < 0 ? [] : after.splice(index, 1);
      if (other) found?.(one[0], other[0]);
      return other === undefined;
    });
  };
  pair(([name, digest], [other, same]) => name === other && digest === same);
  pair(([name, digest], [other, same]) => unnumbered(name) === unnumbered(other) && digest === same);
  pair(
    ([, digest], [, same]) => digest === same && digest !== nothing,
    (old, section) => renamed.push({ change: "renamed", section, before: old }),
  );
  const changed: SectionChange[] = [];
  pair(
    ([name], [other]) => name === other,
    (_, section) => changed.push({ change: "changed", section }),
  );
  pair(
    ([name], [other]) => unnumbered(name) === unnumbered(other),
    (_, section) => changed.push({ change: "changed", section }),
  );
  return [
    ...changed,
    ...renamed,
    ...after.map(([section]): SectionChange => ({ change: "added", section })),
    ...before.map(([section]): SectionChange => ({ change: "removed", section })),
  ];
}

function unnumbered(name: string): string {
  return name.replace(/ \(\d+\)$/, "");
}
