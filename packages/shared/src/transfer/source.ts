import type { OuthaulError } from "../errors/outhaul-error.js";
import type { RawReply } from "../http/transport.js";

/** Where a file's bytes come from. */
export interface FileSource {
  /**
   * The file's address, and the headers that only the address's origin (and same-origin redirects) may see.
   * Called for the first request; again with `renew` when the address has expired (401, 403, 404 or 410 after it once worked or came
   * by a redirect) or the credentials were refused (401).
   */
  locate(options: { renew: boolean; signal?: AbortSignal }): Promise<FileLocation>;
  /** Called before each request that goes to the vendor's own origin (rate limits); what it returns is called when the reply's body has ended. */
  enter?(url: URL, signal?: AbortSignal): Promise<() => void>;
  /** A reply that is already open (the poll that succeeded was the download): used as the first attempt's reply. */
  reply?: RawReply;
  /** The name by the job, where the reply names none. */
  fileName?: string | undefined;
  /**
   * Looks at the beginning of a body that may be an error in place of the file: `bytes` of it, or all there are. Asked for each reply; `undefined` where the
   * reply's head leaves no doubt.
   */
  inspect?(
    reply: Pick<RawReply, "status" | "headers">,
  ): { bytes: number; refuses(head: Uint8Array): OuthaulError | undefined } | undefined;
  /**
   * Takes secrets out of a text.
   * @default what the headers hold is taken out
   */
  redact?(text: string): string;
  /** Whether an address may be plain http: only where the configured one is. */
  allowHttp: boolean;
}

/** One address of a file. */
export interface FileLocation {
  url: URL;
  headers?: Record<string, string> | undefined;
  /** Whether the address is the configured vendor's own. To another one no header of the caller goes, save the harmless ones. */
  trusted: boolean;
  /** @default "GET" */
  method?: string | undefined;
  body?: string | undefined;
}
