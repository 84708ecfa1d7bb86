import type { Outcome } from "../job/job-options.js";

/** The requests that a fault applies to. */
export interface FaultTarget {
  /** The operation, by its `operationId`. */
  readonly operation?: string;
  /** The part of a workflow: its start, its poll, its download, or the reply that is the file, from the vendor or the store. */
  readonly on?: "start" | "poll" | "download" | "file";
  /** Any id of the job. */
  readonly job?: string;
  /** The number of matching requests to let pass first. @default 0 */
  readonly skip?: number;
  /** The number of requests it applies to; `"always"` for all. @default 1 */
  readonly times?: number | "always";
}

/** A failure of the vendor, on demand. */
export type Fault = FaultTarget &
  (
    | {
        /** An error in the vendor's shape: `{ kind: "error", status: 429, retryAfter: 7 }`. */
        readonly kind: "error";
        /** @default 500 */
        readonly status?: number;
        /** The status code to send instead: some vendors send errors with 200. */
        readonly sendAs?: number;
        /** The `Retry-After` header. @default none */
        readonly retryAfter?: string | number;
        /** The text of the error. */
        readonly message?: string;
        /** The name of the documented example to send. */
        readonly example?: string;
      }
    /** The outcome of the named job, or else of the next job. */
    | { readonly kind: "outcome"; readonly outcome?: Outcome; readonly failureReason?: string }
    /** A poll answers a status word that the vendor does not document. */
    | { readonly kind: "unknownStatus"; readonly word?: string | number }
    /** The request is handled, but the connection breaks before the reply. Applies to the start by default. */
    | { readonly kind: "lostReply" }
    /** The connection breaks before the request is handled. */
    | { readonly kind: "dropped" }
    /** No reply is sent. */
    | { readonly kind: "hang" }
    /** The connection breaks after this many bytes of the body, by default half of them; until then they may come slowly. Applies to the file by default. */
    | { readonly kind: "cutConnection"; readonly atByte?: number; readonly bytesPerSecond?: number }
    /** The body ends early, but cleanly. Applies to the file by default. */
    | { readonly kind: "truncatedBody"; readonly atByte?: number }
    /** The body is sent slowly. Applies to the file by default. */
    | { readonly kind: "slowBody"; readonly bytesPerSecond?: number }
    /** An HTML page is sent with 200. Applies to the file by default. */
    | { readonly kind: "html"; readonly body?: string }
    /** The store answers that the link has expired. */
    | { readonly kind: "expiredLink" }
    /** The file of the job changes. Applies to the file by default. */
    | { readonly kind: "changedFile" }
    /** Headers of the reply are added or replaced. */
    | { readonly kind: "headers"; readonly headers: Readonly<Record<string, string>> }
  );
