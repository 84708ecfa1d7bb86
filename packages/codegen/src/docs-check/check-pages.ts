import type { Repository } from "../config/repository.js";
import { changedFields } from "./changed-fields.js";
import { comparePage, isNothingLeft, type SectionChange } from "./compare-page.js";
import { type Citation, readCitations } from "./lock/citations.js";
import { type LockedPage, readLock } from "./lock/lock.js";
import type { TextCache } from "./lock/text-cache.js";
import type { Fault } from "./page/fault.js";
import { digestsOf, type Page } from "./page/page.js";
import { sectionDiff, type TextBefore } from "./section-diff.js";
import type { PageSource } from "./source/page-source.js";

/** The result of checking one page. */
export interface PageReport {
  readonly vendor: string;
  readonly url: string;
  /** The date on which the page was read, from the lock. */
  readonly read: string;
  readonly state: "same" | "changed" | "moved" | "unread" | Fault["fault"];
  /** True if the lock holds digests of the page. */
  readonly taken: boolean;
  /** Why the page could not be read. */
  readonly why?: string;
  /** The new address of the page. */
  readonly movedTo?: string;
  /** True if the page has nothing of what it was. */
  readonly isNothingLeft?: true;
  /** The elements of the spec that cite the page. */
  readonly citedBy: readonly string[];
  readonly changes: readonly (SectionChange & {
    readonly fields: readonly string[];
    readonly diff?: string;
  })[];
}

/** Compares each page that a vendor's spec cites with the lock. Never writes the lock. */
export async function checkPages(
  repository: Repository,
  vendor: string,
  {
    source,
    cache,
    onReport,
  }: { source: PageSource; cache: TextCache; onReport?: (report: PageReport) => void },
): Promise<PageReport[]> {
  const citations = await readCitations(repository, vendor);
  const { pages } = await readLock(repository, vendor);
  const reports: PageReport[] = [];
  for (const citation of [...citations.values()].sort((a, b) => (a.url < b.url ? -1 : 1))) {
    const report = await checkPage(vendor, citation, pages[citation.url], { source, cache });
    reports.push(report);
    onReport?.(report);
  }
  return reports;
}

async function checkPage(
  vendor: string,
  { url, read, citedBy }: Citation,
  locked: LockedPage | undefined,
  { source, cache }: { source: PageSource; cache: TextCache },
): Promise<PageReport> {
  const base = {
    vendor,
    url,
    read: locked?.read ?? read,
    taken: locked?.sections !== undefined,
    citedBy: citedBy.map(({ name }) => name),
    changes: [],
  };
  const answer = await source.read(url, locked?.sections ? locked : {});
  if ("fault" in answer) return { ...base, state: answer.fault, why: answer.why };
  if ("unchanged" in answer) return { ...base, state: "same" };
  const moved = answer.movedTo === undefined ? {} : { movedTo: answer.movedTo };
  if (!locked?.sections) return { ...base, ...moved, state: "unread" };

  const changes = comparePage(locked, answer.page);
  const old = await cache.get(url, locked);
  if (changes.length === 0) {
    if (!old) await cache.put(url, answer.page);
    return { ...base, ...moved, state: moved.movedTo === undefined ? "same" : "moved" };
  }
  return {
    ...base,
    ...moved,
    ...(isNothingLeft(locked, digestsOf(answer.page).sections) ? { isNothingLeft: true } : {}),
    state: "changed",
    changes: changes.map((change) => {
      const before = change.before ?? change.section;
      const { texts, diff } = sectionDiff(
        change.change === "added" ? undefined : textBefore(before, old, locked),
        change.change === "removed"
          ? undefined
          : { section: change.section, text: textOf(answer.page, change.section) ?? "" },
      );
      return { ...change, fields: changedFields(texts, citedBy), ...(diff === undefined ? {} : { diff }) };
    }),
  };
}

function textBefore(section: string, old: Page | undefined, { lines }: LockedPage): TextBefore {
  const text = old && (textOf(old, section) ?? "");
  const digests = lines && (lines[section] ?? "");
  return {
    section,
    ...(text === undefined ? {} : { text }),
    ...(digests === undefined ? {} : { lines: digests }),
  };
}

function textOf(page: Page, section: string): string | undefined {
  return page.sections.find(({ name }) => name === section)?.text;
}
