import type { Credentials } from "../account/credentials.js";
import { describeFailure } from "../errors/failure.js";
import { OuthaulError } from "../errors/outhaul-error.js";
import { short } from "../errors/text.js";
import { retryAfterMs } from "../http/retry-after.js";
import { limitTime, type TimeLimit } from "../http/time-limits.js";
import type { RateLimiter, RequestKind } from "../limits/rate-limiter.js";
import { abortable } from "../time/abortable.js";
import type { Clock } from "../time/clock.js";
import type { Operation, Reply } from "../workflow/workflow.js";
import type { ErrorFactory } from "./error-factory.js";
import type { RequestEvents } from "./options.js";
import type { RequestContext } from "./request-context.js";

interface ReplyHead {
  readonly status: number;
  readonly headers: Headers;
}

/** Sends a request with this signal and the credentials' headers. */
type Send<Reply extends ReplyHead> = (signal: AbortSignal, auth: Record<string, string>) => Promise<Reply>;

/**
 * Turns a reply into a result.
 * @param afterMs how long the vendor asks to wait
 * @param holdSlot keeps the request's slot at the limiter until the function that it returns is called: for a body that is read later
 * @param signal ends the reading of the body: a user's \`fetch\` may not heed the one that it got
 */
type Receive<Reply extends ReplyHead, Result> = (
  reply: Reply,
  afterMs: number | undefined,
  holdSlot: () => () => void,
  signal: AbortSignal,
) => Promise<Result> | Result;

/** The way of every request: credentials, rate limits, timeout, events. */
export interface RequestPipeline {
  /** Waits for a slot within the account's limits; the function that it returns gives the slot back. */
  acquire(operation: Operation, context: RequestContext): (() => void) | Promise<() => void>;
  /**
   * Sends a request. It settles in the tick of the abort or of the timeout, whatever `send` and `receive` do. After a reply that refuses
   * the credentials it is sent once more if they can be renewed.
   * @throws {@link ConnectionError}; `signal.reason`
   */
  request<Reply extends ReplyHead, Result extends { status: number }>(
    operation: Operation,
    context: RequestContext,
    send: Send<Reply>,
    receive: Receive<Reply, Result>,
  ): Promise<Result>;
}

/** What a pipeline works with. */
export interface PipelineDependencies {
  readonly vendor: string;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly limiter: RateLimiter | undefined;
  readonly errors: ErrorFactory;
  readonly events: RequestEvents;
  readonly requestTimeoutMs: number;
  /** True if a reply, beside 401, says that the credentials are no longer good. */
  readonly isRefused: ((reply: Reply) => boolean) | undefined;
}

export function createRequestPipeline(dependencies: PipelineDependencies): RequestPipeline {
  const { vendor, clock, credentials, limiter, errors, events, requestTimeoutMs, isRefused } = dependencies;

  /** Runs the user's code, whose failure must not touch a request that was sent. */
  function runUserCode(run: () => void): void {
    try {
      run();
    } catch (error) {
      events.reportListenerError(error);
    }
  }

  function acquire(operation: Operation, context: RequestContext): (() => void) | Promise<() => void> {
    const slot = limiter?.acquire({ ...context, operation: nameOf(operation) }) ?? doNothing;
    if (typeof slot === "function") return () => runUserCode(slot);
    return abortable(slot, context.signal).then(
      (release) => () => runUserCode(release),
      (error) => {
        slot.then(runUserCode, doNothing); // a limiter that ignores the signal
        throw error;
      },
    );
  }

  /** Shows the reply to the limiter. A call that was answered has nothing to wait for. */
  function observe(
    operation: Operation,
    kind: RequestKind,
    { status, headers }: ReplyHead,
  ): number | undefined {
    const afterMs = kind === "call" && status < 400 ? undefined : retryAfterMs(headers, clock.now());
    if (limiter?.observe)
      runUserCode(() =>
        limiter.observe?.({ status, headers, retryAfterMs: afterMs, operation: nameOf(operation) }),
      );
    return afterMs;
  }

  async function requestOnce<Reply extends ReplyHead, Result>(
    operation: Operation,
    context: RequestContext,
    send: Send<Reply>,
    receive: Receive<Reply, Result>,
  ): Promise<Result> {
    const { kind, signal, timeoutMs = requestTimeoutMs } = context;
    signal?.throwIfAborted();
    const headers = readAuth(operation, context);
    const auth = headers instanceof Promise ? await headers : headers;
    const isObserved = events.isObserved("request");
    const queuedAt = isObserved ? clock.now() : 0;
    const slot = acquire(operation, context);
    const release = typeof slot === "function" ? slot : await slot;
    if (signal?.aborted) {
      release();
      throw signal.reason;
    }

    const sentAt = isObserved ? clock.now() : 0;
    let limit: TimeLimit | undefined;
    let received: Reply | undefined;
    let slotHeld = false;
    let failure: string | undefined;
    try {
      return await new Promise<Result>((resolve, reject) => {
        limit = context.limitTime?.(reject) ?? limitTime(clock, timeoutMs, signal, reject);
        const { signal: limitSignal } = limit;
        context.onSend?.();
        send(limitSignal, auth)
          .then((reply) => {
            limitSignal.throwIfAborted();
            received = reply;
            const holdSlot = () => {
              slotHeld = true;
              return release;
            };
            return receive(reply, observe(operation, kind, reply), holdSlot, limitSignal);
          })
          .then(resolve, reject);
      });
    } catch (error) {
      slotHeld = false;
      if (signal?.aborted) throw signal.reason;
      if (error instanceof OuthaulError) throw error; // an error that the reply reports is no failure of the connection
      failure = credentials.redact(describeFailure(error));
      throw errors.connection(operation, error, context, received !== undefined);
    } finally {
      limit?.end();
      if (!slotHeld) release();
      if (isObserved) emitRequest(operation, context, received, failure, queuedAt, sentAt);
    }
  }

  /** The credentials' headers. While a job lives, a function of the user's that fails is a request that failed; else the error is the user's own. */
  function readAuth(
    operation: Operation,
    context: RequestContext,
  ): Record<string, string> | Promise<Record<string, string>> {
    const fail = (error: unknown): never => {
      if (context.signal?.aborted || context.jobId === undefined) throw error;
      throw errors.credentials(operation, error, context);
    };
    try {
      const headers = credentials.headers();
      return headers instanceof Promise ? abortable(headers, context.signal).catch(fail) : headers;
    } catch (error) {
      return fail(error);
    }
  }

  function emitRequest(
    { method, path }: Operation,
    { kind, attempt = 1, workflow, jobId }: RequestContext,
    reply: ReplyHead | undefined,
    error: string | undefined,
    queuedAt: number,
    sentAt: number,
  ): void {
    const requestId = reply?.headers.get("x-request-id");
    events.emit({
      type: "request",
      vendor,
      kind,
      attempt,
      workflow,
      jobId,
      method,
      path,
      status: reply?.status,
      error,
      requestId: requestId ? short(credentials.redact(requestId)) : undefined,
      durationMs: clock.now() - sentAt,
      limitedMs: sentAt - queuedAt,
    });
  }

  const requestWithRenewal: RequestPipeline["request"] = async (operation, context, send, receive) => {
    let used: Record<string, string> | undefined;
    const rememberAuth: typeof send = (signal, auth) => {
      used = auth;
      return send(signal, auth);
    };
    const result = await requestOnce(operation, context, rememberAuth, receive);
    if (result.status !== 401 && !isRefused?.(replyOf(result))) return result;
    credentials.renew(used);
    return requestOnce(operation, context, send, receive);
  };

  return { acquire, request: credentials.renewable ? requestWithRenewal : requestOnce };
}

/** The reply in a result: the result itself, or, where the reply may be a file, what was read of it. */
function replyOf(result: { status: number }): Reply {
  return "reply" in result ? (result.reply as Reply) : (result as Reply); // of a raw response there are the status and the headers
}

/** An operation as the vendor's documents write it. */
function nameOf({ method, path }: Operation): string {
  return `${method} ${path}`;
}

const doNothing = (): void => {};
