import type { JobEvent } from "../record/types.js";

/** How many events may wait for a reader; of more, the oldest news of progress go. */
const LIMIT = 1000;

/** Events in a row for one reader. Whoever puts them in never waits. */
export interface EventQueue<Raw> extends AsyncIterableIterator<JobEvent<Raw>> {
  put(event: JobEvent<Raw>): void;
  /** No more will come; with an error, the reader gets it after the last event. */
  close(error?: unknown): void;
}

interface Reader<Raw> {
  resolve(result: IteratorResult<JobEvent<Raw>>): void;
  reject(error: unknown): void;
}

/** @param onReturn called when the reader leaves early */
export function createEventQueue<Raw>(onReturn: () => void): EventQueue<Raw> {
  const events: JobEvent<Raw>[] = [];
  const readers: Reader<Raw>[] = [];
  let closed: { error?: unknown } | undefined;

  /** Gives the readers what there is for them. */
  function serve(): void {
    while (readers.length > 0 && (events.length > 0 || closed)) {
      const reader = readers.shift();
      const event = events.shift();
      if (event) reader?.resolve({ value: event, done: false });
      else if (closed && "error" in closed) reader?.reject(closed.error);
      else reader?.resolve({ value: undefined, done: true });
      if (!event) closed = {};
    }
  }

  return {
    put(event) {
      if (closed) return;
      if (events.length >= LIMIT) {
        const progress = events.findIndex(({ type }) => type === "progress");
        events.splice(Math.max(progress, 0), 1);
      }
      events.push(event);
      serve();
    },
    close(error) {
      closed ??= error === undefined ? {} : { error };
      serve();
    },
    next() {
      return new Promise((resolve, reject) => {
        readers.push({ resolve, reject });
        serve();
      });
    },
    async return() {
      closed = {};
      events.length = 0;
      serve();
      onReturn();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
