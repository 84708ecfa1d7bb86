import type { Repository } from "../../config/repository.js";
import { readCitations } from "./citations.js";
import { type LockedPage, type LockedPublished, lockText, readLock } from "./lock.js";
import { readPublishedLinks } from "./published-links.js";

/**
 * The text of a vendor's lock that holds just the pages and documents that its spec names. A page that is new in it has no digests until `docs-accept` has read it.
 * Undefined if the present lock cannot be read: `check-docs` says what is wrong with it.
 */
export async function fittingLock(repository: Repository, vendor: string): Promise<string | undefined> {
  const lock = await readLock(repository, vendor).catch(() => undefined);
  if (lock === undefined) return undefined;
  const pages: Record<string, LockedPage> = {};
  for (const { url, read } of (await readCitations(repository, vendor)).values())
    pages[url] = lock.pages[url] ?? { read };
  const openapi: Record<string, LockedPublished> = {};
  for (const { url, read } of (await readPublishedLinks(repository, vendor)).links)
    openapi[url] = lock.openapi?.[url] ?? { read };
  return lockText({ pages, openapi });
}
