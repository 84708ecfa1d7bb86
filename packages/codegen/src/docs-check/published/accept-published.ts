import type { Repository } from "../../config/repository.js";
import { type LockedPublished, readLock, writeLock } from "../lock/lock.js";
import { readPublishedLinks } from "../lock/published-links.js";
import type { Fault } from "../page/fault.js";
import type { PageSource } from "../source/page-source.js";
import { compareDocuments, digestsOf } from "./check-published.js";

/** The result of accepting one of the vendor's own documents. */
export interface AcceptedPublished {
  readonly url: string;
  readonly done: "taken" | "same" | "kept" | "dropped";
  readonly fault?: Fault;
}

/** Renews the entries of a vendor's own documents in the lock. One that cannot be read keeps its entry. */
export async function acceptPublished(
  repository: Repository,
  vendor: string,
  {
    source,
    today,
    only = [],
    confirm,
  }: {
    source: PageSource;
    today: string;
    /** The documents to accept. @default all */
    only?: readonly string[];
    /** Asks if a document is to be taken. */
    confirm: (url: string, operations: readonly string[]) => Promise<boolean>;
  },
): Promise<AcceptedPublished[]> {
  const given = await readPublishedLinks(repository, vendor);
  const lock = await readLock(repository, vendor);
  const { openapi = {} } = lock;
  if (given.links.length === 0 && Object.keys(openapi).length === 0) return [];
  const next: Record<string, LockedPublished> = {};
  const results: AcceptedPublished[] = [];
  for (const { url, read, fault, operations } of await compareDocuments(given, source)) {
    const old = openapi[url];
    next[url] = old ?? { read };
    if (only.length > 0 && !only.includes(url)) continue;
    if (fault) {
      results.push({ url, done: "kept", fault });
      continue;
    }
    const digests = digestsOf(operations);
    const isSame = JSON.stringify(sorted(old?.operations ?? {})) === JSON.stringify(sorted(digests));
    if (
      !(isSame && old?.operations) &&
      !(await confirm(
        url,
        operations.map(({ id }) => id),
      ))
    ) {
      results.push({ url, done: "kept", fault: { fault: "unasked", why: "was not taken: nobody said yes" } });
      continue;
    }
    next[url] = { read: today, operations: sorted(digests) };
    results.push({ url, done: isSame && old?.operations ? "same" : "taken" });
  }
  for (const url of Object.keys(openapi))
    if (!Object.hasOwn(next, url)) results.push({ url, done: "dropped" });
  await writeLock(repository, vendor, { ...lock, openapi: next });
  return results;
}

function sorted(digests: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(digests).sort(([a], [b]) => (a < b ? -1 : 1)));
}
