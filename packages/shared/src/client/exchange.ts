import { describeFailure } from "../errors/failure.js";
import { OuthaulError } from "../errors/outhaul-error.js";
import { retryAfterMs } from "../http/retry-after.js";
import { createTimeLimits, type TimeLimit } from "../http/time-limits.js";
import type { RateLimiter, RequestKind } from "../limits/rate-limiter.js";
import type { Clock } from "../time/clock.js";
import { orAbort } from "../time/or-abort.js";
import type { Operation } from "../workflow/workflow.js";
import type { Credentials } from "./credentials.js";
import type { ClientEvents } from "./events.js";
import type { RequestErrors } from "./request-errors.js";

/** What a request belongs to. */
export interface RequestContext {
  kind: RequestKind;
  workflow?: string;
  jobId?: string | undefined;
  token?: string | undefined;
  attempt?: number;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  /** Called when the request is about to be sent. */
  sent?: () => void;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
}

/** Sends a request, told its signal and its credentials' headers. */
type Open<Reply extends Answer> = (signal: AbortSignal, auth: Record<string, string>) => Promise<Reply>;
/**
 * Makes of a reply what is wanted of it, told what the vendor asks to wait. With `hold` the request counts as open until what it gives is called: for a body that
 * is read later.
 */
type Receive<Reply extends Answer, Result> = (
  reply: Reply,
  afterMs: number | undefined,
  hold: () => () => void,
) => Promise<Result> | Result;

/** One request: with credentials, within the limits, within its time, and told of. */
export interface Exchange {
  /** Waits for the account's limits. */
  enter(kind: RequestKind, signal?: AbortSignal): (() => void) | Promise<() => void>;
  /**
   * Settles in the tick of the abort or of the time-out, whatever `open` and `receive` do. What was answered with 401 is sent once more where the
   * credentials can be asked for anew. @throws {@link ConnectionError}; `signal.reason`
   */
  request<Reply extends Answer, Result extends { status: number }>(
    operation: Operation,
    context: RequestContext,
    open: Open<Reply>,
    receive: Receive<Reply, Result>,
  ): Promise<Result>;
}

export function createExchange(client: {
  vendor: string;
  clock: Clock;
  credentials: Credentials;
  limiter: RateLimiter | undefined;
  errors: RequestErrors;
  events: ClientEvents;
  requestTimeoutMs: number;
}): Exchange {
  const { vendor, clock, credentials, limiter, errors, events, requestTimeoutMs } = client;
  const limits = createTimeLimits(clock, requestTimeoutMs);

  /** Runs the user's code, whose failure must not touch a request that was sent. */
  function guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      events.fault(error);
    }
  }

  function enter(kind: RequestKind, signal?: AbortSignal): (() => void) | Promise<() => void> {
    const pass = limiter?.acquire({ kind, signal }) ?? nothing;
    if (typeof pass === "function") return () => guard(pass);
    return orAbort(pass, signal).then(
      (leave) => () => guard(leave),
      (error) => {
        pass.then(guard, nothing); // a limiter that does not heed the signal
        throw error;
      },
    );
  }

  /** Tells the limiter of a reply. What the vendor asks to wait is no matter to a call that it has answered. */
  function hear(kind: RequestKind, { status, headers }: Answer): number | undefined {
    const afterMs = kind === "call" && status < 400 ? undefined : retryAfterMs(headers, clock.now());
    if (limiter?.observe) guard(() => limiter.observe?.({ status, headers, retryAfterMs: afterMs }));
    return afterMs;
  }

  async function once<Reply extends Answer, Result>(
    operation: Operation,
    context: RequestContext,
    open: Open<Reply>,
    receive: Receive<Reply, Result>,
  ): Promise<Result> {
    const { kind, signal, timeoutMs = requestTimeoutMs, attempt = 1, workflow, jobId } = context;
    signal?.throwIfAborted();
    const asked = credentials.headers();
    const auth = asked instanceof Promise ? await orAbort(asked, signal) : asked;
    const heard = events.heard("request");
    const waitingSince = heard ? clock.now() : 0;
    const pass = enter(kind, signal);
    const leave = typeof pass === "function" ? pass : await pass;
    if (signal?.aborted) {
      leave();
      throw signal.reason;
    }

    const startedAt = heard ? clock.now() : 0;
    let limit: TimeLimit | undefined;
    let answer: Reply | undefined;
    let held = false;
    let failed = false;
    let failure: string | undefined;
    try {
      return await new Promise<Result>((resolve, reject) => {
        limit = kind === "call" && !signal ? limits.shared(reject) : limits.own(timeoutMs, signal, reject);
        const cut = limit.signal;
        context.sent?.();
        open(cut, auth)
          .then((reply) => {
            cut.throwIfAborted();
            answer = reply;
            const afterMs = hear(kind, reply);
            return receive(reply, afterMs, () => {
              held = true;
              return leave;
            });
          })
          .then(resolve, reject);
      });
    } catch (error) {
      failed = true;
      if (signal?.aborted) throw signal.reason;
      if (error instanceof OuthaulError) throw error; // what the reply says is no failure of the connection
      failure = credentials.redact(describeFailure(error));
      throw errors.connection(operation, error, context, answer !== undefined);
    } finally {
      limit?.over();
      if (!held || failed) leave();
      if (heard) {
        const now = clock.now();
        events.emit({
          type: "request",
          ...{ vendor, kind, attempt, workflow, jobId },
          ...{ method: operation.method, path: operation.path, status: answer?.status, error: failure },
          requestId: answer?.headers.get("x-request-id") ?? undefined,
          durationMs: now - startedAt,
          limitedMs: startedAt - waitingSince,
        });
      }
    }
  }

  const renewing: Exchange["request"] = async (operation, context, open, receive) => {
    let used: Record<string, string> | undefined;
    const keep: typeof open = (signal, auth) => {
      used = auth;
      return open(signal, auth);
    };
    const result = await once(operation, context, keep, receive);
    if (result.status !== 401) return result;
    credentials.renew(used);
    return once(operation, context, open, receive);
  };

  return { enter, request: credentials.renewable ? renewing : once };
}

const nothing = (): void => {};
