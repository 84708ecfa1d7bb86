import type { Connection, RequestContext } from "./connection.js";
import type { OuthaulError } from "./errors.js";
import { endError } from "./job-outcome.js";
import type { JobEvent, JobSnapshot, JobState } from "./job-types.js";
import type { Verdict } from "./poll-verdict.js";
import { toProgress } from "./progress.js";
import { type FullReply, firstText, short } from "./reply.js";
import { encodeToken } from "./resume-token.js";
import type { JobReference, Reply, Workflow } from "./workflow.js";

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

/** What is known of a job, and how it changes with each reply. Knows no timers and no waiters. */
export class JobRecord<Raw> {
  readonly connection: Connection;
  readonly workflow: Workflow<never, Raw>;
  readonly origin: JobOrigin;
  /** What later steps need to know; grows while polling. */
  job: JobReference;
  snapshot: JobSnapshot<Raw>;
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
  #seen = false;
  #token: string | undefined;

  constructor(connection: Connection, workflow: Workflow<never, Raw>, origin: JobOrigin) {
    this.connection = connection;
    this.workflow = workflow;
    this.origin = origin;
    this.job = origin.job;
    this.snapshot = { id: this.id, state: "queued", createdAt: new Date(origin.createdAt), polls: 0 };
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

  context(kind: RequestContext["kind"]): RequestContext {
    return { kind, workflow: this.workflow.name, jobId: this.id, token: this.token };
  }

  /** Takes in what a poll said. `graceMs`: how long after its creation the vendor may not know the job. */
  take(verdict: Verdict, reply: FullReply | undefined, graceMs: number): void {
    const now = this.connection.clock.now();
    const before = this.snapshot;
    this.polledAt = now;
    const seen = reply ? String(reply.status) : "error" in verdict ? verdict.error.code : verdict.kind;
    this.replies.set(seen, (this.replies.get(seen) ?? 0) + 1);
    this.#change({ polledAt: new Date(now) });
    this.forbidden = verdict.kind === "forbidden" ? this.forbidden + 1 : 0;
    if (verdict.kind === "refused") return;
    if (verdict.kind === "silence" || verdict.kind === "forbidden") {
      const { error } = verdict;
      const { since = now, count = 0 } = this.failures ?? {};
      this.failures = { since, count: count + 1, error };
      return this.tell({ type: "pollFailed", snapshot: this.snapshot, error, streak: count + 1 });
    }
    this.failures = undefined;
    if (verdict.kind === "notFound") {
      if (this.#seen || now - this.origin.createdAt >= graceMs) this.end("gone", verdict.error);
      return;
    }
    this.#seen = true;
    this.unknownSince = verdict.kind === "unknown" ? (this.unknownSince ?? now) : undefined;
    const state = verdict.kind === "unknown" ? "unknown" : verdict.state;
    this.#read(state, verdict.kind === "unknown" ? verdict.rawStatus : undefined, reply as Reply<Raw>); // its type is what the spec promises, never relied on
    this.#tellChange(before);
    if (state !== "queued" && state !== "running" && state !== "unknown") this.end(state);
  }

  /** The job has ended, or the vendor has lost it. */
  end(state: JobState | "gone", cause?: unknown): void {
    if (this.ended) return;
    this.#change({ nextPollAt: undefined, ...(state === "gone" ? {} : { state }) });
    const error = endError(this, state, cause);
    this.ended = error ? { error } : {};
    this.tell({ type: "end", snapshot: this.snapshot, ...this.ended });
  }

  counted(): void {
    this.#change({ polls: this.snapshot.polls + 1 });
  }

  nextPollAt(at: number): void {
    this.#change({ nextPollAt: new Date(at) });
  }

  tell(event: JobEvent<Raw>): void {
    for (const listener of this.listeners) listener(event);
  }

  #read(state: JobState, unknownWord: string | undefined, reply: Reply<Raw>): void {
    const { poll } = this.workflow;
    const clean = (value: unknown): string | undefined => {
      const text = firstText(value);
      return text === undefined ? undefined : short(this.connection.credentials.redact(text));
    };
    const reason = state === "failed" ? clean(poll.failureReason?.(reply)) : undefined;
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
    this.#change({
      state,
      rawStatus: unknownWord ?? clean(poll.status?.(reply)),
      raw: reply.body,
      progress: toProgress(poll.progress?.(reply)) ?? this.snapshot.progress,
      error: reason === undefined ? undefined : { message: reason },
    });
  }

  #tellChange(before: JobSnapshot<Raw>): void {
    const { snapshot } = this;
    const { state, rawStatus = "", progress } = snapshot;
    const changed =
      before.state !== state || before.rawStatus !== snapshot.rawStatus || before.polledAt === undefined;
    if (changed)
      this.tell(
        state === "unknown" ? { type: "unknown", snapshot, rawStatus } : { type: "status", snapshot },
      );
    if (JSON.stringify(before.progress) !== JSON.stringify(progress))
      this.tell({ type: "progress", snapshot });
  }

  #change(change: { [Key in keyof JobSnapshot<Raw>]?: JobSnapshot<Raw>[Key] | undefined }): void {
    const next: Record<string, unknown> = { ...this.snapshot, ...change };
    for (const key of Object.keys(next)) if (next[key] === undefined) delete next[key];
    this.snapshot = next as unknown as JobSnapshot<Raw>; // a snapshot and parts of one
  }
}
