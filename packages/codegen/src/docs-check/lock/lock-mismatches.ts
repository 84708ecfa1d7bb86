import type { DocsLink } from "@outhaul/spec";
import type { Repository } from "../../config/repository.js";
import { type Citation, readCitations } from "./citations.js";
import { type DocsLock, lockFile, readLock } from "./lock.js";
import { readPublishedLinks } from "./published-links.js";

/** Lists the pages and documents that only the lock or only the spec of a vendor names. */
export async function lockMismatches(repository: Repository, vendor: string): Promise<string[]> {
  const lock = await readLock(repository, vendor);
  return [
    ...mismatches(repository, vendor, await readCitations(repository, vendor), lock),
    ...documentMismatches(repository, vendor, (await readPublishedLinks(repository, vendor)).links, lock),
  ];
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

function documentMismatches(
  repository: Repository,
  vendor: string,
  links: readonly DocsLink[],
  { openapi = {} }: DocsLock,
): string[] {
  const file = lockFile(repository, vendor);
  const named = links.map(({ url }) => url);
  return [
    ...named
      .filter((url) => !Object.hasOwn(openapi, url))
      .map((url) => `named, not locked: ${url} of x-openapi is not in ${file}`),
    ...Object.keys(openapi)
      .filter((url) => !named.includes(url))
      .map((url) => `locked, not named: ${url} is in ${file}, but x-openapi does not name it`),
  ].map((line) => `${line}\n    ${repository.command("docs-accept", vendor)}`);
}
