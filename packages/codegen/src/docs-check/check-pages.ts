import { createTwoFilesPatch } from "diff";
import type { Repository } from "../config/repository.js";
import { comparePage, type SectionChange } from "./compare-page.js";
import { type Citation, fieldsNamed, readCitations } from "./lock/citations.js";
import { type LockedPage, readLock } from "./lock/lock.js";
import type { TextCache } from "./lock/text-cache.js";
import type { Fault } from "./page/fault.js";
import type { Page } from "./page/page.js";
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
    state: "changed",
    changes: changes.map((change) => {
      const before = textOf(old, change.change === "added" ? undefined : (change.before ?? change.section));
      const after = textOf(answer.page, change.change === "removed" ? undefined : change.section);
      const diff = old && change.change !== "renamed" ? diffOf(change, before, after) : undefined;
      const lines = diff
        ?.split("\n")
        .filter((line) => /^[+-](?![+-]{2})/.test(line))
        .map((line) => line.slice(1));
      const fields = fieldsNamed(lines?.join("\n") ?? `${before}\n${after}`, citedBy);
      return { ...change, fields, ...(diff === undefined ? {} : { diff }) };
    }),
  };
}

function textOf(page: Page | undefined, section: string | undefined): string {
  return page?.sections.find(({ name }) => name === section)?.text ?? "";
}

function diffOf({ change, section }: SectionChange, before: string, after: string): string {
  const patch = createTwoFilesPatch(
    change === "added" ? "/dev/null" : `read/${section}`,
    change === "removed" ? "/dev/null" : `now/${section}`,
    before && `${before}\n`,
    after && `${after}\n`,
    "",
    "",
    { context: 2 },
  );
  return patch.replace(/^=+\n/, "").trimEnd();
}
