import type { JobRecord } from "../record/record.js";
import type { FullReply } from "../workflow/reply.js";
import { defaultSchedule } from "./schedule.js";
import type { Schedule } from "./wait-options.js";

/** The longest wait that a reply other than 429 and 503 can ask for. */
export const MAX_SOFT_HINT_MS = 300_000;
/** The longest wait that a 429 or 503 can ask for; a wait gives up on a longer one, with the time in its error. */
export const MAX_HINT_MS = 3_600_000;
/** The longest wait of a user's schedule; a longer one is shortened to it. */
const MAX_SCHEDULE_MS = 86_400_000;
/** The first wait after a failed poll, doubled with each further failure; a longer schedule is shortened to it. */
const RETRY_MS = 10_000;

/** When a job is to be polled next: by schedule, by what the vendor asks for, and by the failures so far. */
export class PollTiming<Raw> {
  readonly #record: JobRecord<Raw>;
  /** One draw for the whole job: jobs that start together drift apart faster than by a new draw at each poll. */
  readonly #jitter: number;
  /** The vendor allows no poll before this moment. */
  notBefore: number;

  constructor(record: JobRecord<Raw>) {
    const { clock } = record.connection;
    this.#record = record;
    this.#jitter = 0.9 + 0.2 * (clock.random?.() ?? Math.random());
    this.notBefore = record.origin.notBefore ?? 0;
  }

  /** As soon as the vendor allows it. */
  soonest(): number {
    return Math.max(this.notBefore, this.#record.connection.clock.now());
  }

  /** @throws {TypeError} for a schedule that gives no number; what the schedule throws */
  dueAt(schedule?: Schedule): number {
    const { origin, polledAt, polls, progress, failures, steps } = this.#record;
    if (origin.resumed && polledAt === undefined) return this.soonest();
    const from = polledAt ?? origin.createdAt;
    const job = { elapsedMs: from - origin.createdAt, polls, ...(progress ? { progress } : {}) };
    let waitMs = schedule
      ? schedule(job)
      : Math.max(defaultSchedule(job) * this.#jitter, steps.poll.adviceMs ?? 0);
    if (typeof waitMs !== "number" || !(waitMs >= 0) || waitMs === Infinity)
      throw new TypeError(`The option "schedule" must give a number, not ${waitMs}`);
    waitMs = Math.min(waitMs, MAX_SCHEDULE_MS);
    if (failures) waitMs = Math.min(waitMs, RETRY_MS * 2 ** (failures.polls - 1));
    return Math.max(from + waitMs, this.notBefore);
  }

  /** Notes what a reply asks for: it holds for the next poll only. */
  observe(reply: FullReply | undefined): void {
    const { status, retryAfterMs = 0 } = reply ?? {};
    const isDemand = status === 429 || status === 503;
    const waitMs = isDemand ? retryAfterMs : Math.min(retryAfterMs, MAX_SOFT_HINT_MS);
    this.notBefore = waitMs && this.#record.connection.clock.now() + waitMs;
  }
}
