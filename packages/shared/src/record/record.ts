import type { Connection } from "../client/connection.js";
import type { RequestContext } from "../client/request-context.js";
import type { OuthaulError } from "../errors/outhaul-error.js";
import { short } from "../errors/text.js";
import { withoutUndefined } from "../errors/without-undefined.js";
import { type FullReply, firstText, textsOf } from "../workflow/reply.js";
import type { JobReference, Reply, Workflow } from "../workflow/workflow.js";
import { endError } from "./end-error.js";
import type { PollResult } from "./poll-result.js";
import { encodeToken } from "./resume-token.js";
import { extendStreak, type Streak } from "./streak.js";
import type { JobEvent, JobSnapshot, JobState } from "./types.js";

/** How a job begins: started just now, or resumed from a token. */
export interface JobOrigin {
  readonly job: JobReference;
  readonly createdAt: number;
  /** Set for a resumed job: its first poll is due at once. */
  readonly resumed?: true;
  /** True if the create's reply was lost and the job was found again. */
  readonly adopted?: boolean;
  /** No poll before this moment. */
  readonly notBefore?: number;
}

type Writable<T> = { -readonly [Key in keyof T]?: T[Key] | undefined };

/** What the vendor's replies have reported. */
type ReportedState<Raw> = Pick<
  Writable<JobSnapshot<Raw>>,
  "state" | "rawStatus" | "raw" | "progress" | "error"
>;

/** What is known of a job, and how each poll changes it. It has no timers and no waiters. */
export class JobRecord<Raw> {
  readonly connection: Connection;
  readonly steps: Workflow<never, Raw>;
  readonly origin: JobOrigin;
  /** What later steps need to know; grows while polling. */
  job: JobReference;
  polledAt: number | undefined;
  /** The unbroken row of failed polls. */
  failures: Streak | undefined;
  /** The last of them. */
  lastFailure: OuthaulError | undefined;
  /** What holds the next poll back, while it waits for a slot. */
  limited: string | undefined;
  /** The unbroken row of words that the vendor's documents do not have. */
  unknowns: Streak | undefined;
  /** How many polls in a row were answered with 403. */
  forbidden = 0;
  /** How often which reply came. */
  readonly replies = new Map<string, number>();
  /** The file's name, if the vendor gives it while polling. */
  fileName: string | undefined;
  ended: { readonly error?: OuthaulError } | undefined;
  listeners: readonly ((event: JobEvent<Raw>) => void)[] = [];
  #reported: ReportedState<Raw> = { state: "queued" };
  #polls = 0;
  /** When the next poll is due; `undefined` once the job has ended. */
  #nextPollAt: number | undefined;
  /** True once the vendor has shown that it knows the job. */
  #wasFound = false;
  #token: string | undefined;
  /** Made when it is read: a job that waits among thousands keeps as little as it can. */
  #snapshot: JobSnapshot<Raw> | undefined;

  constructor(connection: Connection, workflow: Workflow<never, Raw>, origin: JobOrigin) {
    this.connection = connection;
    this.steps = workflow;
    this.origin = origin;
    this.job = origin.job;
  }

  get vendor(): string {
    return this.connection.vendor;
  }

  get workflow(): string {
    return this.steps.name;
  }

  get id(): string {
    return this.job["id"] ?? "";
  }

  get token(): string {
    const { vendor, workflow, job } = this;
    const { account } = this.connection;
    const { createdAt } = this.origin;
    this.#token ??= encodeToken({ vendor, workflow, account, job, createdAt });
    return this.#token;
  }

  get snapshot(): JobSnapshot<Raw> {
    this.#snapshot ??= this.#makeSnapshot();
    return this.#snapshot;
  }

  get progress(): JobSnapshot["progress"] {
    return this.#reported.progress;
  }

  get polls(): number {
    return this.#polls;
  }

  countPoll(): void {
    this.#polls++;
    this.limited = undefined;
    this.#snapshot = undefined;
  }

  setNextPoll(at: number | undefined): void {
    this.#nextPollAt = at;
    this.#snapshot = undefined;
  }

  requestContext(kind: RequestContext["kind"]): RequestContext {
    return { kind, workflow: this.workflow, jobId: this.id, token: this.token };
  }

  /**
   * Applies the result of a poll.
   * @param graceMs how long after its creation the vendor may not know the job
   * @param schedule called when all is known but no event is out; it sets the next poll
   */
  apply(result: PollResult, reply: FullReply | undefined, graceMs: number, schedule: () => void): void {
    const now = this.connection.clock.now();
    const isFirst = this.polledAt === undefined;
    const maxGapMs = this.#maxGap();
    this.polledAt = now;
    this.#snapshot = undefined;
    this.#countReply(result, reply);
    this.forbidden = result.kind === "forbidden" ? this.forbidden + 1 : 0;
    switch (result.kind) {
      case "refused":
        schedule();
        return;
      case "inconclusive":
      case "forbidden":
        this.#applyFailure(result.error, now, maxGapMs, schedule);
        return;
      case "notFound": {
        this.failures = undefined;
        if (this.isGone(graceMs)) return this.end("gone", result.error);
        schedule();
        return this.#emitPoll(now);
      }
      default: {
        this.failures = undefined;
        this.#wasFound = true;
        const isUnknown = result.kind === "unknown";
        this.unknowns = isUnknown ? extendStreak(this.unknowns, now, maxGapMs) : undefined;
        const state = isUnknown ? "unknown" : result.state;
        const before = this.#reported;
        this.#read(state, isUnknown ? result.rawStatus : undefined, reply as Reply<Raw>); // its type is what the spec promises, never relied on
        const isLive = state === "queued" || state === "running" || state === "unknown";
        if (isLive) schedule();
        else this.setNextPoll(undefined);
        const isChanged = this.#emitChange(before, isFirst);
        if (!isLive) this.end(state);
        else if (!isChanged) this.#emitPoll(now);
      }
    }
  }

  /** True if a 404 means that the vendor has lost the job, and not that it does not know it yet. */
  isGone(graceMs: number): boolean {
    return this.#wasFound || this.connection.clock.now() - this.origin.createdAt >= graceMs;
  }

  #countReply(result: PollResult, reply: FullReply | undefined): void {
    const key = reply ? String(reply.status) : "error" in result ? result.error.code : result.kind;
    this.replies.set(key, (this.replies.get(key) ?? 0) + 1);
  }

  /** How long after the last poll this one may come and still count as waited for: as planned, and the time of a request. */
  #maxGap(): number {
    if (this.polledAt === undefined || this.#nextPollAt === undefined) return Infinity;
    return Math.max(this.#nextPollAt - this.polledAt, 0) + this.connection.requestTimeoutMs;
  }

  #applyFailure(error: OuthaulError, now: number, maxGapMs: number, schedule: () => void): void {
    this.failures = extendStreak(this.failures, now, maxGapMs);
    this.lastFailure = error;
    const streak = this.failures.polls;
    schedule();
    this.#emit(() => ({ type: "pollFailed", snapshot: this.snapshot, error, streak }));
  }

  /** Records that the job has ended, or that the vendor has lost it. */
  end(state: JobState | "gone", cause?: unknown): void {
    if (this.ended) return;
    if (state !== "gone") this.#reported = { ...this.#reported, state };
    this.setNextPoll(undefined); // this also drops the old snapshot
    const error = endError(this, state, cause);
    const ended = error ? { error } : {};
    this.ended = ended;
    this.connection.turns?.free(this);
    this.#emit(() => ({ type: "end", snapshot: this.snapshot, ...ended }));
  }

  /** Sends an event to those who listen; makes none if nobody does. */
  #emit(makeEvent: () => JobEvent<Raw>): void {
    const { events } = this.connection;
    if (this.listeners.length === 0 && !events.isObserved("job")) return;
    const event = makeEvent();
    for (const listener of this.listeners) listener(event);
    events.publishJob(this.workflow, event);
  }

  #makeSnapshot(): JobSnapshot<Raw> {
    const { raw, ...reported } = this.#reported;
    const members: Writable<JobSnapshot<Raw>> = {
      id: this.id,
      ...reported,
      createdAt: new Date(this.origin.createdAt),
      polls: this.#polls,
      polledAt: toDate(this.polledAt),
      nextPollAt: toDate(this.#nextPollAt),
    };
    const snapshot = withoutUndefined(members);
    // The vendor's reply may hold anything: it can be read, but is not written to a log with the rest.
    if (raw !== undefined) Object.defineProperty(snapshot, "raw", { value: raw });
    return snapshot as JobSnapshot<Raw>; // all that it must have is among the members
  }

  #read(state: JobState, unknownWord: string | undefined, reply: Reply<Raw>): void {
    const { poll } = this.steps;
    const clean = (text: string): string => short(this.connection.credentials.redact(text));
    const word = firstText(poll.status?.(reply));
    const reason = state === "failed" ? poll.failureReason?.(reply) : undefined;
    this.#addOutputs(poll.outputs?.(reply) ?? {});
    this.fileName = firstText(poll.fileName?.(reply)) ?? this.fileName;
    this.#reported = {
      state,
      rawStatus: unknownWord ?? (word === undefined ? undefined : clean(word)),
      raw: reply.body,
      progress: poll.progress?.(reply) ?? this.#reported.progress,
      error: reason && { ...reason, message: clean(reason.message) },
    };
  }

  /** Adds to the job's reference what a poll has brought; with it the token changes. */
  #addOutputs(outputs: Record<string, unknown>): void {
    const texts = textsOf(outputs);
    if (Object.keys(texts).every((key) => texts[key] === this.job[key])) return;
    this.job = { ...this.job, ...texts };
    this.#token = undefined;
  }

  /** A wait of hours must not look hung: a poll without news is told, too. */
  #emitPoll(now: number): void {
    const elapsedMs = now - this.origin.createdAt;
    this.#emit(() => ({ type: "poll", snapshot: this.snapshot, elapsedMs }));
  }

  /** @returns whether there was anything new */
  #emitChange(before: ReportedState<Raw>, isFirst: boolean): boolean {
    const { state, rawStatus = "", progress } = this.#reported;
    const isNews = isFirst || before.state !== state || (before.rawStatus ?? "") !== rawStatus;
    if (isNews)
      this.#emit(() =>
        state === "unknown"
          ? { type: "unknown", snapshot: this.snapshot, rawStatus }
          : { type: "status", snapshot: this.snapshot },
      );
    const isProgress = JSON.stringify(before.progress) !== JSON.stringify(progress);
    if (isProgress) this.#emit(() => ({ type: "progress", snapshot: this.snapshot }));
    return isNews || isProgress;
  }
}

function toDate(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}
