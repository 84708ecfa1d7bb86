import { getEventListeners } from "node:events";
import type { ExportJob } from "../job/export-job.js";
import type { WaitOptions } from "../polling/wait-options.js";
import { base, fakeVendor, type Script, workflow } from "./fake-vendor.js";

type Setup = Pick<ReturnType<typeof fakeVendor>, "clock">;

/** Starts a job of the script. */
export async function started(script: Script, client: Parameters<typeof fakeVendor>[1] = {}) {
  const setup = fakeVendor(script, client);
  const job = await setup.clock.settle(setup.client.start(workflow, {}));
  return { ...setup, job };
}

/** Starts a job of the script and waits for it. */
export async function startAndWait(
  script: Script,
  options: WaitOptions = {},
  client: Parameters<typeof fakeVendor>[1] = {},
) {
  const setup = await started(script, client);
  const outcome = await settled(setup, setup.job.wait({ ...base, ...options }));
  return { ...setup, ...outcome };
}

export async function settled<T>(
  { clock }: Setup,
  promise: Promise<T>,
): Promise<{ value?: T; error?: unknown; at: number }> {
  try {
    const value = await clock.settle(promise);
    return { value, at: clock.seconds };
  } catch (error) {
    return { error, at: clock.seconds };
  }
}

/** The first events of a job. */
export async function take(job: ExportJob, count: number) {
  const events = [];
  for await (const event of job.events(base)) {
    events.push(event);
    if (events.length >= count) break;
  }
  return events;
}

/** Counts the listeners on a signal. */
export function countListeners(signal: AbortSignal): () => number {
  return () => getEventListeners(signal, "abort").length;
}
