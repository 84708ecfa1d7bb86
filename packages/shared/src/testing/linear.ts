import { expect } from "vitest";

/** For the tests: a text of any length: what it begins with, what is repeated, and what it ends with. */
export interface Pumped {
  readonly before: string;
  readonly pump: string;
  readonly after: string;
}

const FULL = 100_000;
/** What a text of 100 kB may take. */
const LIMIT_MS = 50;
/** Below this, the machine's noise is more than the growth. */
const NOISE_MS = 8;
const MOST_GROWTH = 3;

export function textOf({ before, pump, after }: Pumped, length: number): string {
  const pumps = Math.max(1, Math.ceil((length - before.length - after.length) / pump.length));
  return before + pump.repeat(pumps) + after;
}

/** For the tests: expects a function to read 100 kB within 50 ms, and twice the text in about twice the time. */
export function expectLinear(
  read: (text: string) => unknown,
  shape: Pumped,
  what = JSON.stringify(shape),
): void {
  // From small texts up, so that what takes quadratic time fails in seconds and not in minutes.
  for (const length of [1000, 10_000])
    expect(leastMs(read, textOf(shape, length)), `${what} at ${length}`).toBeLessThan(LIMIT_MS);
  const whole = leastMs(read, textOf(shape, FULL));
  expect(whole, `${what} at ${FULL}`).toBeLessThan(LIMIT_MS);
  if (whole < NOISE_MS) return;
  // What grows with the square is four times as slow, however often it is measured.
  let growth = Infinity;
  for (let round = 0; round < 5 && growth > MOST_GROWTH; round++)
    growth = bestMs(read, textOf(shape, FULL)) / bestMs(read, textOf(shape, FULL / 2));
  expect(growth, `${what}: growth`).toBeLessThanOrEqual(MOST_GROWTH);
}

/** The least of a few: the first may have to be compiled. */
function leastMs(read: (text: string) => unknown, text: string): number {
  let least = Infinity;
  for (let i = 0; i < 5 && least > NOISE_MS; i++) least = Math.min(least, timeMs(read, text));
  return least;
}

/** The best of three: noise only ever adds. */
function bestMs(read: (text: string) => unknown, text: string): number {
  return Math.min(...Array.from({ length: 3 }, () => timeMs(read, text)));
}

/** The time of the processor: on a busy machine, the time of a clock says nothing. */
function timeMs(read: (text: string) => unknown, text: string): number {
  const before = process.cpuUsage();
  read(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
