import { createTwoFilesPatch } from "diff";
import type { Repository } from "../config/repository.js";
import { comparePage, type SectionChange } from "./compare-page.js";
import { type Citation, fieldsNamed, readCitations } from "./lock/citations.js";
import { type LockedPage, readLock } from "./lock/lock.js";
import type { TextCache } from "./lock/text-cache.js";
import type { Fault } from "./page/fault.js";
import type { Page } from "./page/page.js";
import type { PageSource } from "./source/page-source.js";

/** What is known of one page after a look at it. */
export interface PageReport {
  readonly vendor: string;
  readonly url: string;
  /** The day on which the page was read, as the lock has it. */
  readonly read: string;
  readonly state: "same" | "changed" | "moved" | "unread" | Fault["fault"];
  /** Whether the lock holds digests to compare with. */
  readonly taken: boolean;
  /** What is wrong with the page, when it could not be read. */
  readonly why?: string;
  /** Where it is now. */
  readonly movedTo?: string;
  /** The places in the spec that cite it. */
  readonly citedBy: readonly string[];
  readonly changes: readonly (SectionChange & {
    readonly fields: readonly string[];
    readonly diff?: string;
  })[];
}

/** Looks at every page that a vendor's spec cites, and compares it with the lock. Writes the lock never. */
export async function checkPages(
  repository: Repository,
  vendor: string,
  { source, cache, told }: { source: PageSource; cache: TextCache; told?: (report: PageReport) => void },
): Promise<PageReport[]> {
  const citations = await readCitations(repository, vendor);
  const { pages } = await readLock(repository, vendor);
  const reports: PageReport[] = [];
  for (const citation of [...citations.values()].sort((a, b) => (a.url < b.url ? -1 : 1))) {
    const report = await checkPage(vendor, citation, pages[citation.url], { source, cache });
    reports.push(report);
    told?.(report);
  }
  return reports;
}

async function checkPage(
  vendor: string,
  { url, read, places }: Citation,
  locked: LockedPage | undefined,
  { source, cache }: { source: PageSource; cache: TextCache },
): Promise<PageReport> {
  const base = {
    vendor,
    url,
    read: locked?.read ?? read,
    taken: locked?.sections !== undefined,
    citedBy: places.map(({ name }) => name),
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
      const fields = fieldsNamed(lines?.join("\n") ?? `${before}\n${after}`, places);
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
