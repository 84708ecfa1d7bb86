import { expect, it } from "vitest";
import { FakeClock } from "../testing/fake-clock.js";
import { countListeners } from "../testing/fake-run.js";
import { sleep } from "./sleep.js";

it("rejects in the tick of the abort, and leaves neither timer nor listener", async () => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  const sleeping = sleep(clock, 1000, controller.signal);
  controller.abort("enough");
  await expect(sleeping).rejects.toBe("enough");
  await expect(sleep(clock, 1000, controller.signal)).rejects.toBe("enough");
  expect([clock.pending, listeners()]).toEqual([0, 0]);
});

it("settles after its time, and keeps no listener", async () => {
  const clock = new FakeClock();
  const { signal } = new AbortController();
  await clock.settle(sleep(clock, 1500, signal));
  expect([clock.seconds, clock.pending, countListeners(signal)()]).toEqual([1.5, 0, 0]);
});
