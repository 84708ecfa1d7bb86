import type { WaitOptions } from "../record/types.js";

/** @throws {TypeError} naming the option that is wrong */
export function checkWaitOptions(options: WaitOptions): void {
  const { timeoutMs, schedule, tolerance, onTimeout, onAbort } = options;
  checkMs("timeoutMs", timeoutMs, true);
  for (const [name, value] of Object.entries(tolerance ?? {})) checkMs(`tolerance.${name}`, value, true);
  if (schedule !== undefined && typeof schedule !== "function")
    throw new TypeError('The option "schedule" must be a function');
  for (const [name, value] of Object.entries({ onTimeout, onAbort })) {
    if (value !== undefined && value !== "detach" && value !== "cancel")
      throw new TypeError(`The option "${name}" must be "detach" or "cancel"`);
  }
}

/** @throws {TypeError} unless the value is a number of milliseconds, 0 or more */
export function checkMs(name: string, value: unknown, infinite = false): void {
  if (value === undefined) return;
  if (typeof value !== "number" || Number.isNaN(value) || value < 0 || (!infinite && value === Infinity)) {
    throw new TypeError(`The option "${name}" must be a number of milliseconds, 0 or more`);
  }
}
