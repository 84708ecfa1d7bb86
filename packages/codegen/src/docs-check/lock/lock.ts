import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Repository } from "../../config/repository.js";

/** The entry of a vendor's page: digests, and no sentence of it. */
export interface LockedPage {
  /** The date on which the page was read, such as `2026-11-22`. */
  readonly read: string;
  /** A digest of all words of the page, which a new layout does not change. */
  readonly words?: string;
  /** A digest of the words of each section, by its heading. Missing if the page is cited but was never accepted. */
  readonly sections?: Readonly<Record<string, string>>;
  /** Digests of the lines of each section, one after the other: they tell which lines of a later version are new. */
  readonly lines?: Readonly<Record<string, string>>;
  /** The server's validator of this version, for a conditional request. */
  readonly etag?: string;
  readonly lastModified?: string;
}

/** The entry of a vendor's own OpenAPI document. */
export interface LockedPublished {
  /** The date on which the document was read. */
  readonly read: string;
  /** A digest of what it says of the compared parts of each operation. Missing if the document was never accepted. */
  readonly operations?: Readonly<Record<string, string>>;
}

/** The content of a vendor's `docs.lock.json`. */
export interface DocsLock {
  /** By address, as the spec cites it. */
  readonly pages: Readonly<Record<string, LockedPage>>;
  /** The vendor's own OpenAPI documents, by address. */
  readonly openapi?: Readonly<Record<string, LockedPublished>>;
}

/** The file of a vendor's lock, from the repository's root. */
export function lockFile({ specFolder }: Repository, vendor: string): string {
  return `${specFolder(vendor)}/docs.lock.json`;
}

/**
 * Reads a vendor's lock. Gives an empty one if there is no file.
 * @throws {Error} if the file is not a lock
 */
export async function readLock(repository: Repository, vendor: string): Promise<DocsLock> {
  const file = lockFile(repository, vendor);
  let text: string;
  try {
    text = await readFile(join(repository.root, file), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { pages: {} };
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is no JSON: git checkout ${file}`, { cause: error });
  }
  if (!isLock(value))
    throw new Error(
      `${file} is no lock: it has to hold { "pages": { "<address>": { "read": "<day>" } } }; git checkout ${file}`,
    );
  return value;
}

/** Writes a vendor's lock, with its pages sorted. The old file stays until the new one is complete. */
export async function writeLock(repository: Repository, vendor: string, lock: DocsLock): Promise<void> {
  const file = join(repository.root, lockFile(repository, vendor));
  await writeFile(`${file}.new`, lockText(lock));
  await rename(`${file}.new`, file);
}

/** The text of a lock, with its entries sorted. */
export function lockText(lock: DocsLock): string {
  const openapi = sorted(lock.openapi ?? {});
  const content = {
    pages: sorted(lock.pages),
    ...(Object.keys(openapi).length > 0 ? { openapi } : {}),
  };
  return `${JSON.stringify(content, null, 2)}
`;
}

function sorted<T>(entries: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isLock(value: unknown): value is DocsLock {
  if (typeof value !== "object" || value === null || !("pages" in value)) return false;
  const { pages } = value;
  if ("openapi" in value && !arePublished(value.openapi)) return false;
  if (typeof pages !== "object" || pages === null || Array.isArray(pages)) return false;
  return Object.values(pages).every(
    (page: unknown) =>
      typeof page === "object" &&
      page !== null &&
      "read" in page &&
      typeof page.read === "string" &&
      (!("sections" in page) || (typeof page.sections === "object" && page.sections !== null)),
  );
}

function arePublished(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(
      (one: unknown) =>
        typeof one === "object" &&
        one !== null &&
        "read" in one &&
        typeof one.read === "string" &&
        (!("operations" in one) || (typeof one.operations === "object" && one.operations !== null)),
    )
  );
}
