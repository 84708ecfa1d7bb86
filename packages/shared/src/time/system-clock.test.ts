import { expect, it } from "vitest";
import { createSystemClock } from "./system-clock.js";

/** The platform's timers, counted and fired by hand. */
function fakePlatform() {
  const armed = new Map<number, { run: () => void; delay: number }>();
  let next = 1;
  return {
    armed,
    platform: {
      setTimeout: (run: () => void, delay: number) => {
        armed.set(next, { run, delay });
        return next++;
      },
      clearTimeout: (timer: number) => armed.delete(timer),
    } as unknown as typeof globalThis,
  };
}

it("168. arms one timer of the platform for ten thousand waiting jobs", () => {
  const { armed, platform } = fakePlatform();
  const clock = createSystemClock(platform);
  for (let job = 0; job < 10_000; job++) clock.setTimeout(() => {}, 1000 + ((job * 7919) % 60_000));
  expect(armed.size).toBe(1);
  expect([...armed.values()][0]?.delay).toBeLessThanOrEqual(1000);
});

it("never asks the platform for a longer delay than it takes", () => {
  const { armed, platform } = fakePlatform();
  createSystemClock(platform).setTimeout(() => {}, 2 ** 40);
  expect([...armed.values()][0]?.delay).toBe(2 ** 31 - 1);
});

it("lets the process end while its timer is still set, and uses that timer again", async () => {
  const log: string[] = [];
  const timer = { ref: () => log.push("ref"), unref: () => log.push("unref") };
  const platform = {
    setTimeout: () => {
      log.push("set");
      return timer;
    },
    clearTimeout: () => log.push("clear"),
  } as unknown as typeof globalThis;
  const clock = createSystemClock(platform);
  for (let request = 0; request < 3; request++) clock.clearTimeout(clock.setTimeout(() => {}, 30_000));
  expect(log).toEqual(["set", "unref", "ref", "unref", "ref", "unref"]);
  clock.setTimeout(() => {}, 10);
  expect(log.slice(6)).toEqual(["clear", "set"]);
});

it("does not run what another run has cleared, and runs the rest when one throws", async () => {
  const due: (() => void)[] = [];
  const platform = { setTimeout: (run: () => void) => due.push(run), clearTimeout: () => {} };
  const clock = createSystemClock(platform as unknown as typeof globalThis);
  const ran: string[] = [];
  clock.setTimeout(() => {
    ran.push("first");
    clock.clearTimeout(second);
    throw new Error("first");
  }, 0);
  const second = clock.setTimeout(() => ran.push("second"), 0.1);
  clock.setTimeout(() => ran.push("third"), 0.2);
  await new Promise((resolve) => setTimeout(resolve, 2));
  expect(due.at(-1)).toThrow("first");
  due.at(-1)?.();
  expect(ran).toEqual(["first", "third"]);
});

it("fires in the order of the due times, and not what was cleared", async () => {
  const clock = createSystemClock();
  const fired: number[] = [];
  // Far enough from each other for a busy machine, which may pause between two of these lines.
  const delays = [180, 60, 140, 20, 100, 60, 160];
  const timers = delays.map((delay) => clock.setTimeout(() => fired.push(delay), delay));
  clock.clearTimeout(timers[2]);
  clock.clearTimeout(timers[2]);
  await new Promise<void>((resolve) => clock.setTimeout(resolve, 240));
  expect(fired).toEqual([20, 60, 60, 100, 160, 180]);
});
