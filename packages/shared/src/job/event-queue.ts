import type { JobEvent } from "../record/types.js";

/** How many events may wait for a reader; beyond that the oldest events without a change of state are dropped. */
const MAX_QUEUED = 1000;

/** Events in a row for one reader. The producer never waits. */
export interface EventQueue<Raw> extends AsyncIterableIterator<JobEvent<Raw>> {
  push(event: JobEvent<Raw>): void;
  /** Ends the queue; the reader gets the error, if there is one, after the last event. */
  close(error?: unknown): void;
  return(): Promise<IteratorResult<JobEvent<Raw>>>;
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

  /** Hands events to the readers that wait. */
  function deliver(): void {
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
    push(event) {
      if (closed) return;
      if (events.length >= MAX_QUEUED) {
        const minor = events.findIndex(({ type }) => type === "poll" || type === "progress");
        events.splice(Math.max(minor, 0), 1);
      }
      events.push(event);
      deliver();
    },
    close(error) {
      closed ??= error === undefined ? {} : { error };
      deliver();
    },
    next() {
      return new Promise((resolve, reject) => {
        readers.push({ resolve, reject });
        deliver();
      });
    },
    async return() {
      closed = {};
      events.length = 0;
      deliver();
      onReturn();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
