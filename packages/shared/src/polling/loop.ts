import type { WaitEvent } from "../client/options.js";
import type { RawReply } from "../http/transport.js";
import { UnsupportedError } from "../record/errors.js";
import { impatience, timeoutError } from "../record/outcome.js";
import type { JobRecord } from "../record/record.js";
import type { JobSnapshot, Tolerance, WaitOptions } from "../record/types.js";
import { judge, type Verdict } from "./decision.js";
import { askStatus } from "./request.js";
import { PollTiming } from "./timing.js";
import { checkWaitOptions } from "./wait-options.js";

/** How a wait differs from the next. */
export interface Wait {
  /** Asks at once, and leaves after that poll, whatever it says. */
  readonly once?: boolean;
  /** Wants the reply itself, where the poll that succeeds is the file. */
  readonly wantsFile?: boolean;
}

interface Waiter<Raw> extends Wait {
  readonly options: WaitOptions;
  readonly deadlineAt: number;
  readonly abort: () => void;
  resolve(snapshot: JobSnapshot<Raw>): void;
  reject(error: unknown): void;
  /** When this wait's schedule wants the next poll. */
  dueAt: number;
  /** Ends the wait at its deadline while a poll is under way. */
  cut?: unknown;
}

/** How long a last look that begins at a deadline may take. */
const LAST_LOOK_MS = 10_000;

/** The one row of polls of a job, which all who wait for it share. It goes on as long as somebody waits. */
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
    record.planPoll(this.#timing.dueAt());
  }

  /** Settles when the job has ended, or when this wait gives up. */
  wait(options: WaitOptions, wait: Wait = {}): Promise<JobSnapshot<Raw>> {
    return new Promise((resolve, reject) => {
      checkWaitOptions(options);
      this.#checkCancel(options);
      const { signal, timeoutMs = Infinity } = options;
      const { ended, connection } = this.#record;
      const dueAt = ended ? 0 : this.#dueAt(options, wait);
      signal?.throwIfAborted();
      if (ended) return ended.error && !wait.once ? reject(ended.error) : resolve(this.#record.snapshot);
      const deadlineAt = connection.clock.now() + timeoutMs;
      const abort = () => {
        if (options.onAbort === "cancel") this.#cancel().catch(() => {});
        this.#leave(waiter);
        reject(signal?.reason);
      };
      const waiter: Waiter<Raw> = { ...wait, options, deadlineAt, dueAt, abort, resolve, reject };
      signal?.addEventListener("abort", abort, { once: true });
      this.#waiters = [...this.#waiters, waiter];
      if (this.#polling) this.#armCut(waiter, connection.clock.now());
      else if (this.#isHopeless(waiter)) this.#timeOut(waiter);
      else this.#arm();
    });
  }

  /** A wish that the vendor cannot fulfil is refused, not forgotten. */
  #checkCancel({ onTimeout, onAbort }: WaitOptions): void {
    const { connection, workflow } = this.#record;
    if (workflow.cancel || (onTimeout !== "cancel" && onAbort !== "cancel")) return;
    throw new UnsupportedError(
      `${connection.vendor}: ${workflow.name} cannot be cancelled at the vendor; leave out "onTimeout" and "onAbort"`,
      { vendor: connection.vendor },
    );
  }

  /** The file that came with the poll that succeeded, for the first who takes it. */
  takeFile(): RawReply | undefined {
    const file = this.#file;
    this.#file = undefined;
    return file;
  }

  /** Lets everybody know that the job has ended. */
  settleEnd(): void {
    const { ended, snapshot } = this.#record;
    for (const waiter of this.#waiters) {
      if (ended?.error && !waiter.once) this.#fail(waiter, ended.error);
      else this.#succeed(waiter, snapshot);
    }
  }

  /** Takes a waiter out; with the last one goes the poll that nobody waits for. */
  #leave(waiter: Waiter<Raw>): void {
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
    waiter.options.signal?.removeEventListener("abort", waiter.abort);
    this.#record.connection.clock.clearTimeout(waiter.cut);
    if (this.#waiters.length === 0) this.#polling?.abort();
    this.#arm();
  }

  #succeed(waiter: Waiter<Raw>, snapshot: JobSnapshot<Raw>): void {
    this.#leave(waiter);
    waiter.resolve(snapshot);
  }

  #fail(waiter: Waiter<Raw>, error: unknown): void {
    this.#leave(waiter);
    waiter.reject(error);
  }

  #dueAt({ schedule }: WaitOptions, { once }: Wait): number {
    return once ? this.#timing.soonest() : this.#timing.dueAt(schedule);
  }

  /** Asks each schedule for the next poll. Who waits by one that throws is told, and nobody else. */
  #plan(): void {
    const due: number[] = [];
    for (const waiter of this.#waiters) {
      try {
        waiter.dueAt = this.#dueAt(waiter.options, waiter);
        if (!waiter.once) due.push(waiter.dueAt);
      } catch (error) {
        this.#fail(waiter, error);
      }
    }
    this.#record.planPoll(due.length ? Math.min(...due) : this.#timing.dueAt());
  }

  /** Whether the vendor allows no request before this wait's deadline. */
  #isHopeless({ deadlineAt }: Waiter<Raw>): boolean {
    return this.#timing.floorAt > Math.max(deadlineAt, this.#record.connection.clock.now());
  }

  /** Sets the timer to the earliest poll that somebody needs. */
  #arm(): void {
    const { connection, id, workflow, failures } = this.#record;
    const { clock, vendor, events } = connection;
    let at = Infinity;
    let reason: WaitEvent["reason"] = "schedule";
    for (const { dueAt, deadlineAt } of this.#polling ? [] : this.#waiters) {
      if (Math.min(dueAt, deadlineAt) >= at) continue;
      at = Math.min(dueAt, deadlineAt);
      if (at < dueAt) reason = "deadline";
      else if (at === this.#timing.floorAt) reason = "retry-after";
      else reason = failures ? "backoff" : "schedule";
    }
    if (at === this.#timer?.at) return;
    if (this.#timer) clock.clearTimeout(this.#timer.id);
    this.#timer = undefined;
    if (at === Infinity) return;
    const delayMs = Math.max(at - clock.now(), 0);
    this.#timer = { id: clock.setTimeout(() => void this.#poll(), delayMs), at };
    if (delayMs > 0 && events.heard("job"))
      events.emit({ type: "wait", vendor, workflow: workflow.name, jobId: id, delayMs, reason });
  }

  /** A poll that was under way before the deadline is cut there; the last look at the deadline has a little time. */
  #armCut(waiter: Waiter<Raw>, startedAt: number): void {
    const { clock, requestTimeoutMs } = this.#record.connection;
    const { deadlineAt } = waiter;
    if (deadlineAt === Infinity) return;
    const lookMs = startedAt < deadlineAt ? 0 : Math.min(requestTimeoutMs, LAST_LOOK_MS);
    const cutAt = Math.max(startedAt, deadlineAt) + lookMs;
    waiter.cut = clock.setTimeout(() => this.#timeOut(waiter), Math.max(cutAt - clock.now(), 0));
  }

  async #poll(): Promise<void> {
    const { clock } = this.#record.connection;
    const polling = new AbortController();
    const startedAt = clock.now();
    this.#timer = undefined;
    this.#polling = polling;
    for (const waiter of this.#waiters) this.#armCut(waiter, startedAt);
    try {
      const verdict = await this.#ask(polling.signal);
      if (verdict) this.#settle(verdict, startedAt);
    } catch (error) {
      // A mistake in code is no matter of patience.
      if (!polling.signal.aborted) for (const waiter of this.#waiters) this.#fail(waiter, error);
    } finally {
      this.#polling = undefined;
      for (const waiter of this.#waiters) clock.clearTimeout(waiter.cut);
      this.#arm();
    }
  }

  /** Asks the vendor, and takes in the answer; nothing when nobody waits for it any more. */
  async #ask(signal: AbortSignal): Promise<Verdict | undefined> {
    const record = this.#record;
    const { connection, workflow } = record;
    const context = {
      ...record.context("poll"),
      signal,
      attempt: (record.failures?.count ?? 0) + 1,
      sent: () => record.countPoll(),
    };
    const { reply, file, error } = await askStatus(connection, workflow, record.job, context);
    if (signal.aborted) {
      file?.destroy();
      return undefined;
    }
    const verdict: Verdict = reply
      ? judge(connection, workflow, record.job, reply, context)
      : { kind: "silence", error };
    const wanted =
      verdict.kind === "state" &&
      verdict.state === "succeeded" &&
      !this.#file &&
      this.#waiters.some(({ wantsFile }) => wantsFile);
    if (wanted) this.#file = file;
    else file?.destroy();
    this.#timing.hear(reply);
    const graceMs = Math.max(...this.#waiters.map(({ options }) => toleranceOf(options).notFoundMs));
    record.take(verdict, reply, graceMs, () => this.#plan());
    return verdict;
  }

  /** What a poll means for those who wait. */
  #settle(verdict: Verdict, startedAt: number): void {
    const record = this.#record;
    if (record.ended) return this.settleEnd();
    const now = record.connection.clock.now();
    const failed = verdict.kind === "silence" || verdict.kind === "forbidden";
    const final = verdict.kind === "refused" || (verdict.kind === "forbidden" && record.forbidden > 1);
    for (const waiter of this.#waiters) {
      const impatient = impatience(record, now, toleranceOf(waiter.options));
      if (final) this.#fail(waiter, verdict.error);
      else if (waiter.once)
        failed ? this.#fail(waiter, verdict.error) : this.#succeed(waiter, record.snapshot);
      else if (impatient) this.#fail(waiter, impatient);
      else if (Math.max(now, startedAt) >= waiter.deadlineAt || this.#isHopeless(waiter))
        this.#timeOut(waiter);
    }
  }

  #timeOut(waiter: Waiter<Raw>): void {
    const record = this.#record;
    const { options } = waiter;
    const retryAt = this.#isHopeless(waiter) ? new Date(this.#timing.floorAt) : undefined;
    const error = timeoutError(record, record.connection.clock.now(), retryAt);
    this.#leave(waiter);
    if (options.onTimeout !== "cancel") return waiter.reject(error);
    const { signal } = options;
    const abort = () => waiter.reject(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    const settle = () => {
      signal?.removeEventListener("abort", abort);
      if (!record.ended) waiter.reject(error);
      else if (record.ended.error) waiter.reject(record.ended.error);
      else waiter.resolve(record.snapshot);
    };
    this.#cancel().then(settle, settle);
  }
}

function toleranceOf({ tolerance = {} }: WaitOptions): Required<Tolerance> {
  const { failuresMs = 600_000, unknownMs = 900_000, notFoundMs = 60_000 } = tolerance;
  return { failuresMs, unknownMs, notFoundMs };
}
