import type { LongLimits, LongLimitsContext } from "../client/options.js";
import type { LimitedRequest } from "../client/request-context.js";
import { MAX_HOLD_MS, type RateLimiter, TRANSIT_MS } from "../limits/rate-limiter.js";
import { type SlidingWindow, slidingWindow } from "../limits/sliding-window.js";
import { TimeoutError } from "../record/errors.js";
import { onAbort } from "../time/on-abort.js";
import { START_TIMEOUT, ToldWait } from "./told-wait.js";

/** A limit as the vendor documents it: at most `quota` requests in any `windowMs` milliseconds. */
export interface NamedQuota {
  readonly name: string;
  readonly quota: number;
  readonly windowMs: number;
}

/** The limits for whose slots one may wait for long. */
export interface LongLimitPolicies {
  /** Those of all requests together. The client's limiter keeps them; here they are told of. */
  readonly account?: readonly NamedQuota[];
  /** Those of single operations, by method and path: `POST /reports`. */
  readonly operations?: Readonly<Record<string, readonly NamedQuota[]>>;
}

/** When the next request may go, and why not before. */
interface NextSlot {
  readonly at: number;
  readonly why: string;
}

/** A wait that is shorter is not worth telling. */
const TOLD_MS = 1000;

/**
 * Keeps the limits of single operations, and tells of waits for a slot: by an event when one begins and every minute, and by an error that names
 * the limit when the time of the request does not suffice. Vendors without such limits do not load it.
 */
export function longLimits({ account = [], operations = {} }: LongLimitPolicies): LongLimits {
  return {
    startOptions: START_TIMEOUT,
    over(limiter, context) {
      const ofAccount = new AccountSlots(limiter, account, context);
      const queues = new Map(
        Object.entries(operations).map(([operation, quotas]) => [
          operation,
          new OperationQueue(quotas, ofAccount, context),
        ]),
      );
      const queueOf = ({ operation = "" }: { operation?: string | undefined }) => queues.get(operation);
      return {
        acquire: (request) => (queueOf(request) ?? ofAccount).acquire(request),
        observe(reply) {
          const queue = queueOf(reply);
          // A 429 is of the narrowest limit: the other operations go on, and hear of their own.
          if (queue && reply.status === 429) queue.hold(reply.retryAfterMs);
          else limiter.observe?.(reply);
        },
      };
    },
  };
}

/** Waits until a slot is free, at the longest, and tells of it. @throws {@link TimeoutError} if the request has no time for it */
async function waitForSlot(
  { vendor, clock, events }: LongLimitsContext,
  request: LimitedRequest,
  { at, why }: NextSlot,
  wait: ToldWait,
): Promise<void> {
  const now = clock.now();
  const { deadlineAt = Infinity, workflow, jobId, operation = "" } = request;
  const isKnown = at > now && at < Infinity;
  const when = isKnown ? `, and lets the next one go at ${new Date(at).toISOString()}` : "";
  if (now >= deadlineAt || (isKnown && at > deadlineAt))
    throw new TimeoutError(
      `${vendor}: ${workflow ? `${workflow}: ` : ""}${operation} was not sent within its time: ${why} holds it back${when}. Start it later, or give it a longer "timeoutMs"`,
      { vendor, jobId, retryAt: isKnown ? new Date(at) : undefined },
    );
  await wait.until(Math.min(isKnown ? at : Infinity, deadlineAt), () => {
    if (!isKnown || at - now < TOLD_MS) return false;
    request.onLimited?.(`${why} holds ${operation} back${when}`);
    if (events.isObserved("job"))
      events.emit({ type: "limited", vendor, workflow, jobId, operation, limit: why, delayMs: at - now });
    return true;
  });
}

/** The slots of the account, for which the client's limiter decides. */
class AccountSlots {
  readonly #limiter: RateLimiter & { freeAt?(kind: LimitedRequest["kind"], now: number): number };
  readonly #windows: readonly Counted[];
  readonly #context: LongLimitsContext;

  constructor(limiter: RateLimiter, quotas: readonly NamedQuota[], context: LongLimitsContext) {
    this.#limiter = limiter;
    this.#windows = quotas.map(counted);
    this.#context = context;
  }

  acquire(request: LimitedRequest): (() => void) | Promise<() => void> {
    const controller = new AbortController();
    const { signal } = request;
    if (signal?.aborted) controller.abort(signal.reason);
    const slot = this.#limiter.acquire({ ...request, signal: controller.signal });
    if (typeof slot !== "function") return this.#wait(request, slot, controller);
    this.#count();
    return slot;
  }

  async #wait(
    request: LimitedRequest,
    slot: Promise<() => void>,
    controller: AbortController,
  ): Promise<() => void> {
    const removeListener = onAbort(request.signal, (reason) => controller.abort(reason));
    const wait = new ToldWait(this.#context.clock, controller.signal);
    let isSettled = false;
    const settle = (): void => {
      isSettled = true;
      wait.wake();
    };
    slot.then(settle, settle);
    await undefined; // what is free at once settles before anything is told
    try {
      while (!isSettled) await waitForSlot(this.#context, request, this.#next(request), wait);
      const release = await slot;
      this.#count();
      return release;
    } catch (error) {
      slot.then(
        (release) => release(),
        () => {},
      );
      controller.abort(error);
      throw error;
    } finally {
      removeListener();
    }
  }

  #next({ kind }: LimitedRequest): NextSlot {
    const at = this.#limiter.freeAt?.(kind, this.#context.clock.now()) ?? Infinity;
    const [last] = [...this.#windows].sort(
      (a, b) => b.window.freeAt() - a.window.freeAt() || b.windowMs - a.windowMs,
    );
    return { at, why: last ? last.text : "the limit of the account" };
  }

  #count(): void {
    for (const { window } of this.#windows) window.add(this.#context.clock.now());
  }
}

/** The requests of one operation, which go in the order in which they came. */
class OperationQueue {
  readonly #windows: readonly Counted[];
  readonly #account: AccountSlots;
  readonly #context: LongLimitsContext;
  #waiting: readonly ToldWait[] = [];
  /** Set by a 429. */
  #heldUntil = 0;

  constructor(quotas: readonly NamedQuota[], account: AccountSlots, context: LongLimitsContext) {
    this.#windows = quotas.map(counted);
    this.#account = account;
    this.#context = context;
  }

  async acquire(request: LimitedRequest): Promise<() => void> {
    const { clock } = this.#context;
    const own = new ToldWait(clock, request.signal);
    this.#waiting = [...this.#waiting, own];
    try {
      for (;;) {
        const position = this.#waiting.indexOf(own);
        const next = this.#next(position);
        if (position === 0 && next.at <= clock.now()) break;
        await waitForSlot(this.#context, request, next, own);
      }
      // Counted when it goes: until then the next one waits behind it.
      const release = await this.#account.acquire(request);
      for (const { window } of this.#windows) window.add(clock.now());
      return release;
    } finally {
      this.#waiting = this.#waiting.filter((other) => other !== own);
      for (const other of this.#waiting) other.wake();
    }
  }

  /** Lets no request go until the vendor allows it. What it asks for is believed as far as its own windows go. */
  hold(retryAfterMs: number | undefined): void {
    const longestMs = Math.max(...this.#windows.map(({ windowMs }) => windowMs));
    const holdMs = Math.min(
      retryAfterMs ?? Math.min(longestMs, MAX_HOLD_MS),
      Math.max(longestMs, MAX_HOLD_MS),
    );
    this.#heldUntil = Math.max(this.#heldUntil, this.#context.clock.now() + holdMs);
  }

  /** When the request at a position may go, at the earliest. */
  #next(position: number): NextSlot {
    let next: NextSlot = { at: this.#heldUntil, why: "the vendor's last answer, 429," };
    for (const { window, quota, text } of this.#windows) {
      const at = window.freeAt(Math.min(position, quota - 1));
      if (at > next.at) next = { at, why: text };
    }
    return next;
  }
}

interface Counted extends NamedQuota {
  readonly window: SlidingWindow;
  /** The limit as it is told. */
  readonly text: string;
}

function counted(quota: NamedQuota): Counted {
  return {
    ...quota,
    window: slidingWindow(quota.quota, quota.windowMs + TRANSIT_MS),
    text: `the vendor's limit "${quota.name}" (${quota.quota} requests in ${quota.windowMs / 1000} s)`,
  };
}
