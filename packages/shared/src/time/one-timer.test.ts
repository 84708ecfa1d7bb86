import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it, vi } from "vitest";
import { countListeners, startAndWait, started } from "../testing/fake-run.js";
import { base, done, fakeVendor, run, workflow } from "../testing/fake-vendor.js";
import { createSystemClock } from "./system-clock.js";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

describe("K. clock and process", () => {
  it("165. a job's life on a given clock uses no timer of the platform", async () => {
    const timers = [vi.spyOn(globalThis, "setTimeout"), vi.spyOn(globalThis, "setInterval")];
    await startAndWait({ status: [run, "hang", done] }, { timeoutMs: 100_000 }, { rateLimit: {} });
    for (const timer of timers) {
      expect(timer).not.toHaveBeenCalled();
      timer.mockRestore();
    }
  });

  it("168. ten thousand waiting jobs arm one timer of the platform", async () => {
    let armed = 0;
    const platform = {
      setTimeout: () => ++armed,
      clearTimeout: () => armed--,
    } as unknown as typeof globalThis;
    const { token } = (await started({})).job;
    const setup = fakeVendor({}, { clock: createSystemClock(platform) });
    const controllers = Array.from({ length: 10_000 }, () => new AbortController());
    const waits = controllers.map(({ signal }) => setup.client.resume(token).wait({ signal }));
    expect(armed).toBe(1);
    for (const controller of controllers) controller.abort("seen enough");
    await Promise.allSettled(waits);
    expect(armed).toBe(0);
  });

  it("169. a day of waiting leaves neither listeners nor timers, and no memory", async () => {
    const setup = await started({ status: [run] });
    const controller = new AbortController();
    const listeners = countListeners(controller.signal);
    const waiting = setup.job.wait({ signal: controller.signal });
    waiting.catch(() => {});
    const used = () => {
      setup.requests.length = 0;
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    await setup.clock.advance(4 * 3600);
    const [before, timers] = [used(), setup.clock.pending];
    await setup.clock.advance(20 * 3600);
    expect(used() - before).toBeLessThan(500_000); // 1,200 polls; a promise kept for each would be more
    expect([setup.clock.pending, timers, listeners()]).toEqual([1, 1, 1]);
    expect(setup.job.snapshot.polls).toBeGreaterThan(1400);
    controller.abort("a day");
    await expect(waiting).rejects.toBe("a day");
    expect([setup.clock.pending, listeners()]).toEqual([0, 0]);
  });

  it("one signal for a thousand jobs has no listener left when they have ended", async () => {
    const setup = fakeVendor({ status: [run, done] }, { rateLimit: { maxConcurrent: 50 } });
    const { signal } = new AbortController();
    const listeners = countListeners(signal);
    const jobs = Array.from({ length: 1000 }, async () => {
      const job = await setup.client.start(workflow, {}, { signal });
      const waiting = job.wait({ ...base, signal });
      for await (const _ of job.events({ ...base, signal }));
      return waiting;
    });
    const ended = await setup.clock.settle(Promise.all(jobs));
    expect(ended.every(({ state }) => state === "succeeded")).toBe(true);
    expect(listeners()).toBe(0);
  });

  it("one abort ends a thousand waits in its tick", async () => {
    const setup = fakeVendor({ status: [run] });
    const { token } = await setup.clock.settle(setup.client.start(workflow, {}));
    const controller = new AbortController();
    let rejected = 0;
    for (let job = 0; job < 1000; job++)
      setup.client
        .resume(token)
        .wait({ ...base, signal: controller.signal })
        .catch(() => rejected++);
    await setup.clock.advance(5);
    const sent = setup.requests.length;
    controller.abort("all");
    await new Promise<void>((resolve) => process.nextTick(resolve));
    expect(rejected).toBe(1000);
    await setup.clock.advance(100);
    expect(setup.requests).toHaveLength(sent);
    expect(setup.clock.pending).toBe(0);
  });
});
