import type { ExampleInfo } from "./client/messages.js";
import { ExampleError, type ExampleOptions } from "./example-http.js";
import { runExample } from "./example-run.js";
import type { PageVendor } from "./page-vendor.js";

/** The example exports that are running. */
export interface Examples {
  /** Starts an example export. @returns false if too many are running */
  start(vendor: PageVendor, workflow: string): boolean;
  /** Ends them all. */
  close(): void;
}

const MAX_RUNNING = 8;

/** Creates an empty list of example exports; it tells how far each is. */
export function createExamples(tell: (info: ExampleInfo) => void, delay: ExampleOptions["delay"]): Examples {
  const ending = new AbortController();
  let running = 0;

  async function run(vendor: PageVendor, workflow: string): Promise<void> {
    const { signal } = ending;
    const about = { vendor: vendor.name, workflow };
    const onProgress = (text: string) => tell({ ...about, text, isDone: false, isGood: true });
    running += 1;
    try {
      const text = await runExample(vendor, workflow, { signal, delay, onProgress });
      tell({ ...about, text, isDone: true, isGood: true });
    } catch (error) {
      if (signal.aborted) return;
      const text = error instanceof ExampleError ? error.message : `the example failed: ${String(error)}`;
      tell({ ...about, text, isDone: true, isGood: false });
    } finally {
      running -= 1;
    }
  }

  return {
    start(vendor, workflow) {
      if (running >= MAX_RUNNING) return false;
      void run(vendor, workflow);
      return true;
    },
    close: () => ending.abort(),
  };
}
