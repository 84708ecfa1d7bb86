import type { JobTurns, LongLimitsContext, OpenJob, OpenJobs } from "../client/options.js";
import { TimeoutError } from "../record/errors.js";
import { START_TIMEOUT, ToldWait } from "./told-wait.js";

/** How many of the open jobs an error names. */
const MAX_NAMED = 3;

/**
 * Lets no more than `max` jobs of a client be open at once: further starts wait, in the order in which they came. A job is open until the vendor says that it has
 * ended; that nobody waits for it any more ends no job. Vendors without such a limit do not load it.
 */
export function openJobs(max: number): OpenJobs {
  return {
    startOptions: START_TIMEOUT,
    create: (context) => new Turns(max, context),
  };
}

class Turns implements JobTurns {
  readonly #max: number;
  readonly #context: LongLimitsContext;
  #waiting: readonly ToldWait[] = [];
  /** How many starts are under way. */
  #starting = 0;
  /** By workflow and id: a job that was resumed twice is one at the vendor. */
  readonly #open = new Map<string, OpenJob>();

  constructor(max: number, context: LongLimitsContext) {
    this.#max = max;
    this.#context = context;
  }

  async enter(
    workflow: string,
    { signal, deadlineAt = Infinity }: { signal?: AbortSignal | undefined; deadlineAt?: number | undefined },
  ): Promise<() => void> {
    const { clock } = this.#context;
    const own = new ToldWait(clock, signal);
    const watch = new AbortController();
    const watched = new Set<OpenJob>();
    this.#waiting = [...this.#waiting, own];
    try {
      for (;;) {
        const isFirst = this.#waiting[0] === own;
        if (isFirst && this.#starting + this.#open.size < this.#max) break;
        if (clock.now() >= deadlineAt) throw this.#timeoutError(workflow);
        if (isFirst) this.#watchOpen(watched, watch.signal);
        await own.until(deadlineAt, () => this.#tell(workflow));
      }
    } finally {
      watch.abort();
      this.#waiting = this.#waiting.filter((other) => other !== own);
      this.#wake();
    }
    this.#starting++;
    return () => {
      this.#starting--;
      this.#wake();
    };
  }

  hold(job: OpenJob): void {
    this.#open.set(keyOf(job), job);
  }

  free(job: Pick<OpenJob, "workflow" | "id">): void {
    if (this.#open.delete(keyOf(job))) this.#wake();
  }

  /** Waits for the open jobs, so that their end is seen though nobody else may ask. A job that nothing can be learned of is left to the vendor's own count. */
  #watchOpen(watched: Set<OpenJob>, signal: AbortSignal): void {
    for (const job of this.#open.values()) {
      if (watched.has(job)) continue;
      watched.add(job);
      job.wait({ signal }).catch(() => {
        if (!signal.aborted) this.free(job);
      });
    }
  }

  #wake(): void {
    this.#waiting[0]?.wake();
  }

  #tell(workflow: string): true {
    const { vendor, events } = this.#context;
    if (events.isObserved("job"))
      events.emit({ type: "turn", vendor, workflow, openJobs: this.#open.size, maxOpenJobs: this.#max });
    return true;
  }

  #timeoutError(workflow: string): TimeoutError {
    const { vendor } = this.#context;
    const jobs = [...this.#open.values()];
    const names = jobs.slice(0, MAX_NAMED).map((job) => `${job.workflow} ${job.id}`);
    const more = jobs.length > MAX_NAMED ? ", …" : "";
    return new TimeoutError(
      `${vendor}: ${workflow} was not started within its time: the vendor allows ${this.#max === 1 ? "one open job" : `${this.#max} open jobs`} at once${names.length > 0 ? `, and there ${jobs.length === 1 ? "is" : "are"} ${names.join(", ")}${more}` : ", and other starts are under way"}. Start it later, or give it a longer "timeoutMs"`,
      { vendor },
    );
  }
}

function keyOf({ workflow, id }: Pick<OpenJob, "workflow" | "id">): string {
  return `${workflow} ${id}`;
}
