import type { WaitEvent } from "../client/options.js";
import type { RawReply } from "../http/transport.js";
import { UnsupportedError } from "../record/errors.js";
import type { PollResult } from "../record/poll-result.js";
import type { JobRecord } from "../record/record.js";
import type { JobSnapshot } from "../record/types.js";
import { withJob } from "../record/with-job.js";
import { onAbort } from "../time/on-abort.js";
import { decidePoll } from "./decision.js";
import { type SeenStreaks, timeoutError, toleranceError } from "./give-up.js";
import { requestStatus } from "./status-request.js";
import { MAX_HINT_MS, PollTiming } from "./timing.js";
import { toleranceOf, type WaitOptions } from "./wait-options.js";

/** How a wait differs from others. */
export interface WaitMode {
  /** Polls at once, and ends after that poll, whatever it says. */
  readonly once?: boolean;
  /** Wants the reply itself, where the poll that succeeds is the file. */
  readonly wantsFile?: boolean;
}

interface Waiter<Raw> extends WaitMode {
  readonly options: WaitOptions;
  readonly deadlineAt: number;
  readonly seen: SeenStreaks;
  readonly removeListener: () => void;
  resolve(snapshot: JobSnapshot<Raw>): void;
  reject(error: unknown): void;
  /** When this wait's schedule wants the next poll. */
  dueAt: number;
  /** Ends the wait at its deadline while a poll is under way. */
  deadlineTimer?: unknown;
}

/** How long the last poll, which begins at a deadline, may take. */
const LAST_POLL_MS = 10_000;
/** A deadline that comes later than this was slept through: the process stood still, or the machine did. */
const SLEPT_MS = 1000;

/** The one row of polls of a job, which everyone who waits for it shares. It goes on as long as somebody waits. */
export class PollLoop<Raw> {
  readonly #record: JobRecord<Raw>;
  readonly #cancel: () => Promise<unknown>;
  #waiters: readonly Waiter<Raw>[] = [];
  #timer: { readonly id: unknown; readonly at: number } | undefined;
  /** The poll under way. */
  #polling: AbortController | undefined;
  readonly #timing: PollTiming<Raw>;
  #file: RawReply | undefined;

  constructor(record: JobRecord<Raw>, cancel: () => Promise<unknown>) {
    this.#record = record;
    this.#cancel = cancel;
    this.#timing = new PollTiming(record);
    record.setNextPoll(this.#timing.dueAt());
  }

  /** Settles when the job has ended, or when this wait gives up. */
  wait(options: WaitOptions, mode: WaitMode = {}): Promise<JobSnapshot<Raw>> {
    return new Promise((resolve, reject) => {
      this.#check(options);
      const { signal, timeoutMs = Infinity } = options;
      const { ended, connection } = this.#record;
      const dueAt = ended ? 0 : this.#firstDueAt(options, mode);
      signal?.throwIfAborted();
      if (ended) return ended.error && !mode.once ? reject(ended.error) : resolve(this.#record.snapshot);
      const deadlineAt = connection.clock.now() + timeoutMs;
      const removeListener = onAbort(signal, (reason) => {
        if (options.onAbort === "cancel") this.#cancel().catch(() => {});
        this.#remove(waiter);
        reject(reason);
      });
      const waiter: Waiter<Raw> = {
        ...mode,
        options,
        deadlineAt,
        seen: { failures: {}, unknowns: {} },
        dueAt,
        removeListener,
        resolve,
        reject,
      };
      this.#waiters = [...this.#waiters, waiter];
      if (this.#polling) this.#armDeadline(waiter, connection.clock.now());
      else if (this.#isHopeless(waiter)) this.#timeOut(waiter);
      else this.#arm();
    });
  }

  /** @throws {@link UnsupportedError} for a cancel that the vendor does not offer */
  #check(options: WaitOptions): void {
    const { onTimeout, onAbort } = options;
    const { vendor, workflow, steps } = this.#record;
    if (steps.cancel || (onTimeout !== "cancel" && onAbort !== "cancel")) return;
    throw new UnsupportedError(
      `${vendor}: ${workflow} cannot be cancelled at the vendor; leave out "onTimeout" and "onAbort"`,
      { vendor, jobId: this.#record.id, token: this.#record.token },
    );
  }

  #firstDueAt(options: WaitOptions, mode: WaitMode): number {
    try {
      return this.#dueAt(options, mode);
    } catch (error) {
      throw withJob(error, this.#record);
    }
  }

  /** The file that came with the poll that succeeded; the first caller gets it. */
  takeFile(): RawReply | undefined {
    const file = this.#file;
    this.#file = undefined;
    return file;
  }

  /** Settles every wait, because the job has ended. */
  settleEnd(): void {
    const { ended, snapshot } = this.#record;
    for (const waiter of this.#waiters) {
      if (ended?.error && !waiter.once) this.#reject(waiter, ended.error);
      else this.#resolve(waiter, snapshot);
    }
  }

  /** Removes a waiter; with the last one ends the poll that nobody waits for. */
  #remove(waiter: Waiter<Raw>): void {
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
    waiter.removeListener();
    this.#record.connection.clock.clearTimeout(waiter.deadlineTimer);
    if (this.#waiters.length === 0) this.#polling?.abort();
    this.#arm();
  }

  #resolve(waiter: Waiter<Raw>, snapshot: JobSnapshot<Raw>): void {
    this.#remove(waiter);
    waiter.resolve(snapshot);
  }

  #reject(waiter: Waiter<Raw>, error: unknown): void {
    this.#remove(waiter);
    waiter.reject(this.#record.ended ? error : withJob(error, this.#record));
  }

  #dueAt({ schedule }: WaitOptions, { once }: WaitMode): number {
    return once ? this.#timing.soonest() : this.#timing.dueAt(schedule);
  }

  /** Asks each schedule for the next poll. A schedule that throws ends its own wait only. */
  #scheduleNext(): void {
    const due: number[] = [];
    for (const waiter of this.#waiters) {
      try {
        waiter.dueAt = this.#dueAt(waiter.options, waiter);
        if (!waiter.once) due.push(waiter.dueAt);
      } catch (error) {
        this.#reject(waiter, error);
      }
    }
    this.#record.setNextPoll(due.length ? Math.min(...due) : this.#timing.dueAt());
  }

  /** True if the vendor allows no request before this wait's deadline, or for longer than anybody waits. */
  #isHopeless({ deadlineAt }: Waiter<Raw>): boolean {
    const now = this.#record.connection.clock.now();
    return this.#timing.notBefore > Math.min(Math.max(deadlineAt, now), now + MAX_HINT_MS);
  }

  /** Sets the timer to the earliest poll that somebody needs. */
  #arm(): void {
    const { clock } = this.#record.connection;
    const { at, reason } = this.#nextPoll();
    if (at === this.#timer?.at) return;
    if (this.#timer) clock.clearTimeout(this.#timer.id);
    this.#timer = undefined;
    if (at === Infinity) return;
    const delayMs = Math.max(at - clock.now(), 0);
    this.#timer = { id: clock.setTimeout(() => void this.#poll(), delayMs), at };
    this.#emitWait(delayMs, reason);
  }

  #nextPoll(): { at: number; reason: WaitEvent["reason"] } {
    let at = Infinity;
    let reason: WaitEvent["reason"] = "schedule";
    if (this.#polling) return { at, reason };
    for (const { dueAt, deadlineAt } of this.#waiters) {
      if (Math.min(dueAt, deadlineAt) >= at) continue;
      at = Math.min(dueAt, deadlineAt);
      if (at < dueAt) reason = "deadline";
      else if (at === this.#timing.notBefore) reason = "retry-after";
      else reason = this.#record.failures ? "backoff" : "schedule";
    }
    return { at, reason };
  }

  #emitWait(delayMs: number, reason: WaitEvent["reason"]): void {
    const { vendor, workflow, id, connection } = this.#record;
    if (delayMs <= 0 || !connection.events.isObserved("job")) return;
    connection.events.emit({ type: "wait", vendor, workflow, jobId: id, delayMs, reason });
  }

  /** Ends a poll that began before the deadline when the deadline comes; the last poll, which begins there, gets a little time. */
  #armDeadline(waiter: Waiter<Raw>, startedAt: number): void {
    const { clock, requestTimeoutMs } = this.#record.connection;
    const { deadlineAt } = waiter;
    if (deadlineAt === Infinity) return;
    const extraMs = startedAt < deadlineAt ? 0 : Math.min(requestTimeoutMs, LAST_POLL_MS);
    const endsAt = Math.max(startedAt, deadlineAt) + extraMs;
    const end = () => {
      // After a sleep the answer may lie in the socket already: the poll under way becomes the last one.
      if (clock.now() - endsAt < SLEPT_MS) this.#timeOut(waiter);
      else waiter.deadlineTimer = clock.setTimeout(() => this.#timeOut(waiter), LAST_POLL_MS);
    };
    waiter.deadlineTimer = clock.setTimeout(end, Math.max(endsAt - clock.now(), 0));
  }

  async #poll(): Promise<void> {
    const { clock } = this.#record.connection;
    const polling = new AbortController();
    const startedAt = clock.now();
    this.#timer = undefined;
    this.#polling = polling;
    for (const waiter of this.#waiters) this.#armDeadline(waiter, startedAt);
    try {
      const result = await this.#request(polling.signal);
      if (result) this.#settle(result, startedAt);
    } catch (error) {
      // A mistake in code is nothing to wait out.
      if (!polling.signal.aborted) for (const waiter of this.#waiters) this.#reject(waiter, error);
    } finally {
      this.#polling = undefined;
      for (const waiter of this.#waiters) clock.clearTimeout(waiter.deadlineTimer);
      this.#arm();
    }
  }

  /** Polls once and applies the answer to the record; returns nothing if nobody waits for it any more. */
  async #request(signal: AbortSignal): Promise<PollResult | undefined> {
    const record = this.#record;
    const { connection, steps, job } = record;
    const context = {
      ...record.requestContext("poll"),
      signal,
      attempt: (record.failures?.polls ?? 0) + 1,
      onLimited: (limit: string) => {
        record.limited = limit;
      },
      onSend: () => record.countPoll(),
    };
    const { reply, file, error } = await requestStatus(connection, steps, job, context);
    if (signal.aborted) {
      file?.destroy();
      return undefined;
    }
    const decided: PollResult = reply
      ? decidePoll(connection, steps, job, reply, context, file !== undefined)
      : { kind: "inconclusive", error };
    const isDue =
      decided.kind === "state" && decided.state === "queued" && steps.further?.isDue(reply as never); // the reply's type is what the spec promises
    const result = (isDue && (await steps.further?.send(record, signal))) || decided;
    if (signal.aborted) return undefined;
    this.#keepFile(result, file);
    this.#timing.observe(reply);
    const graceMs = Math.max(...this.#waiters.map(({ options }) => toleranceOf(options).notFoundMs));
    record.apply(result, reply, graceMs, () => this.#scheduleNext());
    return result;
  }

  /** Keeps the file that came with the poll if a waiter wants it; else ends its reply. */
  #keepFile(result: PollResult, file: RawReply | undefined): void {
    const succeeded = result.kind === "state" && result.state === "succeeded";
    const isWanted = succeeded && !this.#file && this.#waiters.some(({ wantsFile }) => wantsFile);
    if (isWanted) this.#file = file;
    else file?.destroy();
  }

  /** Settles the waits that end with this poll. */
  #settle(result: PollResult, startedAt: number): void {
    const record = this.#record;
    if (record.ended) return this.settleEnd();
    const now = record.connection.clock.now();
    const failed = result.kind === "inconclusive" || result.kind === "forbidden";
    const final = result.kind === "refused" || (result.kind === "forbidden" && record.forbidden > 1);
    for (const waiter of this.#waiters) {
      const exceeded = toleranceError(record, waiter.seen, toleranceOf(waiter.options));
      if (final) this.#reject(waiter, result.error);
      else if (waiter.once && failed) this.#reject(waiter, result.error);
      else if (waiter.once) this.#resolve(waiter, record.snapshot);
      else if (exceeded) this.#reject(waiter, exceeded);
      else if (this.#isHopeless(waiter)) this.#timeOut(waiter);
      else if (
        Math.max(now, startedAt) >= waiter.deadlineAt &&
        !this.#deservesLastPoll(waiter, failed, startedAt)
      )
        this.#timeOut(waiter);
    }
  }

  /** True if the poll began before the deadline and was broken by a sleep: then one more follows after waking. */
  #deservesLastPoll({ deadlineAt }: Waiter<Raw>, failed: boolean, startedAt: number): boolean {
    const now = this.#record.connection.clock.now();
    return failed && startedAt < deadlineAt && now - deadlineAt >= SLEPT_MS;
  }

  #timeOut(waiter: Waiter<Raw>): void {
    const record = this.#record;
    const { options } = waiter;
    const retryAt = this.#isHopeless(waiter) ? new Date(this.#timing.notBefore) : undefined;
    const error = timeoutError(record, record.connection.clock.now(), retryAt);
    this.#remove(waiter);
    if (options.onTimeout !== "cancel") return waiter.reject(error);
    const removeListener = onAbort(options.signal, waiter.reject);
    const settle = () => {
      removeListener();
      if (!record.ended) waiter.reject(error);
      else if (record.ended.error) waiter.reject(record.ended.error);
      else waiter.resolve(record.snapshot);
    };
    this.#cancel().then(settle, settle);
  }
}
