import { DownloadError } from "../errors/download-error.js";
import { parseUrl } from "../http/parse-url.js";
import type { FileLocation, FileSource, LocateOptions } from "../transfer/source.js";
import { at, firstText } from "../workflow/reply.js";
import type { Reply } from "../workflow/workflow.js";
import type { PartsDefinition } from "./definition.js";

/** One part of a file. */
export interface Part {
  /** From 0 on. */
  readonly index: number;
  readonly source: FileSource;
  /** Makes the next request ask for a fresh address first; `false` if the one it has is fresh. */
  renew(): boolean;
}

/** The parts of a file, in their order. */
export interface PartRow {
  /** How many there are, once that is known. */
  readonly count: number | undefined;
  /** Identifies the file, without what is secret or changes in its addresses. */
  key(): Promise<string>;
  /**
   * The part at an index; `undefined` after the last one.
   * @param next what the part before says that names this one
   */
  at(index: number, next: unknown): Promise<Part | undefined>;
}

/** More parts than any export has: what goes on after them never ends. */
const MAX_PARTS = 100_000;

/** A file in parts, and how the vendor says of which. */
export interface FileInParts {
  readonly source: FileSource;
  readonly definition: PartsDefinition;
  /** What addresses in a list are resolved against. */
  readonly baseUrl: string;
  readonly job: JobOfFile;
}

/** What is used of the record of the job that a file is of. */
export interface JobOfFile {
  readonly id: string;
  /** Its `raw` is the body of the last reply to a poll. */
  readonly snapshot: { readonly raw?: unknown };
}

export function createPartRow(file: FileInParts, signal: AbortSignal): PartRow {
  if (file.definition.count) return countedRow(file, signal);
  return file.definition.files ? listRow(file, signal) : pageRow(file, signal);
}

/** Files at the addresses of a list. The list is asked for once, and again when an address has expired. */
function listRow({ source, definition, baseUrl, job }: FileInParts, signal: AbortSignal): PartRow {
  let asked: { location: FileLocation; urls: readonly URL[]; by: number } | undefined;
  let expired = -1;

  async function ask(options: LocateOptions, by: number): Promise<NonNullable<typeof asked>> {
    const location = await source.locate(options);
    const urls = addressesIn(location, definition, baseUrl);
    if (asked) checkSame(asked.urls, urls);
    expired = -1;
    asked = { location, urls, by };
    return asked;
  }

  const first = async () => asked ?? (await ask({ renew: false, signal }, 0));
  return {
    get count() {
      return asked?.urls.length;
    },
    // The files of two jobs may differ in the queries of their addresses alone, which are no part of the key.
    key: async () => [job.id, ...(await first()).urls.map(idOf)].join("\n"),
    async at(index) {
      if (index >= (await first()).urls.length) return undefined;
      return {
        index,
        source: {
          ...source,
          async locate(options) {
            const isFresh = !options.renew && expired !== index;
            const { location, urls } = isFresh && asked ? asked : await ask(options, index);
            return { ...location, url: urls[index] as URL }; // as many as before, as was checked
          },
        },
        renew() {
          if (asked?.by === index) return false;
          expired = index;
          return true;
        },
      };
    },
  };
}

/** @throws {@link DownloadError} if an item of the list has no address, or an address is there twice */
function addressesIn({ reply, url }: FileLocation, { files, item }: PartsDefinition, baseUrl: string): URL[] {
  const list = files?.(reply as Reply); // who knows the vendor's list gets the vendor's reply
  if (!Array.isArray(list)) return [url];
  if (list.length > MAX_PARTS) throw tooMany();
  const urls = list.map((one: unknown, index) => {
    const text = firstText(item ? at(one, ...item) : one);
    const found = text === undefined ? undefined : parseUrl(text.trim(), baseUrl);
    if (found) return found;
    throw new DownloadError(
      "INVALID_URL",
      `download: file ${index + 1} of the ${list.length} in the vendor's list has no address`,
    );
  });
  const seen = new Set<string>();
  const twice = urls.findIndex(({ href }) => seen.size === seen.add(href).size);
  if (twice < 0) return urls;
  throw new DownloadError(
    "UNEXPECTED_CONTENT",
    `download: file ${twice + 1} of the ${list.length} in the vendor's list is at the address of one before it`,
  );
}

/** Signed addresses get a new query each time. */
function idOf({ origin, pathname }: URL): string {
  return origin + pathname;
}

/** @throws {@link DownloadError} `SOURCE_CHANGED` if a list has other files than before */
function checkSame(before: readonly URL[], now: readonly URL[]): void {
  const isSame =
    before.length === now.length && before.every((url, index) => idOf(url) === idOf(now[index] as URL)); // as many
  if (isSame) return;
  throw new DownloadError(
    "SOURCE_CHANGED",
    `download: the vendor's list of files changed while they were fetched, from ${before.length} to ${now.length} files or to others; save again`,
  );
}

/** Pages of which each names the next. */
function pageRow({ source, job }: FileInParts, signal: AbortSignal): PartRow {
  const seen = new Map<string, number>();
  return {
    count: undefined,
    async key() {
      // The request is the vendor's own: which file it asks for may stand in its query. The same request finds other rows later.
      const { url } = await source.locate({ renew: false, signal });
      return [job.id, url.href].join("\n");
    },
    async at(index, next) {
      const nextPage = index === 0 ? "" : firstText(next);
      if (nextPage === undefined) return undefined;
      if ((seen.get(nextPage) ?? index) !== index)
        throw new DownloadError(
          "UNEXPECTED_CONTENT",
          `download: page ${index} names a page as the next one that came before it, so the pages never end`,
        );
      if (index >= MAX_PARTS) throw tooMany();
      seen.set(nextPage, index);
      return {
        index,
        // The first page is asked for without a name.
        source:
          index === 0 ? source : { ...source, locate: (options) => source.locate({ ...options, nextPage }) },
        renew: () => false,
      };
    },
  };
}

/** Parts that are asked for by their numbers. The poll has said how many there are. */
function countedRow(file: FileInParts, signal: AbortSignal): PartRow {
  const { source, job } = file;
  const { first = 0 } = file.definition;
  let known: number | undefined;

  function count(): number {
    const now = countIn(file);
    known ??= now;
    if (now === known) return now;
    throw new DownloadError(
      "SOURCE_CHANGED",
      `download: the vendor's number of parts changed while they were fetched, from ${known} to ${now}; save again`,
    );
  }

  return {
    get count() {
      return known;
    },
    async key() {
      const parts = count();
      const { url } = await source.locate({ renew: false, signal, nextPage: String(first) });
      return [job.id, url.href, parts].join("\n");
    },
    async at(index) {
      if (index >= count()) return undefined;
      const nextPage = String(first + index);
      return {
        index,
        source: { ...source, locate: (options) => source.locate({ ...options, nextPage }) },
        renew: () => false,
      };
    },
  };
}

/** @throws {@link DownloadError} if the poll's reply does not say how many parts there are, or if nobody can fetch so many */
function countIn({ definition, job }: FileInParts): number {
  const reply = { status: 200, ok: true, headers: new Headers(), body: job.snapshot.raw };
  const found = definition.count?.(reply);
  const count = Array.isArray(found) ? found.length : found;
  if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 1)
    throw new DownloadError(
      "UNEXPECTED_CONTENT",
      `download: the vendor's reply does not say how many parts the file has: ${(JSON.stringify(count) ?? "nothing").slice(0, 40)} is no number of parts`,
    );
  if (count > MAX_PARTS) throw tooMany();
  return count;
}

function tooMany(): DownloadError {
  return new DownloadError("TOO_LARGE", `download: the file has more than ${MAX_PARTS} parts`);
}
