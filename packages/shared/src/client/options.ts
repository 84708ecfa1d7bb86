import type { AuthScheme, Credentials } from "../account/credentials.js";
import type { ServerDefinition } from "../account/server-url.js";
import type { BodyEncoding } from "../encoding/request-body.js";
import type { RateLimiter, RateLimits, RequestKind } from "../limits/rate-limiter.js";
import type { Clock } from "../time/clock.js";
import type { Reply, Workflow } from "../workflow/workflow.js";

/** One request, after its reply or its failure; for logs. Holds no secret: no header, no query, no body. */
export interface RequestEvent {
  readonly type: "request";
  readonly vendor: string;
  readonly kind: RequestKind;
  readonly method: string;
  /** The path as the vendor's documents write it, with `{id}` for an id. */
  readonly path: string;
  /** Absent when there was no reply. */
  readonly status?: number | undefined;
  readonly durationMs: number;
  /** 1 for the first try of a request. */
  readonly attempt: number;
  /** The vendor's id of the request, where it gives one. */
  readonly requestId?: string | undefined;
  readonly workflow?: string | undefined;
  readonly jobId?: string | undefined;
  /** Why there was no reply. */
  readonly error?: string | undefined;
  /** How long the request waited for the account's limits. */
  readonly limitedMs: number;
}

/** Something that waits, and why; for logs. */
export interface WaitEvent {
  readonly type: "wait";
  readonly vendor: string;
  readonly workflow: string;
  readonly jobId: string;
  readonly delayMs: number;
  /** What set the moment of the next poll. */
  readonly reason: "schedule" | "retry-after" | "backoff" | "deadline";
}

/** A request that waits for a free slot within the vendor's limits. Told when the wait begins, and every minute of it. */
export interface LimitedEvent {
  readonly type: "limited";
  readonly vendor: string;
  readonly workflow?: string | undefined;
  readonly jobId?: string | undefined;
  /** What waits, as the vendor's documents write it: `POST /reports`. */
  readonly operation: string;
  /** What it waits for: `the vendor's limit "daily" (30 requests in 86400 s)`. */
  readonly limit: string;
  /** How long until the next slot is free. */
  readonly delayMs: number;
}

/** A start that waits for its turn, as the vendor allows no more jobs at once. Told when the wait begins, and every minute of it. */
export interface TurnEvent {
  readonly type: "turn";
  readonly vendor: string;
  readonly workflow: string;
  /** How many jobs of this client are open. */
  readonly openJobs: number;
  /** How many the vendor allows. */
  readonly maxOpenJobs: number;
}

/** What {@link ClientOptions.onEvent} is called with. */
export type ClientEvent =
  | RequestEvent
  | WaitEvent
  | LimitedEvent
  | TurnEvent
  | { readonly type: "listenerFailed"; readonly vendor: string; readonly error: unknown };

/** The options of every client, beside the vendor's own. */
export interface ClientOptions {
  /** Replaces scheme and host of the vendor's server, for a proxy or the sandbox. Credentials go there. */
  baseUrl?: string | URL;
  /**
   * Sends the requests. With one of yours, downloads go through it too.
   * @default the platform's `fetch`; on Node, files come through `node:http(s)`
   */
  fetch?: typeof globalThis.fetch;
  /**
   * Node, Bun and Deno only: the `http.Agent` or `https.Agent` of all requests, also of those for files: for a proxy, a certificate of your own, or both. Give
   * either this or {@link ClientOptions.fetch}.
   * @example new HttpsProxyAgent("http://proxy:3128", { ca })
   */
  agent?: object;
  /** Goes before the client's own name in the `User-Agent` header. Browsers send their own instead. */
  userAgent?: string;
  /**
   * How long one request may take, in milliseconds. Downloads have their own timeouts.
   * @default 30_000
   */
  requestTimeoutMs?: number;
  /**
   * The longest reply that is read into memory, in bytes after decoding. A longer reply to a poll counts as a failed poll; `api` throws. It does not
   * hold for downloads, nor for `api` with `parseAs: "stream"`.
   * @default 10_000_000
   */
  maxReplyBytes?: number;
  /**
   * The limits of your account, where they are not the documented ones; or a limiter of your own; or `false` for none.
   * @default the limits that the vendor documents, kept within this client
   */
  rateLimit?: RateLimits | RateLimiter | false;
  /** The time that the client waits by, for tests. */
  clock?: Clock;
  /**
   * Called with every request and every wait. What it throws changes nothing.
   *
   * On Node, the whole process can listen by `node:diagnostics_channel`: `outhaul:request` has each {@link RequestEvent}, `outhaul:job` each
   * {@link WaitEvent} and each {@link JobEvent} with `vendor`, `workflow` and `jobId` added. It costs nothing while nobody has subscribed.
   * @example
   * import { subscribe } from "node:diagnostics_channel";
   * subscribe("outhaul:request", (event) => console.log(event));
   */
  onEvent?: (event: ClientEvent) => void;
}

/** A vendor as the generator compiled it. */
export interface ClientDefinition extends ServerDefinition {
  readonly vendor: string;
  readonly createName: string;
  readonly auth: readonly (readonly AuthScheme[])[];
  /** Set where the client gets its credentials from the vendor. */
  readonly signIn?: SignIn;
  readonly rateLimit?: RateLimits;
  /** Set where one may wait for long until a request may go: limits of single operations, windows of hours. */
  readonly longLimits?: LongLimits;
  /** Set where the vendor allows only so many jobs at once. */
  readonly openJobs?: OpenJobs;
  readonly errors?: {
    when?(reply: Reply): boolean;
    /** True if the reply says that the credentials are no longer good, beside 401. */
    renew?(reply: Reply): boolean;
    message?(reply: Reply): unknown;
    requestId?(reply: Reply): unknown;
  };
  /** How bodies are written that are not `application/json`, by method and path: `POST /reports`. */
  readonly bodies?: Readonly<Record<string, BodyEncoding>>;
  readonly workflows: readonly Workflow<never, never>[];
  readonly version: string;
}

/** What long limits work with. */
export interface LongLimitsContext {
  readonly vendor: string;
  readonly clock: Clock;
  readonly events: { isObserved(kind: "request" | "job"): boolean; emit(event: ClientEvent): void };
}

/** Limits for whose slots one may wait for long. */
export interface LongLimits {
  /** What the options of a start have beside their own. */
  readonly startOptions: Readonly<Record<string, string>>;
  /** Puts the limits before the client's limiter. */
  over(limiter: RateLimiter, context: LongLimitsContext): RateLimiter;
}

/** A job that has not ended at the vendor, as far as is known. */
export interface OpenJob {
  readonly workflow: string;
  readonly id: string;
  wait(options: { signal: AbortSignal }): Promise<unknown>;
}

/** The turns of a client's starts. */
export interface JobTurns {
  /** Waits until one more job may be started. Call the function that it returns once, when there is a job or will be none. @throws {@link TimeoutError} */
  enter(
    workflow: string,
    limits: { signal?: AbortSignal | undefined; deadlineAt?: number | undefined },
  ): Promise<() => void>;
  /** Counts a job as open: one that was started, found again or resumed. */
  hold(job: OpenJob): void;
  /** Counts a job as ended, which the vendor has said. */
  free(job: Pick<OpenJob, "workflow" | "id">): void;
}

/** How many jobs the vendor allows at once. */
export interface OpenJobs {
  /** What the options of a start have beside their own. */
  readonly startOptions: Readonly<Record<string, string>>;
  create(context: LongLimitsContext): JobTurns;
}

/** What requests report of themselves. */
export interface RequestEvents {
  /** True if anybody listens: an event without a listener need not be made. */
  isObserved(kind: "request"): boolean;
  emit(event: ClientEvent): void;
  /** Reports, once, an error in the user's code whose result is not needed. */
  reportListenerError(error: unknown): void;
}

/** What a sign-in works with. */
export interface SignInContext {
  readonly clock: Clock;
  /** Sends requests by the user's `fetch` or agent, else by the global `fetch`. */
  readonly doFetch: typeof globalThis.fetch;
  /** What every request says of its sender. */
  readonly headers: Readonly<Record<string, string>>;
  readonly events: RequestEvents;
}

/** A way to sign in that sends requests of its own. */
export interface SignIn {
  /** Its options beside those of {@link ClientDefinition.auth}, and what they may be. */
  readonly options: Readonly<Record<string, string>>;
  /** Reads the credentials from a client's options. @throws {TypeError} naming the option that is missing or wrong */
  read(
    definition: ClientDefinition,
    options: Readonly<Record<string, unknown>>,
    context: SignInContext,
  ): Credentials;
}

/** How to start an export. */
export interface StartOptions {
  /** Stops the start; it rejects with `signal.reason`. What was sent by then may still have created a job. */
  signal?: AbortSignal | undefined;
  /**
   * How long to look for a job whose create was not answered, in milliseconds. Of use where the vendor lets jobs be found by name.
   * @default 30_000
   */
  visibilityMs?: number | undefined;
}

/** How to start an export where the vendor's limits may hold it back for long. */
export interface TimedStartOptions extends StartOptions {
  /**
   * How long to wait at most until the vendor's limits let the start go, in milliseconds: until there is a slot, until the vendor has room for one more job, or
   * while it refuses for now. Then the start rejects with a {@link TimeoutError} that says what holds it back; if it is known to take longer, at once. What was sent is not stopped.
   * @default none
   */
  timeoutMs?: number | undefined;
}
