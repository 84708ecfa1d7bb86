import { describe, expect, it } from "vitest";
import { FakeClock, seededRandom } from "../testing/fake-clock.js";
import {
  base,
  created,
  done,
  fakeVendor,
  run,
  type Scripted,
  status,
  workflow,
} from "../testing/fake-vendor.js";

const LIMITS = {
  quotas: [
    { quota: 10, windowMs: 1000 },
    { quota: 150, windowMs: 60_000 },
  ],
};

/** The most that came in any window of this length. */
function maximum(times: readonly number[], seconds: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  let start = 0;
  return sorted.reduce((most, time, index) => {
    while (time - (sorted[start] ?? 0) >= seconds) start++;
    return Math.max(most, index - start + 1);
  }, 0);
}

/** Jobs that are polled at the same moment, 10 s from now, by a client without limits of its own. */
async function manyJobs(count: number, create: Scripted[], replies: Scripted[]) {
  const setup = fakeVendor({ create, status: replies }, { rateLimit: {} });
  const jobs = [];
  for (let index = 0; index < count; index++) {
    jobs.push(await setup.clock.settle(setup.client.start(workflow, {})));
  }
  const waits = jobs.map((job) => job.wait(base));
  for (const wait of waits) wait.catch(() => {});
  return { ...setup, waits };
}

describe("G. budgets and rates", () => {
  it("123. holds at the vendor's side, too, when requests take 200 ms more or less", async () => {
    const clock = new FakeClock();
    const random = seededRandom(123);
    const arrived: number[] = [];
    const fetch = async () => {
      await new Promise<void>((resolve) => clock.setTimeout(resolve, 200 * random()));
      arrived.push(clock.seconds);
      return Response.json({ id: "j1" }, { status: 202 });
    };
    const setup = fakeVendor({}, { rateLimit: LIMITS, clock, fetch });
    for (let call = 0; call < 1000; call++) void setup.client.start(workflow, {});
    await clock.advance(300);
    expect(maximum(arrived, 60)).toBeLessThanOrEqual(150 * 1.05);
    expect(maximum(arrived, 1)).toBeLessThanOrEqual(10 * 1.05);
    expect(arrived.length).toBeGreaterThan(740);
  });

  it.each([
    ["124. RateLimit with nothing left", { ratelimit: '"steady";r=0;t=12' }, 12],
    ["124. Retry-After beside RateLimit", { ratelimit: '"steady";r=0;t=12', "retry-after": "7" }, 7],
    ["124. a malformed RateLimit", { ratelimit: "steady;r=0;t=12" }, 0],
    ["124. RateLimit with something left", { ratelimit: '"steady";r=9;t=12' }, 0],
    ["125. X-RateLimit-Remaining 0 with the seconds left", limitsLeft(0, 12), 12],
    ["125. X-RateLimit-Remaining 0 without a reset", limitsLeft(0), 10],
  ])("%s: the client's next request waits as long as that", async (_, headers, seconds) => {
    const setup = fakeVendor({ create: [created("j1", headers), created()] }, { rateLimit: {} });
    await setup.clock.settle(setup.client.start(workflow, {}));
    await setup.clock.settle(setup.client.start(workflow, {}));
    expect(setup.seen()).toBe(`C@0 C@${seconds}`);
  });

  it("124. a 429 without Retry-After pauses until the reset that it tells", async () => {
    const script = { create: [created()], status: [status(429, { ratelimit: '"steady";r=0;t=12' }), done] };
    const setup = fakeVendor(script, { rateLimit: {} });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
    await setup.clock.settle(job.wait({ schedule: () => 1000 }));
    expect(setup.seen()).toBe("C@0 S@1 S@13");
  });

  it.each([
    ["with the seconds until the reset", 12, 22],
    ["without", undefined, 20],
  ])(
    "125. X-RateLimit-Remaining 3 %s: three of twenty polls go, the rest is moved",
    async (_, reset, next) => {
      let left = 3;
      const counting = () => status(200, limitsLeft(Math.max(--left, 0), reset), { status: "done" });
      const create = [...Array<Scripted>(19).fill(created()), created("j1", limitsLeft(3))];
      const setup = await manyJobs(20, create, [counting, counting, counting, done]);
      await setup.clock.settle(Promise.all(setup.waits));
      const polls = setup.requests.filter(({ kind }) => kind === "S").map(({ at }) => at);
      expect(polls).toEqual([...Array<number>(3).fill(10), ...Array<number>(17).fill(next)]);
    },
  );

  it("125. what the vendor says it has left is shared with what is under way", async () => {
    let answer: (() => void) | undefined;
    const slow = () =>
      new Promise<Scripted>((resolve) => {
        answer = () => resolve(created());
      });
    const setup = fakeVendor(
      { create: [slow, created("j1", limitsLeft(1, 12)), created()] },
      { rateLimit: {} },
    );
    const first = setup.client.start(workflow, {});
    await setup.clock.settle(setup.client.start(workflow, {}));
    const third = setup.client.start(workflow, {});
    await setup.clock.advance(1);
    expect(setup.seen()).toBe("C@0 C@0");
    answer?.();
    await setup.clock.settle(Promise.all([first, third]));
    expect(setup.seen()).toBe("C@0 C@0 C@12");
  });

  it("125. a reset in a day holds for five minutes: only a refusal is worth more", async () => {
    const setup = fakeVendor(
      { create: [created("j1", limitsLeft(0, 86_400)), created()] },
      { rateLimit: {} },
    );
    await setup.clock.settle(setup.client.start(workflow, {}));
    await setup.clock.settle(setup.client.start(workflow, {}));
    expect(setup.seen()).toBe("C@0 C@300");
  });

  it("126. two hundred jobs take turns within four fifths of the limit; creates and cancels do not wait behind them", async () => {
    const setup = fakeVendor({ status: [run], cancel: [status(404)] }, { rateLimit: LIMITS });
    const { token } = await setup.clock.settle(setup.client.start(workflow, {}));
    const jobs = Array.from({ length: 200 }, () => setup.client.resume(token));
    const controller = new AbortController();
    const ended = Promise.allSettled(jobs.map((job) => job.wait({ signal: controller.signal })));
    await setup.clock.advance(100);
    expect(Math.min(...jobs.map(({ snapshot }) => snapshot.polls))).toBe(1);
    const turns: number[][] = jobs.map(() => []);
    for (let second = 0; second < 900; second++) {
      await setup.clock.advance(1);
      jobs.forEach(({ snapshot }, index) => {
        const at = ((snapshot.polledAt?.getTime() ?? 0) - setup.clock.origin) / 1000;
        if (turns[index]?.at(-1) !== at) turns[index]?.push(at);
      });
    }
    const gaps = turns.flatMap((times) => times.slice(1).map((at, index) => at - (times[index] ?? 0)));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(100 * 1.05); // the first few had gone before there was a crowd
    const polls = setup.requests.filter(({ kind }) => kind === "S").map(({ at }) => at);
    expect(maximum(polls, 60)).toBe(120);
    const asked = setup.clock.seconds;
    await setup.clock.settle(Promise.all([setup.client.start(workflow, {}), jobs[0]?.cancel()]));
    expect(setup.clock.seconds).toBe(asked);
    controller.abort("seen enough");
    await ended;
    expect(setup.clock.pending).toBe(0);
  });

  it("130. polls that hang leave places for a create where so many may be open at once", async () => {
    const setup = fakeVendor({ status: ["hang"] }, { rateLimit: { maxConcurrent: 10 } });
    const { token } = await setup.clock.settle(setup.client.start(workflow, {}));
    const controller = new AbortController();
    const waits = Array.from({ length: 20 }, () =>
      setup.client.resume(token).wait({ signal: controller.signal }),
    );
    const ended = Promise.allSettled(waits);
    await setup.clock.advance(1);
    expect(setup.requests.filter(({ kind }) => kind === "S")).toHaveLength(8);
    await setup.clock.settle(setup.client.start(workflow, {}));
    expect(setup.clock.seconds).toBe(1);
    controller.abort("seen enough");
    await ended;
  });
});

function limitsLeft(remaining: number, reset?: number): Record<string, string> {
  return {
    "x-ratelimit-remaining": String(remaining),
    ...(reset === undefined ? {} : { "x-ratelimit-reset": String(reset) }),
  };
}
