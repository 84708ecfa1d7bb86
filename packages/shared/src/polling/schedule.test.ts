import { describe, expect, it } from "vitest";
import { TimeoutError } from "../record/errors.js";
import { seededRandom } from "../testing/fake-clock.js";
import { startAndWait, started } from "../testing/fake-run.js";
import { created, done, fakeVendor, run, state, status, workflow } from "../testing/fake-vendor.js";

describe("C. schedule and hints", () => {
  it.each([0, 0.5, 0.999])(
    "43. the default waits are a fifth of the time since creation, between 1 s and 60 s, ±10 %% (%d)",
    async (random) => {
      const setup = fakeVendor({ status: [...Array<typeof run>(40).fill(run), done] });
      setup.clock.random = () => random;
      const job = await setup.clock.settle(setup.client.start(workflow, {}));
      await setup.clock.settle(job.wait());
      const times = setup.requests.map(({ at }) => at);
      const waits = times.slice(1).map((at, index) => at - (times[index] ?? 0));
      waits.forEach((wait, index) => {
        const exact = Math.min(Math.max((times[index] ?? 0) / 5, 1), 60);
        expect(wait).toBeCloseTo(exact * (0.9 + 0.2 * random), 3);
      });
      expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeCloseTo(setup.clock.seconds, 3);
    },
  );

  it("56. jobs that start together do not stay together", async () => {
    const setup = fakeVendor({ status: [run] });
    setup.clock.random = seededRandom(56);
    const jobs = await setup.clock.settle(
      Promise.all(Array.from({ length: 200 }, () => setup.client.start(workflow, {}))),
    );
    const controller = new AbortController();
    const ended = Promise.allSettled(jobs.map((job) => job.wait({ signal: controller.signal })));
    await setup.clock.advance(300);
    controller.abort("seen enough");
    await ended;
    const polls = Array<number>(300).fill(0);
    for (const { kind, at } of setup.requests)
      if (kind === "S") polls[Math.floor(at)] = (polls[Math.floor(at)] ?? 0) + 1;
    for (let second = 60; second < 300; second++) {
      const around = polls.slice(Math.max(second - 30, 60), second + 30);
      const mean = around.reduce((sum, count) => sum + count, 0) / around.length;
      expect(polls[second]).toBeLessThanOrEqual(3 * mean);
    }
  }, 20_000); // twelve thousand polls

  it("45. a Retry-After holds for the next poll only", async () => {
    const { seen } = await startAndWait({
      status: [status(200, { "retry-after": "25" }, { id: "j1", status: "running" }), run, done],
    });
    expect(seen()).toBe("C@0 S@10 S@35 S@45");
  });

  it("46. a Retry-After is a floor, no speed-up", async () => {
    const { seen } = await startAndWait({
      status: [status(200, { "retry-after": "3" }, { status: "running" }), done],
    });
    expect(seen()).toBe("C@0 S@10 S@20");
  });

  it("47. a date is read against the reply's own Date", async () => {
    const headers = { date: "Thu, 01 Jan 2026 05:00:00 GMT", "retry-after": "Thu, 01 Jan 2026 05:00:40 GMT" };
    const { seen } = await startAndWait({ status: [status(200, headers, { status: "running" }), done] });
    expect(seen()).toBe("C@0 S@10 S@50");
  });

  it.each(["-5", "-1", "abc", "", "NaN", "1e400", "Thu, 01 Jan 1970 00:00:00 GMT"])(
    "48. Retry-After %j is ignored",
    async (value) => {
      const { seen } = await startAndWait({
        status: [status(200, { "retry-after": value }, { status: "running" }), done],
      });
      expect(seen()).toBe("C@0 S@10 S@20");
    },
  );

  it("50. a hint beyond the deadline ends the wait now", async () => {
    const { error, at } = await startAndWait(
      { status: [status(429, { "retry-after": "86400" })] },
      { timeoutMs: 600_000 },
    );
    expect(error).toBeInstanceOf(TimeoutError);
    expect((error as TimeoutError).retryAt?.getTime()).toBe(Date.UTC(2026, 0, 2, 0, 0, 10));
    expect(at).toBe(10);
  });

  it("51. retry-after-ms beats Retry-After", async () => {
    const headers = { "retry-after-ms": "1500", "retry-after": "9" };
    const { seen } = await startAndWait(
      { status: [status(200, headers, { status: "running" }), done] },
      { schedule: () => 1000 },
    );
    expect(seen()).toBe("C@0 S@1 S@2.5");
  });

  it("54. a hint on the create's reply places the first poll", async () => {
    const { seen } = await startAndWait({ create: [created("j1", { "retry-after": "20" })] });
    expect(seen()).toBe("C@0 S@20");
  });

  it.each([
    [200, 310],
    [503, 3610],
  ])("a Retry-After of an hour on a %i places the next poll at %i", async (code, at) => {
    const { job, ...setup } = await started({
      status: [status(code, { "retry-after": "3600" }, { id: "j1", status: "running" }), done],
    });
    await setup.clock.settle(job.wait({ schedule: () => 10_000, tolerance: { failuresMs: 7_200_000 } }));
    expect(setup.seen()).toBe(`C@0 S@10 S@${at}`);
  });

  it("a row of failures is followed after 10, 20 and 40 s, where the schedule is slower", async () => {
    const { seen } = await startAndWait(
      { status: [status(503), status(503), status(503), done] },
      { schedule: () => 60_000 },
    );
    expect(seen()).toBe("C@0 S@60 S@70 S@90 S@130");
  });

  it("the interval that the vendor advises is a floor under the default schedule, not under one that was given", async () => {
    const advised = { ...workflow, poll: { ...workflow.poll, adviceMs: 10_000 } };
    const setup = fakeVendor({ status: [run, run, done] });
    const job = await setup.clock.settle(setup.client.start(advised, {}));
    await setup.clock.settle(job.wait());
    expect(setup.seen()).toBe("C@0 S@10 S@20 S@30");
    const other = fakeVendor({ status: [run, done] });
    const quick = await other.clock.settle(other.client.start(advised, {}));
    await other.clock.settle(quick.wait({ schedule: () => 2000 }));
    expect(other.seen()).toBe("C@0 S@2 S@4");
  });

  it.each([
    ["nearly done: a twentieth of the time that has passed", 9999, 1000, 1050],
    ["hardly begun: five minutes at most", 1, 1000, 1300],
  ])("60. %s", async (_, count, from, next) => {
    const { job, ...setup } = await started({
      status: [state("running", { done: count, total: 10_000 }), done],
    });
    await setup.clock.advance(from);
    await setup.clock.settle(job.refresh());
    await setup.clock.settle(job.wait());
    expect(setup.seen()).toBe(`C@0 S@${from} S@${next}`);
  });

  it("59. a resumed job is polled by its age", async () => {
    const setup = fakeVendor({ status: [run] });
    const { token } = await setup.clock.settle(setup.client.start(workflow, {}));
    await setup.clock.advance(3600);
    const controller = new AbortController();
    const waiting = setup.client.resume(token).wait({ signal: controller.signal });
    await setup.clock.advance(130);
    controller.abort("seen enough");
    await expect(waiting).rejects.toBe("seen enough");
    expect(setup.seen()).toBe("C@0 S@3600 S@3660 S@3720");
  });

  it("60. known progress places the next poll on the way to the estimated end", async () => {
    const { job, ...setup } = await started({ status: [state("running", { done: 40, total: 100 }), done] });
    await setup.clock.advance(100);
    await setup.clock.settle(job.refresh());
    await setup.clock.settle(job.wait());
    expect(setup.seen()).toBe("C@0 S@100 S@200");
  });
});
