import type { Repository } from "../config/repository.js";
import { comparePage } from "./compare-page.js";
import { readCitations } from "./lock/citations.js";
import { type LockedPage, readLock, writeLock } from "./lock/lock.js";
import type { TextCache } from "./lock/text-cache.js";
import { digestOf } from "./page/digest.js";
import type { Fault } from "./page/fault.js";
import { digestsOf } from "./page/page.js";
import type { PageSource } from "./source/page-source.js";

/** What was done with a page's entry in the lock. */
export interface Accepted {
  readonly url: string;
  readonly done: "taken" | "same" | "kept" | "dropped";
  /** Why the page's words were not taken. */
  readonly fault?: Fault;
  readonly movedTo?: string;
}

/**
 * Makes a vendor's lock say what its pages say now, and hold just the pages that the spec cites. A page that cannot be read keeps its entry;
 * one that is new keeps its place in the lock, without digests.
 * @param only the pages to take; a page named here is taken even if nothing of what it was is left. All, when empty
 */
export async function acceptPages(
  repository: Repository,
  vendor: string,
  {
    source,
    cache,
    today,
    only = [],
    told,
  }: {
    source: PageSource;
    cache: TextCache;
    today: string;
    only?: readonly string[];
    told?: (accepted: Accepted) => void;
  },
): Promise<Accepted[]> {
  const citations = await readCitations(repository, vendor);
  const { pages } = await readLock(repository, vendor);
  const stranger = only.find((url) => !citations.has(url));
  if (stranger !== undefined)
    throw new Error(`Nothing in ${repository.specFolder(vendor)} cites ${stranger}.`);
  const next: Record<string, LockedPage> = {};
  const results: Accepted[] = [];
  const tell = (accepted: Accepted): void => {
    results.push(accepted);
    told?.(accepted);
  };

  for (const { url, read } of citations.values()) {
    const old = pages[url];
    const kept = old ?? { read };
    next[url] = kept;
    if (only.length > 0 && !only.includes(url)) continue;
    const answer = await source.read(url, old?.sections ? old : {});
    if ("fault" in answer) {
      tell({ url, done: "kept", fault: answer });
    } else if ("unchanged" in answer) {
      next[url] = { ...kept, read: today };
      tell({ url, done: "same" });
    } else {
      const { page, movedTo, etag, lastModified } = answer;
      if (
        old &&
        !only.includes(url) &&
        isNothingLeft(old, comparePage(old, page).length, digestsOf(page).sections)
      ) {
        const why = `has nothing of what it was on ${old.read}`;
        tell({ url, done: "kept", fault: { fault: "nothing-left", why } });
        continue;
      }
      next[url] = {
        read: today,
        ...digestsOf(page),
        ...(etag === undefined ? {} : { etag }),
        ...(lastModified === undefined ? {} : { lastModified }),
      };
      await cache.put(url, page);
      const same = old?.sections !== undefined && comparePage(old, page).length === 0;
      tell({ url, done: same ? "same" : "taken", ...(movedTo === undefined ? {} : { movedTo }) });
    }
  }
  for (const url of Object.keys(pages)) if (!citations.has(url)) tell({ url, done: "dropped" });
  await writeLock(repository, vendor, { pages: next });
  return results;
}

/** Whether neither a heading nor the words of any section of a page are still there: it may be another page. */
function isNothingLeft(old: LockedPage, changes: number, now: Readonly<Record<string, string>>): boolean {
  const nothing = digestOf("");
  const before = Object.entries(old.sections ?? {});
  const digests = Object.values(now).filter((digest) => digest !== nothing);
  return (
    before.length > 0 &&
    changes > 0 &&
    !before.some(([name, digest]) => Object.hasOwn(now, name) || digests.includes(digest))
  );
}
