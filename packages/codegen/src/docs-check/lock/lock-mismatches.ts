import type { Repository } from "../../config/repository.js";
import { type Citation, readCitations } from "./citations.js";
import { type DocsLock, lockFile, readLock } from "./lock.js";

/** Lists the pages that only the lock or only the spec of a vendor names. */
export async function lockMismatches(repository: Repository, vendor: string): Promise<string[]> {
  return mismatches(
    repository,
    vendor,
    await readCitations(repository, vendor),
    await readLock(repository, vendor),
  );
}

function mismatches(
  repository: Repository,
  vendor: string,
  citations: ReadonlyMap<string, Citation>,
  { pages }: DocsLock,
): string[] {
  const file = lockFile(repository, vendor);
  return [
    ...[...citations.values()]
      .filter(({ url }) => !Object.hasOwn(pages, url))
      .map(
        ({ url, citedBy }) =>
          `cited, not locked: ${url}, cited by ${citedBy.map(({ name }) => name).join(", ")}, is not in ${file}`,
      ),
    ...Object.keys(pages)
      .filter((url) => !citations.has(url))
      .map(
        (url) =>
          `locked, not cited: ${url} is in ${file}, but nothing in ${repository.specFolder(vendor)} cites it`,
      ),
  ].map((line) => `${line}\n    ${repository.command("docs-accept", vendor)}`);
}
