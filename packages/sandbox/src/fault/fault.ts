import type { Outcome } from "../job/options.js";

/** Which requests a fault meets. */
export interface FaultTarget {
  /** The operation, by its `operationId`. */
  readonly operation?: string;
  /** The part of a workflow: its start, its poll, its download, or the reply that is the file, wherever it comes from. */
  readonly on?: "start" | "poll" | "download" | "file";
  /** The job, by any of its ids. */
  readonly job?: string;
  /** How many requests to let pass first. @default 0 */
  readonly skip?: number;
  /** How many requests it meets, one after the other; `"always"` for all. @default 1 */
  readonly times?: number | "always";
}

/** Something that goes wrong on demand. */
export type Fault = FaultTarget &
  (
    | {
        /** An error in the vendor's shape: `{ kind: "error", status: 429, retryAfter: 7 }`. */
        readonly kind: "error";
        /** @default 500 */
        readonly status?: number;
        /** The code to send it with, where that is another one: some errors come with 200. */
        readonly sendAs?: number;
        /** The `Retry-After` header. Without it there is none. */
        readonly retryAfter?: string | number;
        /** The text of the error. */
        readonly message?: string;
        /** The name of the documented example to take. */
        readonly example?: string;
      }
    /** A job that ends so: the one named, or else the next that is started. */
    | { readonly kind: "outcome"; readonly outcome?: Outcome; readonly failureReason?: string }
    /** A poll answers a word that the vendor's documents do not have. */
    | { readonly kind: "unknownStatus"; readonly word?: string | number }
    /** The request is carried out, then the connection breaks without a reply. On the start of a job unless told otherwise. */
    | { readonly kind: "lostReply" }
    /** The connection breaks before anything is done. */
    | { readonly kind: "dropped" }
    /** No reply comes. */
    | { readonly kind: "hang" }
    /** The connection breaks after so many bytes of the body; half of them unless told otherwise. On the file unless told otherwise. */
    | { readonly kind: "cutConnection"; readonly atByte?: number }
    /** The body ends cleanly after so many bytes. On the file unless told otherwise. */
    | { readonly kind: "truncatedBody"; readonly atByte?: number }
    /** The body comes slowly. On the file unless told otherwise. */
    | { readonly kind: "slowBody"; readonly bytesPerSecond?: number }
    /** A page of HTML with the code 200. On the file unless told otherwise. */
    | { readonly kind: "html"; readonly body?: string }
    /** The store answers that the link has expired. */
    | { readonly kind: "expiredLink" }
    /** From now on the job has another file. On the file unless told otherwise. */
    | { readonly kind: "changedFile" }
    /** Headers are added to the reply, or put in place of its own. */
    | { readonly kind: "headers"; readonly headers: Readonly<Record<string, string>> }
  );

/** The kinds that meet a request before it is looked at. */
export type EarlyFault = Extract<
  Fault,
  { kind: "error" | "dropped" | "hang" | "unknownStatus" | "changedFile" | "expiredLink" }
>;

/** The kinds that meet a reply. */
export type LateFault = Extract<
  Fault,
  { kind: "lostReply" | "cutConnection" | "truncatedBody" | "slowBody" | "html" | "headers" }
>;

/** The schema of {@link Fault}, for what comes over HTTP. */
export const faultSchema = {
  type: "object",
  required: ["kind"],
  additionalProperties: false,
  properties: {
    kind: {
      enum: [
        "error",
        "outcome",
        "unknownStatus",
        "lostReply",
        "dropped",
        "hang",
        "cutConnection",
        "truncatedBody",
        "slowBody",
        "html",
        "expiredLink",
        "changedFile",
        "headers",
      ],
    },
    operation: { type: "string" },
    on: { enum: ["start", "poll", "download", "file"] },
    job: { type: "string" },
    skip: { type: "integer", minimum: 0 },
    times: { anyOf: [{ type: "integer", minimum: 1 }, { const: "always" }] },
    status: { type: "integer", minimum: 200, maximum: 599 },
    sendAs: { type: "integer", minimum: 200, maximum: 599 },
    retryAfter: { type: ["string", "number"] },
    message: { type: "string" },
    example: { type: "string" },
    outcome: { enum: ["succeeded", "failed", "cancelled", "expired"] },
    failureReason: { type: "string" },
    word: { type: ["string", "number"] },
    atByte: { type: "integer", minimum: 0 },
    bytesPerSecond: { type: "number", exclusiveMinimum: 0 },
    body: { type: "string" },
    headers: { type: "object", additionalProperties: { type: "string" } },
  },
} as const;
