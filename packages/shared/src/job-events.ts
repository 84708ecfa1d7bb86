import type { JobEvent } from "./job-types.js";

/** How many events may wait for a reader; of more, the oldest news of progress go. */
const LIMIT = 1000;

/** Events in a row for one reader. Whoever puts them in never waits. */
export interface EventQueue<Raw> extends AsyncIterableIterator<JobEvent<Raw>> {
  put(event: JobEvent<Raw>): void;
  /** No more will come; with an error, the reader gets it after the last event. */
  close(error?: unknown): void;
}

/** @param onReturn called when the reader leaves early */
export function createEventQueue<Raw>(onReturn: () => void): EventQueue<Raw> {
  const events: JobEvent<Raw>[] = [];
  let closed: { error?: unknown } | undefined;
  let wake: (() => void) | undefined;
  return {
    put(event) {
      if (closed) return;
      if (events.length >= LIMIT) {
        const progress = events.findIndex(({ type }) => type === "progress");
        events.splice(Math.max(progress, 0), 1);
      }
      events.push(event);
      wake?.();
    },
    close(error) {
      closed ??= error === undefined ? {} : { error };
      wake?.();
    },
    async next() {
      while (!events.length && !closed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
      const event = events.shift();
      if (event) return { value: event, done: false };
      const failure = closed;
      closed = {};
      if (failure && "error" in failure) throw failure.error;
      return { value: undefined, done: true };
    },
    async return() {
      closed = {};
      events.length = 0;
      onReturn();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
