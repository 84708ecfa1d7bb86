/** @throws {TypeError} unless the value is a number of milliseconds, 0 or more */
export function checkMs(name: string, value: unknown, infinite = false): void {
  if (value === undefined) return;
  if (typeof value !== "number" || Number.isNaN(value) || value < 0 || (!infinite && value === Infinity)) {
    throw new TypeError(`The option "${name}" must be a number of milliseconds, 0 or more`);
  }
}
