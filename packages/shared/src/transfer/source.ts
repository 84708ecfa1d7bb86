import type { OuthaulError } from "../errors/outhaul-error.js";
import type { FileTypes } from "../file/file-types.js";
import type { RawReply } from "../http/transport.js";

/** Where a file's bytes come from. */
export interface FileSource {
  /**
   * Returns the file's address, and the headers that only its origin (and same-origin redirects) may see.
   * Called for the first request; again with `renew` when the address has expired (401, 403, 404 or 410 after it once worked or came
   * by a redirect) or the credentials were refused (401, or what `isRefused` says).
   */
  locate(options: LocateOptions): Promise<FileLocation>;
  /** True if a reply, beside 401, says that the credentials are no longer good. */
  isRefused?(reply: Pick<RawReply, "status" | "headers" | "url">): boolean;
  /** Waits for the vendor's rate limits before each request to its own origin; what it returns is called when the reply's body has ended. */
  acquire?(url: URL, signal?: AbortSignal): Promise<() => void>;
  /** A reply that is already open, because the poll that succeeded was the download: the first attempt uses it. */
  reply?: RawReply;
  /** What the file is, where the vendor documents it. */
  types?: FileTypes;
  /** The name that the job suggests, used if the reply has none. */
  fileName?: string | undefined;
  /** Looks for an error that stands in a reply in place of the file. Called for each reply; `undefined` if the reply's head leaves no doubt. */
  inspect?(reply: Pick<RawReply, "status" | "headers">): BodyInspection | undefined;
  /** Adds to an error whose file it is about. Called for every error but the reason of the caller's abort. */
  annotate?(error: unknown): unknown;
  /**
   * Removes secrets from a text.
   * @default removes the values of the request's headers
   */
  redact?(text: string): string;
  /** Puts something between a transfer and its caller, such as what unpacks the file. */
  wrap?<T extends object>(transfer: T, createTransfer: unknown): T;
  /** True if an address may be plain http: only where the configured one is. */
  allowHttp: boolean;
}

/** Which address of a file is asked for. */
export interface LocateOptions {
  readonly renew: boolean;
  readonly signal?: AbortSignal;
  /** What names the page, of a file in pages, or the number of a part; without it the first page. */
  readonly nextPage?: string;
}

/** A check of a body's first bytes. */
export interface BodyInspection {
  /** How many bytes the check needs; it gets fewer only if the body is shorter. */
  readonly bytes: number;
  /** Returns the error that the body is, or `undefined` if it may be the file. */
  errorIn(head: Uint8Array): OuthaulError | undefined;
}

/** One address of a file. */
export interface FileLocation {
  url: URL;
  headers?: Record<string, string> | undefined;
  /** True if the address is the configured vendor's own. Another one gets no header of the caller, except harmless ones. */
  trusted: boolean;
  /** @default "GET" */
  method?: string | undefined;
  body?: string | undefined;
  /** The vendor's reply that the address stands in, for who knows the vendor. */
  reply?: object | undefined;
}
