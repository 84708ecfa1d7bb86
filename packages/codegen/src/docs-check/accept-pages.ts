import type { Repository } from "../config/repository.js";
import { comparePage, isNothingLeft } from "./compare-page.js";
import { type Citation, readCitations } from "./lock/citations.js";
import { type LockedPage, readLock, writeLock } from "./lock/lock.js";
import type { TextCache } from "./lock/text-cache.js";
import type { Fault } from "./page/fault.js";
import { wordsIn } from "./page/impostor.js";
import { digestsOf, type Page } from "./page/page.js";
import type { PageSource } from "./source/page-source.js";
import { specOnPage } from "./spec-on-page.js";

/** The result of accepting one page. */
export interface Accepted {
  readonly url: string;
  readonly done: "taken" | "same" | "kept" | "dropped";
  /** Why the page was not accepted. */
  readonly fault?: Fault;
  readonly movedTo?: string;
}

/** What a person is told of a page before it is taken. */
export interface PageSummary {
  readonly url: string;
  readonly title: string;
  readonly sections: number;
  readonly words: number;
  /** The names of the spec that the page shows. */
  readonly found: readonly string[];
}

/** The options of {@link acceptPages}. */
export interface AcceptOptions {
  readonly source: PageSource;
  readonly cache: TextCache;
  /** The date of today, such as `2026-11-22`. */
  readonly today: string;
  /** The pages to accept, even if nothing of their old text is left. @default all pages */
  readonly only?: readonly string[];
  /** True if pages are taken on which nothing of the spec is, or nothing of what they were. @default false */
  readonly force?: boolean;
  /** Asks if a page is to be taken. */
  readonly confirm: (page: PageSummary) => Promise<boolean>;
  /** Called after each page. */
  readonly onAccepted?: (accepted: Accepted) => void;
}

/**
 * Renews a vendor's lock from its pages, and removes the pages that the spec does not cite. A page that cannot be read keeps its entry;
 * a new page that cannot be read gets an entry without digests.
 * @throws {Error} if `only` names a page that the spec does not cite
 */
export async function acceptPages(
  repository: Repository,
  vendor: string,
  { source, cache, today, only = [], force = false, confirm, onAccepted }: AcceptOptions,
): Promise<Accepted[]> {
  const citations = await readCitations(repository, vendor);
  const lock = await readLock(repository, vendor);
  const { pages } = lock;
  const uncited = only.find((url) => !citations.has(url));
  if (uncited !== undefined) throw new Error(`Nothing in ${repository.specFolder(vendor)} cites ${uncited}.`);
  const next: Record<string, LockedPage> = {};
  const results: Accepted[] = [];
  const record = (accepted: Accepted): void => {
    results.push(accepted);
    onAccepted?.(accepted);
  };
  for (const citation of citations.values()) {
    const { url, read } = citation;
    const old = pages[url];
    next[url] = old ?? { read };
    if (only.length > 0 && !only.includes(url)) continue;
    const { entry, accepted } = await acceptPage(citation, old, {
      source,
      cache,
      today,
      force,
      confirm,
      isNamed: only.includes(url),
    });
    if (entry) next[url] = entry;
    record(accepted);
  }
  for (const url of Object.keys(pages)) if (!citations.has(url)) record({ url, done: "dropped" });
  await writeLock(repository, vendor, { ...lock, pages: next });
  return results;
}

interface PageOptions extends Pick<AcceptOptions, "source" | "cache" | "today" | "confirm"> {
  readonly force: boolean;
  /** True if the user named the page. */
  readonly isNamed: boolean;
}

/** Reads one page. @returns its new entry, if the page could be read, and the result */
async function acceptPage(
  { url, citedBy }: Citation,
  old: LockedPage | undefined,
  { source, cache, today, isNamed, force, confirm }: PageOptions,
): Promise<{ entry?: LockedPage; accepted: Accepted }> {
  const answer = await source.read(url, old?.sections ? old : {});
  if ("fault" in answer) return { accepted: { url, done: "kept", fault: answer } };
  if ("unchanged" in answer) return { entry: { ...old, read: today }, accepted: { url, done: "same" } };
  const { page, movedTo, etag, lastModified } = answer;
  const changes = old ? comparePage(old, page).length : 0;
  const digests = digestsOf(page);
  const kept = (fault: Fault["fault"], why: string) =>
    ({ accepted: { url, done: "kept", fault: { fault, why } } }) as const;
  if (old && !isNamed && !force && changes > 0 && isNothingLeft(old, digests.sections))
    return kept("nothing-left", `has nothing of what it was on ${old.read}`);
  const isSame = old?.sections !== undefined && changes === 0;
  if (!isSame) {
    const { found, isEnough } = specOnPage(page, citedBy);
    const summary = {
      url,
      title: page.title ?? "",
      sections: page.sections.length,
      words: wordsOf(page),
      found,
    };
    if (!isEnough && !force)
      return kept(
        "foreign",
        `(${describe(summary)}) names nothing of ${citedBy.map(({ name }) => name).join(", ")}`,
      );
    if (!(await confirm(summary))) return kept("unasked", "was not taken: nobody said yes");
  }
  await cache.put(url, page);
  return {
    entry: {
      read: today,
      ...digests,
      ...(etag === undefined ? {} : { etag }),
      ...(lastModified === undefined ? {} : { lastModified }),
    },
    accepted: { url, done: isSame ? "same" : "taken", ...(movedTo === undefined ? {} : { movedTo }) },
  };
}

/** What a page is, in one line: its title, and how much there is of it. */
export function describe({ title, sections, words }: PageSummary): string {
  return `"${title.slice(0, 60)}", ${sections === 1 ? "1 section" : `${sections} sections`}, ${words} words`;
}

function wordsOf({ sections }: Page): number {
  return wordsIn(sections.map(({ heading, text }) => `${heading} ${text}`).join(" "));
}
