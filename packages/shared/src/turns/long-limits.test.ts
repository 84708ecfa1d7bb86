import { describe, expect, it } from "vitest";
import type { ClientEvent, ClientOptions, TimedStartOptions } from "../client/options.js";
import { settled } from "../testing/fake-run.js";
import {
  base,
  created,
  done,
  fakeVendor,
  run,
  type Script,
  status,
  workflow,
} from "../testing/fake-vendor.js";
import { longLimits } from "./long-limits.js";

const CREATE = { name: "create", quota: 2, windowMs: 120_000 };
const DAY = { name: "daily", quota: 3, windowMs: 86_400_000 };

/** A vendor whose creates have limits of their own. */
function vendor(script: Script, policies: Parameters<typeof longLimits>[0], options: ClientOptions = {}) {
  const events: ClientEvent[] = [];
  const setup = fakeVendor(script, {
    rateLimit: { quotas: policies.account ?? [] },
    longLimits: longLimits(policies),
    onEvent: (event) => events.push(event),
    ...options,
  });
  const start = (timed: TimedStartOptions = {}) => setup.client.start(workflow, {}, timed);
  const limited = () => events.flatMap((event) => (event.type === "limited" ? [event] : []));
  return { ...setup, start, limited };
}

describe("limits of an operation", () => {
  const policies = { operations: { "POST /exports": [CREATE] } };

  it("holds the operation back, in order, and nothing else", async () => {
    const { clock, start, seen } = vendor({ create: [created()], status: [run] }, policies);
    const jobs = Array.from({ length: 5 }, () => start());
    await clock.settle(Promise.all(jobs.slice(0, 2)));
    await clock.settle(jobs[0]?.then((job) => job.refresh()) ?? Promise.reject());
    expect(seen()).toBe("C@0 C@0 S@0");
    await clock.settle(Promise.all(jobs));
    expect(seen()).toBe("C@0 C@0 S@0 C@120.2 C@120.2 C@240.4");
    expect(clock.pending).toBe(0);
  });

  it("holds together with the account's", async () => {
    const { clock, start, seen } = vendor(
      {},
      { ...policies, account: [{ name: "slow", quota: 1, windowMs: 50_000 }] },
    );
    await clock.settle(Promise.all(Array.from({ length: 4 }, () => start())));
    expect(seen()).toBe("C@0 C@50.2 C@120.2 C@170.4");
  });

  it("tells of the wait when it begins, and every minute", async () => {
    const { clock, start, limited } = vendor({}, policies);
    await clock.settle(Promise.all([start(), start(), start()]));
    expect(limited().map(({ delayMs }) => delayMs)).toEqual([120_200, 60_200]);
    expect(limited()[0]).toEqual({
      type: "limited",
      vendor: "acme",
      workflow: "exportThings",
      jobId: undefined,
      operation: "POST /exports",
      limit: `the vendor's limit "create" (2 requests in 120 s)`,
      delayMs: 120_200,
    });
  });

  it("a start that cannot go in its time is given up at once, and says what holds it back, and until when", async () => {
    const setup = vendor({}, policies);
    await setup.clock.settle(Promise.all([setup.start(), setup.start()]));
    const { error, at } = await settled(setup, setup.start({ timeoutMs: 60_000 }));
    expect(at).toBe(0);
    expect(error).toMatchObject({
      code: "TIMEOUT",
      retryAt: new Date(setup.clock.origin + 120_200),
      message:
        'acme: exportThings: POST /exports was not sent within its time: the vendor\'s limit "create" (2 requests in 120 s) holds it back, and lets the next one go at 2026-01-01T00:02:00.200Z. Start it later, or give it a longer "timeoutMs"',
    });
    expect(setup.seen()).toBe("C@0 C@0");
    await setup.clock.settle(setup.start({ timeoutMs: 121_000 }));
    expect(setup.seen()).toBe("C@0 C@0 C@120.2");
  });

  it("an abort ends the wait in its tick, and leaves the place to the next", async () => {
    const { clock, start, seen } = vendor({}, policies);
    await clock.settle(Promise.all([start(), start()]));
    const controller = new AbortController();
    const third = start({ signal: controller.signal });
    const fourth = start();
    const fifth = start();
    const sixth = start();
    await clock.advance(10);
    controller.abort("enough");
    await expect(third).rejects.toBe("enough");
    await clock.settle(Promise.all([fourth, fifth]));
    expect(seen()).toBe("C@0 C@0 C@120.2 C@120.2");
    await clock.settle(sixth);
    expect(clock.pending).toBe(0);
  });

  it("a 429 holds its operation only, for as long as the vendor asks", async () => {
    const script = { create: [created(), status(429, { "retry-after": "500" }), created()], status: [run] };
    const { clock, start, seen } = vendor(script, {
      operations: { "POST /exports": [{ name: "day", quota: 30, windowMs: 86_400_000 }] },
    });
    const job = await clock.settle(start());
    const second = start();
    await clock.flush();
    await clock.settle(job.refresh());
    expect(seen()).toBe("C@0 C@0 S@0");
    await clock.settle(second);
    expect(seen()).toBe("C@0 C@0 S@0 C@500");
  });

  it("a 429 that says nothing holds for five minutes at most", async () => {
    const script = { create: [status(429), created()] };
    const { clock, start, seen } = vendor(script, { operations: { "POST /exports": [DAY] } });
    await clock.settle(start());
    expect(seen()).toBe("C@0 C@300");
  });

  it("`rateLimit: false`, and a limiter of the user's, are in its place", async () => {
    const asked: (string | undefined)[] = [];
    const own = {
      acquire({ operation }: { operation?: string | undefined }) {
        asked.push(operation);
        return () => {};
      },
    };
    for (const rateLimit of [false, own] as const) {
      const { clock, start, seen } = vendor({}, policies, { rateLimit });
      await clock.settle(Promise.all([start(), start(), start()]));
      expect(seen()).toBe("C@0 C@0 C@0");
    }
    expect(asked).toEqual(Array(3).fill("POST /exports"));
  });

  it("`timeoutMs` is the time in which a refusal is waited out, too", async () => {
    const script = { create: [status(429, { "retry-after": "90" })] };
    const setup = vendor(script, policies);
    const { error, at } = await settled(setup, setup.start({ timeoutMs: 60_000 }));
    expect([at, (error as { code: string }).code, setup.seen()]).toEqual([0, "API_ERROR", "C@0"]);
  });

  it("is an option of those vendors only", async () => {
    const { client } = fakeVendor({});
    const timed = { timeoutMs: 1 } as object;
    await expect(client.start(workflow, {}, timed)).rejects.toThrow('there is no option "timeoutMs"');
  });
});

describe("limits of the account whose windows are long", () => {
  it("are told like those of an operation", async () => {
    const { clock, start, seen, limited } = vendor({}, { account: [DAY] });
    await clock.settle(Promise.all(Array.from({ length: 4 }, () => start())));
    expect(seen()).toBe("C@0 C@0 C@0 C@86400.2");
    expect(limited()).toHaveLength(1440);
    expect(limited()[0]).toMatchObject({ delayMs: 86_400_200, operation: "POST /exports" });
  });

  it("a start with a time is given up at once", async () => {
    const setup = vendor({}, { account: [DAY] });
    await setup.clock.settle(Promise.all([setup.start(), setup.start(), setup.start()]));
    const { error, at } = await settled(setup, setup.start({ timeoutMs: 3_600_000 }));
    expect([at, error]).toEqual([
      0,
      expect.objectContaining({ code: "TIMEOUT", retryAt: new Date(setup.clock.origin + 86_400_200) }),
    ]);
    expect(setup.clock.pending).toBe(0);
  });

  it("a wait that ends while its poll is held back names the limit", async () => {
    const setup = vendor({ status: [run, done] }, { account: [DAY] });
    const job = await setup.clock.settle(setup.start());
    await setup.clock.settle(setup.start());
    const { error, at } = await settled(setup, job.wait({ ...base, timeoutMs: 1_000_000 }));
    expect(at).toBe(1_000_000 / 1000);
    expect(error).toMatchObject({
      code: "TIMEOUT",
      token: job.token,
      message: expect.stringContaining(
        'the vendor\'s limit "daily" (3 requests in 86400 s) holds GET /exports/{id} back, and lets the next one go at 2026-01-02',
      ),
    });
    expect(setup.clock.pending).toBe(0);
  });
});
