import type { Clock } from "./clock.js";
import { orAbort } from "./or-abort.js";

/** Settles after `ms` milliseconds, or rejects with `signal.reason` in the tick of the abort; leaves no timer and no listener. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  let timer: unknown;
  const slept = new Promise<void>((resolve) => {
    timer = clock.setTimeout(resolve, ms);
  });
  return orAbort(slept, signal).finally(() => clock.clearTimeout(timer));
}
