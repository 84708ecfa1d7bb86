import type { TimeLimit } from "../http/time-limits.js";
import type { RequestKind } from "../limits/rate-limiter.js";

/** What a request belongs to. */
export interface RequestContext {
  kind: RequestKind;
  workflow?: string;
  jobId?: string | undefined;
  token?: string | undefined;
  /** 1 for the first try of a request. */
  attempt?: number;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  /** Limits the request's time, in place of `timeoutMs`. Calls `onReached` in the tick in which it is reached. */
  limitTime?: (onReached: (reason: unknown) => void) => TimeLimit;
  /** A request that has not been sent by then is given up, where limits hold it back. */
  deadlineAt?: number | undefined;
  /** Called with what holds the request back. */
  onLimited?: (limit: string) => void;
  /** Called right before the request is sent. */
  onSend?: () => void;
}

/** A request on its way through the limits. */
export interface LimitedRequest extends RequestContext {
  /** Method and path of the operation: `POST /reports`. */
  operation?: string | undefined;
}
