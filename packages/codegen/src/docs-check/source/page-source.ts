import type { Fault } from "../page/fault.js";
import type { Page } from "../page/page.js";

/** A page as it was found. */
export interface FoundPage {
  readonly page: Page;
  /** Where it is for good now, when that is not where it was looked for. */
  readonly movedTo?: string;
  readonly etag?: string;
  readonly lastModified?: string;
}

/** What came of asking for a page: the page, that it is as it was, or why it could not be read. */
export type Answer = FoundPage | { readonly unchanged: true } | Fault;

/** Where pages are read: the web, or a folder. */
export interface PageSource {
  /** Reads one page. `known` is what the server called the version that is in the lock. */
  read(url: string, known: { readonly etag?: string; readonly lastModified?: string }): Promise<Answer>;
}
