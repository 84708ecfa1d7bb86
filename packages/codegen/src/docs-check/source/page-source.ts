import type { Fault } from "../page/fault.js";
import type { Page } from "../page/page.js";

/** A page that was read. */
export interface FoundPage {
  readonly page: Page;
  /** The address that the page has moved to permanently. */
  readonly movedTo?: string;
  readonly etag?: string;
  readonly lastModified?: string;
}

/** The result of reading a page: the page, "unchanged", or why it could not be read. */
export type Answer = FoundPage | { readonly unchanged: true } | Fault;

/** The text of a document that a program reads, and not a person. */
export interface FoundText {
  readonly text: string;
}

/** Reads pages from the web, or from a folder. */
export interface PageSource {
  /** Reads one page. `known` has the server's validators of the locked version. */
  read(url: string, known: { readonly etag?: string; readonly lastModified?: string }): Promise<Answer>;
  /** Reads a document as it is. */
  readText(url: string): Promise<FoundText | Fault>;
}
