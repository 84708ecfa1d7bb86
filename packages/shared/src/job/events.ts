import type { PollLoop } from "../polling/loop.js";
import type { WaitOptions } from "../polling/wait-options.js";
import type { JobRecord } from "../record/record.js";
import { onAbort } from "../time/on-abort.js";
import { createEventQueue, type EventQueue } from "./event-queue.js";

/** Iterates over what happens to a job, beginning with what is known. Iterating waits for the job. */
export function iterateEvents<Raw>(
  record: JobRecord<Raw>,
  loop: PollLoop<Raw>,
  options: WaitOptions,
): EventQueue<Raw> {
  const controller = new AbortController();
  const waitOptions: WaitOptions = { ...options, signal: controller.signal };
  const { signal } = options;
  const removeListeners = () => {
    record.listeners = record.listeners.filter((listener) => listener !== queue.push);
    removeListener();
  };
  const queue = createEventQueue<Raw>(() => {
    removeListeners();
    waitOptions.onAbort = "detach"; // leaving the iteration asks for no more events, and for nothing else
    controller.abort();
  });
  if (signal?.aborted) controller.abort(signal.reason);
  const removeListener = onAbort(signal, (reason) => controller.abort(reason));
  pushKnown(record, queue);
  record.listeners = [...record.listeners, queue.push];
  loop
    .wait(waitOptions)
    .then(
      () => queue.close(),
      (error) => queue.close(error === record.ended?.error ? undefined : error),
    )
    .finally(removeListeners);
  return queue;
}

/** Adds what is known of the job already. */
function pushKnown<Raw>({ snapshot, ended, origin }: JobRecord<Raw>, queue: EventQueue<Raw>): void {
  queue.push({ type: "created", snapshot, adopted: origin.adopted ?? false });
  if (snapshot.polledAt) queue.push({ type: "status", snapshot });
  if (ended) queue.push({ type: "end", snapshot, ...ended });
}
