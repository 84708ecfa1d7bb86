import type { CitingElement } from "./lock/citations.js";
import type { Page } from "./page/page.js";

/** What a page shows of the spec that cites it. */
export interface SpecOnPage {
  /** The names of fields, paths and headers that the page names. */
  readonly found: readonly string[];
  /** True if that is enough to take it for the page that is cited. A plain word such as "name" is on every page: it takes two. */
  readonly isEnough: boolean;
}

/** Looks for the fields, paths and headers of citing elements on a page. */
export function specOnPage({ sections }: Page, citedBy: readonly CitingElement[]): SpecOnPage {
  const text = sections.map(({ heading, text }) => `${heading}\n${text}`).join("\n");
  const names = new Set(citedBy.flatMap(({ fields }) => fields.map(({ words: [name = ""] }) => name)));
  const marks = new Set(citedBy.flatMap(({ marks }) => marks));
  const clear = [
    ...[...marks].filter((mark) => patternOf(mark).test(text)),
    ...[...names].filter((name) => !isPlain(name) && patternOf(name).test(text)),
    ...[...names].filter(
      (name) =>
        isPlain(name) && new RegExp(`["'\`]${name}["'\`]|^[|\\s•*-]*${name}(?![\\w'-])`, "m").test(text),
    ),
  ];
  const plain = [...names].filter(
    (name) => isPlain(name) && !clear.includes(name) && patternOf(name).test(text),
  );
  return { found: [...clear, ...plain], isEnough: clear.length > 0 || plain.length > 1 };
}

function isPlain(word: string): boolean {
  return /^[a-z]+$/.test(word);
}

/** A pattern for a word, or for a path, whose `{parameters}` may be written in any way. */
function patternOf(text: string): RegExp {
  const escaped = text
    .split(/\{[^}]*\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join(String.raw`[^\s/]+`);
  return new RegExp(String.raw`(?<![\w-])${escaped}(?![\w-])`);
}
