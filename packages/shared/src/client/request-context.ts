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
  /** Called right before the request is sent. */
  onSend?: () => void;
}
