import { describe, expect, it } from "vitest";
import { startAndWait, started } from "./fake-run.js";
import { created, done, fakeVendor, run, state, status, workflow } from "./fake-vendor.js";
import { TimeoutError } from "./job-errors.js";

describe("C. schedule and hints", () => {
  it("43. the default waits are a fifth of the time since creation, between 1 s and 60 s", async () => {
    const { requests } = await startAndWait({ status: [...Array<typeof run>(40).fill(run), done] }, {
      schedule: undefined,
    } as never);
    const times = requests.map(({ at }) => at);
    const waits = times.slice(1).map((at, index) => [times[index] ?? 0, at - (times[index] ?? 0)] as const);
    for (const [from, wait] of waits) expect(wait).toBeCloseTo(Math.min(Math.max(from / 5, 1), 60), 3);
  });

  it("45. a Retry-After holds for the next poll only", async () => {
    const { seen } = await startAndWait({
      status: [
        state("running"),
        status(200, { "retry-after": "25" }, { id: "j1", status: "running" }),
        run,
        done,
      ],
    });
    expect(seen()).toBe("C@0 S@10 S@20 S@45 S@55");
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
