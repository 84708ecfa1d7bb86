import type { BodyEncoding } from "../encoding/request-body.js";
import type { OuthaulError } from "../errors/outhaul-error.js";
import type { FileTypes } from "../file/file-types.js";
import type { SavedFile } from "../file/result.js";
import type { RawReply } from "../http/transport.js";

/** One call of a vendor's API: a path and a method of its OpenAPI document. */
export interface Operation {
  readonly id: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  /** How a body is written; JSON, sent as `application/json`, unless this says otherwise. */
  readonly body?: BodyEncoding;
  /** The media type that the reply has; `application/json` unless this says otherwise. */
  readonly accept?: string;
}

/** What a step sends, beside what the client adds (address, credentials). */
export interface RequestParts {
  path?: Record<string, unknown>;
  query?: Record<string, unknown>;
  headers?: Record<string, string>;
  body?: unknown;
}

/** A vendor's reply as the compiled criteria see it. */
export interface Reply<Body = unknown> {
  readonly status: number;
  /** True if the status is 2xx. */
  readonly ok: boolean;
  readonly headers: Headers;
  /** The parsed JSON, else the text; `undefined` when empty. Never trusted to have the shape of its type. */
  readonly body: Body | undefined;
}

/** What the steps after the start need to know of a job: `id` and the vendor's other names for it. It is what a resume token holds. */
export type JobReference = Readonly<Record<string, string>>;

/**
 * Where an export stands. `empty`: it has ended well, and there was nothing to export. `unknown`: the vendor said a word that its documents do
 * not have.
 */
export type JobState =
  | "queued"
  | "running"
  | "succeeded"
  | "empty"
  | "failed"
  | "cancelled"
  | "expired"
  | "unknown";

/** What is known of how far an export is, in the vendor's own unit (rows, files, …). */
export interface JobProgress {
  done?: number;
  total?: number;
  /** Between 0 and 1, when `done` and `total` are known. */
  fraction?: number;
}

/** Why the vendor says that a job failed. */
export interface VendorErrorInfo {
  message: string;
  code?: string;
}

/** A compiled condition. Written as a method, so that a workflow can be handled without knowing its replies' types. */
export type Condition<Raw> = { when(reply: Reply<Raw>): boolean }["when"];

/** The step that asks for the job's state. */
export interface PollStep<Raw = unknown> {
  readonly operation: Operation;
  request(job: JobReference): RequestParts;
  /** In order; the first whose condition holds gives the state. */
  readonly states: readonly (readonly [state: JobState, when: Condition<Raw>])[];
  /** The vendor's own word for the state. */
  status?(reply: Reply<Raw>): unknown;
  /** Set if the vendor's words are, or may be, numbers; without it a number is no readable status. */
  readonly numericStatus?: true;
  /** What the reply adds to the job's reference. */
  outputs?(reply: Reply<Raw>): Record<string, unknown>;
  progress?(reply: Reply<Raw>): JobProgress | undefined;
  failureReason?(reply: Reply<Raw>): VendorErrorInfo | undefined;
  fileName?(reply: Reply<Raw>): unknown;
  /** The vendor's advised interval in milliseconds. */
  readonly adviceMs?: number;
  /** What the file is, where the poll that succeeds is the download. A reply of another type is a state. */
  readonly file?: FileTypes;
  /** Makes the source of that file another one, for what only some vendors need: files that are gzip, links. */
  source?<T extends object>(source: T, connection: object, job: object): Promise<T>;
  /** Loads what asks for a state that may be the file: `@outhaul/shared/poll-with-file`. */
  loadFilePoll?(): Promise<object>;
}

/** The step whose reply is the file, or the file's address. */
export interface DownloadStep {
  readonly operation: Operation;
  request(job: JobReference): RequestParts;
  /** The address of the file, where the reply is not the file itself. */
  fileUrl?(reply: Reply): unknown;
  /** What the file is, where the reply is the file. */
  readonly file?: FileTypes;
  /** Makes the source of the file another one, for what only some vendors need: files that are gzip, in parts, keys in the query. */
  source?<T extends object>(source: T, connection: object, job: object): Promise<T>;
}

/** What becomes of an export that found nothing. */
export interface EmptyExport {
  /** What `save` gives where no file is written. */
  readonly nothing: SavedFile;
  /** The reply that stands for the empty file; `undefined` if none is to be written. @throws `JobEmptyError` if that is asked for */
  reply(
    job: { readonly vendor: string; readonly workflow: string; readonly id: string; readonly token: string },
    ifEmpty: "skip" | "file" | "error",
  ): RawReply | undefined;
}

/** Why a step between the start and the polls has not been done. */
export interface FurtherFailure {
  /** `refused`: the vendor would refuse it again. */
  readonly kind: "inconclusive" | "refused";
  readonly error: OuthaulError;
}

/** A step between the start and the polls, without which the vendor does not begin the job. */
export interface FurtherStep<Raw = unknown> {
  /** True if the poll's reply says that the step is still to be done. */
  isDue(reply: Reply<Raw>): boolean;
  /** Sends the step, or joins the request that is under way. @param record the record of the job */
  send(record: object, signal?: AbortSignal): Promise<FurtherFailure | undefined>;
}

/** A compiled Arazzo workflow: how one kind of export is run at a vendor. */
export interface Workflow<Request = never, Raw = unknown> {
  readonly name: string;
  readonly start: {
    readonly operation: Operation;
    request(request: Request): RequestParts;
    accepted(reply: Reply): boolean;
    /** @param connection that of the client, for what seals a secret */
    outputs(reply: Reply, connection: object): Record<string, unknown> | Promise<Record<string, unknown>>;
    /** The fields of the request that later steps need. */
    keep?(request: Request): Record<string, unknown>;
  };
  /** How to find a job whose create's reply was lost: by a field that the client makes unique, with a poll. */
  readonly find?: {
    readonly unique: string;
    /** True if the poll's reply is about the job with this unique value. */
    matches(reply: Reply<Raw>, unique: string): boolean;
    /** Loads what looks for the job: `@outhaul/shared/find-lost-job`. */
    load(): Promise<object>;
  };
  /** The step between the start and the polls, where there is one. */
  readonly further?: FurtherStep<Raw>;
  readonly poll: PollStep<Raw>;
  /** Absent where the poll that succeeds is the download. */
  readonly download?: DownloadStep;
  /** Set where the reply to one request is the file: nothing is started, and nothing is polled. */
  readonly oneStep?: { isEmpty?(reply: Reply): boolean };
  /** Set if the vendor can say that there is nothing to export. */
  readonly empty?: EmptyExport;
  readonly cancel?: {
    readonly operation: Operation;
    request(job: JobReference): RequestParts;
    /** Loads what cancels: `@outhaul/shared/cancel`. A vendor that cannot cancel does not carry it along. */
    load(): Promise<object>;
  };
}
