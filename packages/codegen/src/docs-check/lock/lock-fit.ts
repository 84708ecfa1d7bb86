import { type Citation, readCitations } from "./citations.js";
import { type DocsLock, lockFile, readLock } from "./lock.js";

/** Where a vendor's lock does not fit its spec: each line names the page and the place. */
export async function lockMisfits(root: string, vendor: string): Promise<string[]> {
  return misfits(vendor, await readCitations(root, vendor), await readLock(root, vendor));
}

function misfits(vendor: string, citations: ReadonlyMap<string, Citation>, { pages }: DocsLock): string[] {
  const file = lockFile(vendor);
  return [
    ...[...citations.values()]
      .filter(({ url }) => !Object.hasOwn(pages, url))
      .map(
        ({ url, places }) =>
          `cited, not locked: ${url}, cited by ${places.map(({ name }) => name).join(", ")}, is not in ${file}`,
      ),
    ...Object.keys(pages)
      .filter((url) => !citations.has(url))
      .map((url) => `locked, not cited: ${url} is in ${file}, but nothing in specs/${vendor} cites it`),
  ].map((line) => `${line}\n    npm run docs:accept ${vendor}`);
}
