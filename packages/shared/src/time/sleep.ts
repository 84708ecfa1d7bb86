import { abortable } from "./abortable.js";
import type { Clock } from "./clock.js";

/** Settles after `ms` milliseconds, or rejects with `signal.reason` in the tick of the abort; leaves no timer and no listener. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  let timer: unknown;
  const slept = new Promise<void>((resolve) => {
    timer = clock.setTimeout(resolve, ms);
  });
  return abortable(slept, signal).finally(() => clock.clearTimeout(timer));
}
