import { createHash } from "node:crypto";
import type { Repository } from "../../config/repository.js";
import { type Published, readPublished } from "../../published/read-published.js";
import { type LockedPublished, readLock } from "../lock/lock.js";
import { type PublishedLinks, readPublishedLinks } from "../lock/published-links.js";
import type { Fault } from "../page/fault.js";
import type { PageSource } from "../source/page-source.js";
import { type ComparedOperation, compareOperation, pairOperations } from "./compare.js";

/** The result of comparing a spec with one of the vendor's own documents. */
export interface PublishedReport {
  readonly vendor: string;
  readonly url: string;
  /** The date on which the document was read. */
  readonly read: string;
  readonly state: "same" | "changed" | "differs" | "unread" | Fault["fault"];
  /** Why the document could not be read. */
  readonly why?: string;
  /** The operations of which the document says something else than when it was taken. */
  readonly changed: readonly string[];
  readonly differences: readonly ToldDifference[];
}

/** A difference that is told: one that nobody has settled, or one that was settled and is no more. */
export interface ToldDifference {
  readonly place: string;
  readonly text: string;
  /** `specs/acme/openapi.yaml:12` */
  readonly citedAt: string;
}

/** A document that was read and compared. */
export interface ComparedDocument {
  readonly url: string;
  readonly read: string;
  readonly fault?: Fault;
  readonly operations: readonly ComparedOperation[];
}

/** Compares a vendor's spec with the documents that its `x-openapi` names. Never writes the lock. */
export async function checkPublished(
  repository: Repository,
  vendor: string,
  source: PageSource,
): Promise<PublishedReport[]> {
  const given = await readPublishedLinks(repository, vendor);
  if (given.links.length === 0) return [];
  const { openapi = {} } = await readLock(repository, vendor);
  const documents = await compareDocuments(given, source);
  const open = openDifferences(given, documents);
  return documents.map((document, index): PublishedReport => {
    const { url, read, fault, operations } = document;
    const locked = openapi[url];
    const base = { vendor, url, read: locked?.read ?? read, changed: [], differences: [] };
    if (fault) return { ...base, state: fault.fault, why: fault.why };
    // What belongs to no document is told with the first.
    const own = open.filter(({ from }) => from === document || (from === undefined && index === 0));
    const differences = own.map(({ place, text, citedAt }) => ({ place, text, citedAt }));
    const changed = locked?.operations ? changedOperations(locked, operations) : [];
    const state =
      differences.length > 0
        ? "differs"
        : changed.length > 0
          ? "changed"
          : locked?.operations
            ? "same"
            : "unread";
    return { ...base, state, changed, differences };
  });
}

/** Reads and compares each document. An operation is compared with the first document that has it. */
export async function compareDocuments(
  { spec, links }: PublishedLinks,
  source: PageSource,
): Promise<ComparedDocument[]> {
  const compared = new Set<string>();
  const documents: ComparedDocument[] = [];
  for (const { url, read } of links) {
    const published = await readDocument(source, url);
    if ("fault" in published) {
      documents.push({ url, read, fault: published, operations: [] });
      continue;
    }
    const operations: ComparedOperation[] = [];
    for (const { ours, theirs } of pairOperations(spec, published)) {
      const key = `${ours.method} ${ours.path}`;
      if (!theirs || compared.has(key)) continue;
      compared.add(key);
      operations.push(compareOperation(spec, ours, published, theirs));
    }
    documents.push({ url, read, operations });
  }
  return documents;
}

async function readDocument(source: PageSource, url: string): Promise<Published | Fault> {
  const answer = await source.readText(url);
  if ("fault" in answer) return answer;
  try {
    return readPublished("it", answer.text);
  } catch (error) {
    return {
      fault: "not-openapi",
      why: error instanceof Error ? error.message.replace(/^it /, "") : String(error),
    };
  }
}

/** The differences that are not settled, and those that are settled and no more. */
function openDifferences(
  { spec, source, settled }: PublishedLinks,
  documents: readonly ComparedDocument[],
): (ToldDifference & { from?: ComparedDocument })[] {
  const placeIn = (line: number): string => `${spec.name}:${line}`;
  const isWhole = documents.every(({ fault }) => !fault);
  const found = documents.flatMap((document) =>
    document.operations.flatMap(({ differences }) => differences.map((one) => ({ ...one, from: document }))),
  );
  const known = new Set(documents.flatMap(({ operations }) => operations.map(({ id }) => id)));
  // Where a document could not be read, it may have the operation.
  const missing = isWhole ? missingOperations(spec, known) : [];
  const all = [...found, ...missing];
  const told = all.filter(({ place }) => !Object.hasOwn(settled, place));
  const gone = Object.keys(settled).filter((place) => isWhole && !all.some((one) => one.place === place));
  return [
    ...told.map(({ at, ...one }) => ({ ...one, citedAt: placeIn(source.lineOf(at)) })),
    ...gone.map((place) => ({
      place,
      text: "is settled in x-differs, and is no difference any more: take it out there",
      citedAt: placeIn(source.lineOf(["x-differs", place])),
    })),
  ];
}

function missingOperations(spec: Published, known: ReadonlySet<string>) {
  return pairOperations(spec, spec)
    .map(({ ours }) => ours)
    .filter(({ id = "" }) => !known.has(id))
    .map(({ id = "", method, path }) => ({
      place: id,
      text: `(${method} ${path}) is not in the vendor's document`,
      at: ["paths", path, method.toLowerCase()],
    }));
}

function changedOperations(
  { operations = {} }: LockedPublished,
  now: readonly ComparedOperation[],
): string[] {
  const digests = digestsOf(now);
  const names = new Set([...Object.keys(operations), ...Object.keys(digests)]);
  return [...names].filter((name) => operations[name] !== digests[name]).sort();
}

/** A digest of what a document says of each operation, as far as it was compared. */
export function digestsOf(operations: readonly ComparedOperation[]): Record<string, string> {
  return Object.fromEntries(
    operations.map(({ id, facts }) => [
      id,
      createHash("sha256").update(facts.join("\n")).digest("base64url").slice(0, 16),
    ]),
  );
}
