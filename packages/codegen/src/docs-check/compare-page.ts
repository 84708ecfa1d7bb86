import type { LockedPage } from "./lock/lock.js";
import { digestOf } from "./page/digest.js";
import { digestsOf, lineDigests, type Page, splitLines } from "./page/page.js";
import { headingsOf, unnumbered } from "./page/sections.js";

/** A change of a section of a page. */
export interface SectionChange {
  /** A renamed section may say something else, too. */
  readonly change: "changed" | "added" | "removed" | "renamed";
  readonly section: string;
  /** The name that it had before. */
  readonly before?: string;
}

/** A section of the locked or of the present page. */
interface Side {
  readonly name: string;
  readonly headings: readonly string[];
  readonly digest: string;
  /** Digests of its lines; undefined if the lock has none. */
  readonly lines: readonly string[] | undefined;
  readonly index: number;
}

const NOTHING = digestOf("");

/**
 * Compares a page with its entry in the lock. A new layout is no change: the same words in the same order are the same page, and
 * so are sections with the same words, wherever they stand. The others are paired by likeness, of their headings and their lines.
 */
export function comparePage(locked: LockedPage, page: Page): SectionChange[] {
  const digests = digestsOf(page);
  if (locked.words === digests.words) return [];
  let before = Object.entries(locked.sections ?? {}).map(([name, digest], index): Side => {
    const lines = locked.lines?.[name];
    return {
      name,
      headings: headingsOf(name),
      digest,
      lines: lines === undefined ? (digest === NOTHING ? [] : undefined) : splitLines(lines),
      index,
    };
  });
  let after = page.sections.map(
    ({ name, text }, index): Side => ({
      name,
      headings: headingsOf(name),
      digest: digests.sections[name] ?? NOTHING,
      lines: lineDigests(text),
      index,
    }),
  );
  const pairs: [Side, Side][] = [];
  const pair = (old: Side, now: Side): void => {
    pairs.push([old, now]);
    before = before.filter((one) => one !== old);
    after = after.filter((one) => one !== now);
  };
  const pairAll = (isSame: (old: Side, now: Side) => boolean): void => {
    for (const old of before) {
      const now = after.find((one) => isSame(old, one));
      if (now) pair(old, now);
    }
  };
  pairAll((old, now) => old.name === now.name && old.digest === now.digest);
  pairAll((old, now) => unnumbered(old.name) === unnumbered(now.name) && old.digest === now.digest);
  pairAll((old, now) => old.headings.at(-1) === now.headings.at(-1) && old.digest === now.digest);
  pairAll((old, now) => old.digest === now.digest && now.digest !== NOTHING);
  pairAlike();
  return [...pairs]
    .sort(([, a], [, b]) => a.index - b.index)
    .flatMap(([old, now]) => changeOf(old, now))
    .sort((a, b) => Number(a.change === "renamed") - Number(b.change === "renamed"))
    .concat(
      after.map(({ name }): SectionChange => ({ change: "added", section: name })),
      before.map(({ name }): SectionChange => ({ change: "removed", section: name })),
    );

  /** Pairs the two that are most alike, again and again. */
  function pairAlike(): void {
    for (;;) {
      let best: { score: number; old: Side; now: Side } | undefined;
      for (const old of before) {
        for (const now of after) {
          const score = likeness(old, now) + (areNeighbours(old, now) ? 0.3 : 0);
          if (score >= 0.6 && score > (best?.score ?? 0)) best = { score, old, now };
        }
      }
      if (!best) return;
      pair(best.old, best.now);
    }
  }

  /** True if what stands before or after them, or below them, is paired. */
  function areNeighbours(old: Side, now: Side): boolean {
    return [-1, 1].some((step) =>
      pairs.some(([a, b]) => a.index === old.index + step && b.index === now.index + step),
    );
  }
}

/** True if no heading and no section of the locked page is left, so that this may be another page. */
export function isNothingLeft(locked: LockedPage, now: Readonly<Record<string, string>>): boolean {
  const before = Object.entries(locked.sections ?? {});
  const digests = Object.values(now).filter((digest) => digest !== NOTHING);
  return (
    before.length > 0 &&
    !before.some(([name, digest]) => Object.hasOwn(now, name) || digests.includes(digest))
  );
}

function changeOf(old: Side, now: Side): SectionChange[] {
  if (old.headings.at(-1) !== now.headings.at(-1))
    return [{ change: "renamed", section: now.name, before: old.name }];
  if (old.digest === now.digest) return [];
  const isSamePath = unnumbered(old.name) === unnumbered(now.name);
  return [
    {
      change: "changed",
      section: now.name,
      ...(isSamePath && old.name === now.name ? {} : { before: old.name }),
    },
  ];
}

/** How alike two sections are, from 0 to about 2: by the path of headings, and by the lines that both have. */
function likeness(old: Side, now: Side): number {
  const isSamePath = unnumbered(old.name) === unnumbered(now.name);
  const isSameHeading = old.headings.at(-1) === now.headings.at(-1);
  const heading = isSamePath
    ? 0.8
    : isSameHeading
      ? 0.6
      : 0.5 * share(wordsOf(old.headings.at(-1)), wordsOf(now.headings.at(-1)));
  const text =
    old.lines === undefined || now.lines === undefined
      ? 0
      : old.lines.length + now.lines.length === 0
        ? 0.3
        : share(old.lines, now.lines);
  return heading + text + (old.name === now.name ? 0.05 : 0);
}

/** The share of members that two lists have in common, from 0 to 1. */
function share(some: readonly string[], others: readonly string[]): number {
  const left = [...others];
  let common = 0;
  for (const one of some) {
    const index = left.indexOf(one);
    if (index < 0) continue;
    left.splice(index, 1);
    common += 1;
  }
  return some.length + others.length === 0 ? 0 : (2 * common) / (some.length + others.length);
}

function wordsOf(heading = ""): string[] {
  return heading.toLowerCase().match(/[\p{L}\p{N}_-]+/gu) ?? [];
}
