import type { Repository } from "../../config/repository.js";
import { readCitations } from "./citations.js";
import { type LockedPage, lockText, readLock } from "./lock.js";

/**
 * The text of a vendor's lock that holds just the pages that its spec cites. A page that is new in it has no digests until `docs-accept` has read it.
 * Undefined if the present lock cannot be read: `check-docs` says what is wrong with it.
 */
export async function fittingLock(repository: Repository, vendor: string): Promise<string | undefined> {
  const lock = await readLock(repository, vendor).catch(() => undefined);
  if (lock === undefined) return undefined;
  const pages: Record<string, LockedPage> = {};
  for (const { url, read } of (await readCitations(repository, vendor)).values())
    pages[url] = lock.pages[url] ?? { read };
  return lockText({ pages });
}
