import type { Connection } from "../client/connection.js";
import type { RequestContext } from "../client/exchange.js";
import type { OuthaulError } from "../errors/outhaul-error.js";
import { withoutUndefined } from "../errors/without-undefined.js";
import type { Verdict } from "../polling/decision.js";
import { type FullReply, firstText, short } from "../workflow/reply.js";
import type { JobReference, Reply, Workflow } from "../workflow/workflow.js";
import { endError } from "./outcome.js";
import { toProgress } from "./progress.js";
import { encodeToken } from "./resume-token.js";
import type { JobEvent, JobSnapshot, JobState } from "./types.js";
import { vendorError } from "./vendor-error.js";

/** How a job comes into being: started just now, or resumed from a token. */
export interface JobOrigin {
  readonly job: JobReference;
  readonly createdAt: number;
  /** Set for a resumed job: its first poll is due at once. */
  readonly resumed?: true;
  /** The create's reply was lost and the job was found again. */
  readonly adopted?: boolean;
  /** No poll before this moment. */
  readonly notBefore?: number;
}

type Facts<Raw> = { -readonly [Key in keyof JobSnapshot<Raw>]?: JobSnapshot<Raw>[Key] | undefined };

type Told<Raw> = Pick<Facts<Raw>, "state" | "rawStatus" | "raw" | "progress" | "error">;

/** What is known of a job, and how it changes with each reply. Knows no timers and no waiters. */
export class JobRecord<Raw> {
  readonly connection: Connection;
  readonly workflow: Workflow<never, Raw>;
  readonly origin: JobOrigin;
  /** What later steps need to know; grows while polling. */
  job: JobReference;
  polledAt: number | undefined;
  /** The unbroken row of failed polls. */
  failures: { readonly since: number; readonly count: number; readonly error: OuthaulError } | undefined;
  /** Since when the vendor says words that its documents do not have. */
  unknownSince: number | undefined;
  /** How many polls in a row were answered with 403. */
  forbidden = 0;
  /** How often which reply came. */
  readonly replies = new Map<string, number>();
  /** The file's name as the vendor tells it while polling. */
  fileName: string | undefined;
  ended: { readonly error?: OuthaulError } | undefined;
  listeners: readonly ((event: JobEvent<Raw>) => void)[] = [];
  /** What the vendor's replies have told. */
  #told: Told<Raw> = { state: "queued" };
  #polls = 0;
  /** When the next poll is due; `undefined` once the job has ended. */
  #nextPollAt: number | undefined;
  #seen = false;
  #token: string | undefined;
  /** Made when it is asked for: what waits by the thousand keeps as little as it can. */
  #snapshot: JobSnapshot<Raw> | undefined;

  constructor(connection: Connection, workflow: Workflow<never, Raw>, origin: JobOrigin) {
    this.connection = connection;
    this.workflow = workflow;
    this.origin = origin;
    this.job = origin.job;
  }

  get id(): string {
    return this.job["id"] ?? "";
  }

  get token(): string {
    const { vendor, account } = this.connection;
    this.#token ??= encodeToken({
      vendor,
      workflow: this.workflow.name,
      account,
      job: this.job,
      createdAt: this.origin.createdAt,
    });
    return this.#token;
  }

  get snapshot(): JobSnapshot<Raw> {
    this.#snapshot ??= this.#makeSnapshot();
    return this.#snapshot;
  }

  get progress(): JobSnapshot["progress"] {
    return this.#told.progress;
  }

  get polls(): number {
    return this.#polls;
  }

  countPoll(): void {
    this.#polls++;
    this.#snapshot = undefined;
  }

  planPoll(at: number | undefined): void {
    this.#nextPollAt = at;
    this.#snapshot = undefined;
  }

  context(kind: RequestContext["kind"]): RequestContext {
    return { kind, workflow: this.workflow.name, jobId: this.id, token: this.token };
  }

  /**
   * Takes in what a poll said. `graceMs`: how long after its creation the vendor may not know the job.
   * @param plan called when all is known but nothing told yet; it sets the next poll
   */
  take(verdict: Verdict, reply: FullReply | undefined, graceMs: number, plan: () => void): void {
    const now = this.connection.clock.now();
    const first = this.polledAt === undefined;
    this.polledAt = now;
    this.#snapshot = undefined;
    const seen = reply ? String(reply.status) : "error" in verdict ? verdict.error.code : verdict.kind;
    this.replies.set(seen, (this.replies.get(seen) ?? 0) + 1);
    this.forbidden = verdict.kind === "forbidden" ? this.forbidden + 1 : 0;
    if (verdict.kind === "refused") return plan();
    if (verdict.kind === "silence" || verdict.kind === "forbidden") {
      const { error } = verdict;
      const { since = now, count: before = 0 } = this.failures ?? {};
      const streak = before + 1;
      this.failures = { since, count: streak, error };
      plan();
      return this.tell(() => ({ type: "pollFailed", snapshot: this.snapshot, error, streak }));
    }
    this.failures = undefined;
    if (verdict.kind === "notFound") {
      if (this.#seen || now - this.origin.createdAt >= graceMs) return this.end("gone", verdict.error);
      return plan();
    }
    this.#seen = true;
    this.unknownSince = verdict.kind === "unknown" ? (this.unknownSince ?? now) : undefined;
    const state = verdict.kind === "unknown" ? "unknown" : verdict.state;
    const before = this.#told;
    this.#read(state, verdict.kind === "unknown" ? verdict.rawStatus : undefined, reply as Reply<Raw>); // its type is what the spec promises, never relied on
    if (state === "queued" || state === "running" || state === "unknown") {
      plan();
      return this.#tellChange(before, first);
    }
    this.planPoll(undefined);
    this.#tellChange(before, first);
    this.end(state);
  }

  /** The job has ended, or the vendor has lost it. */
  end(state: JobState | "gone", cause?: unknown): void {
    if (this.ended) return;
    if (state !== "gone") this.#told = { ...this.#told, state };
    this.planPoll(undefined); // with it goes the old snapshot
    const error = endError(this, state, cause);
    const ended = error ? { error } : {};
    this.ended = ended;
    this.tell(() => ({ type: "end", snapshot: this.snapshot, ...ended }));
  }

  /** Tells those who listen; makes nothing when nobody does. */
  tell(make: () => JobEvent<Raw>): void {
    const { events } = this.connection;
    if (this.listeners.length === 0 && !events.heard("job")) return;
    const event = make();
    for (const listener of this.listeners) listener(event);
    events.emitJob(this.workflow.name, event);
  }

  #makeSnapshot(): JobSnapshot<Raw> {
    const { raw, ...told } = this.#told;
    const facts: Facts<Raw> = {
      id: this.id,
      ...told,
      createdAt: new Date(this.origin.createdAt),
      polls: this.#polls,
      polledAt: toDate(this.polledAt),
      nextPollAt: toDate(this.#nextPollAt),
    };
    const known = withoutUndefined(facts);
    // The vendor's reply may hold anything: it can be read, but is not written to a log with the rest.
    if (raw !== undefined) Object.defineProperty(known, "raw", { value: raw });
    return known as JobSnapshot<Raw>; // all that it must have is among the facts
  }

  #read(state: JobState, unknownWord: string | undefined, reply: Reply<Raw>): void {
    const { poll } = this.workflow;
    const clean = (text: string): string => short(this.connection.credentials.redact(text));
    const word = firstText(poll.status?.(reply));
    const why = state === "failed" ? vendorError(poll.failureReason?.(reply)) : undefined;
    const added: Record<string, string> = {};
    for (const [key, value] of Object.entries(poll.outputs?.(reply) ?? {})) {
      const text = firstText(value);
      if (text !== undefined && text !== this.job[key]) added[key] = text;
    }
    if (Object.keys(added).length) {
      this.job = { ...this.job, ...added };
      this.#token = undefined;
    }
    this.fileName = firstText(poll.fileName?.(reply)) ?? this.fileName;
    this.#told = {
      state,
      rawStatus: unknownWord ?? (word === undefined ? undefined : clean(word)),
      raw: reply.body,
      progress: toProgress(poll.progress?.(reply)) ?? this.#told.progress,
      error: why && { ...why, message: clean(why.message) },
    };
  }

  #tellChange(before: Told<Raw>, first: boolean): void {
    const { state, rawStatus = "", progress } = this.#told;
    if (first || before.state !== state || (before.rawStatus ?? "") !== rawStatus)
      this.tell(() =>
        state === "unknown"
          ? { type: "unknown", snapshot: this.snapshot, rawStatus }
          : { type: "status", snapshot: this.snapshot },
      );
    if (JSON.stringify(before.progress) !== JSON.stringify(progress))
      this.tell(() => ({ type: "progress", snapshot: this.snapshot }));
  }
}

function toDate(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}
