import { describe, expect, it } from "vitest";
import { ConnectionError } from "../errors/request-errors.js";
import { settled, startAndWait, started, take } from "../testing/fake-run.js";
import { base, done, fakeVendor, run, state, status, workflow } from "../testing/fake-vendor.js";
import { createEventQueue } from "./event-queue.js";

describe("J. events and errors", () => {
  it("154. leaving early leaves the loop of others untouched", async () => {
    const { job, ...setup } = await started({ status: [run, run, done] });
    const waiting = job.wait(base);
    for await (const _ of job.events(base)) break;
    expect((await setup.clock.settle(waiting)).state).toBe("succeeded");
    expect(setup.seen()).toBe("C@0 S@10 S@20 S@30");
  });

  it("154. tells of a job from its creation to its end, and is done", async () => {
    const { job, ...setup } = await started({
      status: [state("running", { done: 1, total: 4 }), state("running", { done: 3, total: 4 }), done],
    });
    const events = await setup.clock.settle(take(job, 99));
    expect(events.map(({ type, snapshot }) => `${type} ${snapshot.state}`)).toEqual([
      ...["created queued", "status running", "progress running", "progress running"],
      ...["status succeeded", "end succeeded"],
    ]);
  });

  it("tells each poll that changed nothing, with the time that has passed and the next poll", async () => {
    const { job, ...setup } = await started({ status: [run, run, run, done] });
    const events = await setup.clock.settle(take(job, 99));
    expect(events.map(({ type }) => type)).toEqual(["created", "status", "poll", "poll", "status", "end"]);
    expect(events[3]).toMatchObject({ elapsedMs: 30_000, snapshot: { polls: 3, state: "running" } });
    expect(events[3]?.snapshot.nextPollAt?.getTime()).toBeGreaterThan(
      events[3]?.snapshot.polledAt?.getTime() ?? Number.NaN,
    );
  });

  it("tells a poll that does not find the job yet", async () => {
    const { job, ...setup } = await started({ status: [status(404), status(404), done] });
    const events = await setup.clock.settle(take(job, 99));
    expect(events.map(({ type }) => type)).toEqual(["created", "poll", "poll", "status", "end"]);
  });

  it("154. tells the first status, too, when it is what was assumed", async () => {
    const queued = {
      ...workflow,
      poll: { ...workflow.poll, states: [["queued", () => true]] as const, status: () => undefined },
    };
    const { status: _, ...poll } = queued.poll;
    const setup = fakeVendor({ status: [run] });
    const job = await setup.clock.settle(setup.client.start({ ...queued, poll }, {}));
    const [, first] = await setup.clock.settle(take(job, 2));
    expect(first).toMatchObject({ type: "status", snapshot: { state: "queued", polls: 1 } });
  });

  it("a reader who never comes keeps no more than a thousand events, and none of them but news of progress is lost", () => {
    const queue = createEventQueue(() => {});
    const snapshot = { id: "j1", state: "running", createdAt: new Date(0), polls: 0 } as const;
    queue.push({ type: "created", snapshot, adopted: false });
    for (let polls = 0; polls < 5000; polls++)
      queue.push({ type: "progress", snapshot: { ...snapshot, polls } });
    queue.push({ type: "end", snapshot });
    queue.close();
    return (async () => {
      const events = [];
      for await (const event of queue) events.push(event);
      expect(events).toHaveLength(1000);
      expect([events[0]?.type, events[1]?.snapshot.polls, events.at(-1)?.type]).toEqual([
        "created",
        4002,
        "end",
      ]);
    })();
  });

  it("156. progress is told when it changes", async () => {
    const at = (count: number) => state("running", { done: count, total: 4 });
    const { job, ...setup } = await started({ status: [at(1), at(1), at(3), done] });
    const events = await setup.clock.settle(take(job, 99));
    expect(events.map(({ type }) => type)).toEqual([
      "created",
      "status",
      "progress",
      "poll",
      "progress",
      "status",
      "end",
    ]);
  });

  it("158. a listener that throws changes nothing and is reported once", async () => {
    const heard: string[] = [];
    const { value } = await startAndWait(
      { status: [run, done] },
      {},
      {
        onEvent(event) {
          heard.push(event.type);
          throw new Error("listener");
        },
      },
    );
    expect(value?.state).toBe("succeeded");
    expect(heard.filter((type) => type === "listenerFailed")).toHaveLength(1);
  });

  it("159. a huge error body makes a short message and safe JSON", async () => {
    const { error } = await startAndWait({
      status: [status(400, {}, { message: `${"secret-token ".repeat(400_000)}` })],
    });
    expect((error as Error).message.length).toBeLessThan(1024);
    expect(JSON.stringify(error)).not.toContain("secret-token");
  });

  it("162. a job is no promise", async () => {
    const { job } = await started({});
    expect("then" in job).toBe(false);
    expect((await (async () => job)()).id).toBe("j1");
  });

  it("163. a request's event says what was asked, how it went and how long it took", async () => {
    const events: unknown[] = [];
    await startAndWait(
      { status: [status(503, { "x-request-id": "r-1" }), done] },
      {},
      { onEvent: (event) => events.push(event) },
    );
    expect(events).toContainEqual({
      type: "request",
      vendor: "acme",
      kind: "poll",
      method: "GET",
      path: "/exports/{id}",
      status: 503,
      durationMs: 0,
      attempt: 1,
      requestId: "r-1",
      workflow: "exportThings",
      jobId: "j1",
      limitedMs: 0,
    });
    expect(events).toContainEqual({
      type: "wait",
      vendor: "acme",
      workflow: "exportThings",
      jobId: "j1",
      delayMs: 10_000,
      reason: "backoff",
    });
  });

  it("163. a request's event says how long the limits have held it", async () => {
    const limited: number[] = [];
    const setup = fakeVendor(
      {},
      {
        rateLimit: { quotas: [{ quota: 1, windowMs: 5000 }] },
        onEvent: (event) => event.type === "request" && limited.push(event.limitedMs),
      },
    );
    await setup.clock.settle(Promise.all([1, 2].map(() => setup.client.start(workflow, {}))));
    expect(limited).toEqual([0, 5200]);
  });

  it("163. an event of a failed request says why, without the key", async () => {
    const errors: unknown[] = [];
    const setup = fakeVendor(
      {},
      {
        fetch: async () => {
          throw new TypeError("bad header: Bearer secret-token");
        },
        onEvent: (event) => event.type === "request" && errors.push(event.error),
      },
    );
    await settled(setup, setup.client.start(workflow, {}));
    expect(errors).toEqual(["bad header: Bearer ***"]);
  });

  it("an unreachable vendor is named with the system's code", async () => {
    const setup = fakeVendor({ create: [{ fail: "refused" }] });
    const { error } = await settled(setup, setup.client.start(workflow, {}));
    expect(error).toBeInstanceOf(ConnectionError);
    expect((error as Error).message).toBe(
      "acme: exportThings: POST /exports: no reply: socket: ECONNREFUSED",
    );
  });
});
