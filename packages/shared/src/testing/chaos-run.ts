import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { HEADER_SECRET, QUERY_SECRET } from "./chaos-server.js";
import { type TestFolder, testFolder } from "./folder.js";

/** How many servers; `npm run chaos` has more of them. */
const COUNT = Number(process.env["CHAOS_COUNT"] ?? 24);
const FIRST = Number(process.env["CHAOS_SEED"] ?? 1);
/** Servers of one test, which ends them. */
const SLICE = 100;
const AT_ONCE = 12;
/** What settles later has not settled. */
const SETTLE_MS = 20_000;

/**
 * For the tests: downloads from the server of each seed, in each way.
 * @param attempt tells whether a file came of a seed; throws for what may not be
 * @param kept the names that a way may leave for another run
 * @param servers how many servers one download needs
 */
export function playChaos<Way extends string>(
  ways: readonly Way[],
  attempt: (seed: number, way: Way, folder: TestFolder) => Promise<boolean>,
  kept: (way: Way) => RegExp,
  servers = 1,
): void {
  const count = Math.ceil(COUNT / servers);
  const slices = Array.from({ length: Math.ceil(count / SLICE) }, (_, index) => FIRST + index * SLICE);
  describe("chaos", () => {
    it.each(slices.flatMap((first) => ways.map((way) => [way, first] as const)))(
      "gives one whole version of the file, or an error (%s, seeds from %i on)",
      async (way, first) => {
        const folder = await testFolder();
        const end = Math.min(first + SLICE, FIRST + count);
        let seed = first;
        let saved = 0;
        const wrong: unknown[] = [];
        const work = async () => {
          while (seed < end)
            if (await attempt(seed++, way, folder).catch((error) => void wrong.push(error))) saved++;
        };
        await Promise.all(Array.from({ length: AT_ONCE }, work));
        expect(wrong).toEqual([]);
        for (const left of await folder.names())
          if (!kept(way).test(left)) expect(left, "left behind").toMatch(/^f\d+$/);
        if (end - first >= 20) expect(saved).toBeGreaterThan((end - first) / (4 * servers));
      },
      60_000,
    );
  });
}

/** @throws if a promise settles too late, or never */
export async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("it does not settle")), SETTLE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Which of these shows a secret; `undefined` if none does. */
export function secretIn(shown: readonly unknown[]): string | undefined {
  return shown
    .map((entry) => inspect(entry, { depth: 20 }))
    .find((text) => text.includes(HEADER_SECRET) || text.includes(QUERY_SECRET));
}
