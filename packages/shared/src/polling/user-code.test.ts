import { describe, expect, it } from "vitest";
import "../http/fetch-transport.js"; // loaded when it is first needed, which takes more than a fake clock's time
import type { RateLimiter } from "../limits/rate-limiter.js";
import { countListeners, settled, startAndWait, started } from "../testing/fake-run.js";
import { base, created, done, fakeVendor, run, state, status, workflow } from "../testing/fake-vendor.js";

const nothing = () => {};

describe("limiters, credentials and fetches of the user's own", () => {
  it("an abort while credentials are asked for settles at once and sends nothing", async () => {
    let give: (token: string) => void = nothing;
    const token = () =>
      new Promise<string>((resolve) => {
        give = resolve;
      });
    const setup = fakeVendor({}, { token });
    const controller = new AbortController();
    const listeners = countListeners(controller.signal);
    const starting = setup.client.start(workflow, {}, { signal: controller.signal });
    await setup.clock.flush();
    controller.abort("no patience");
    await expect(starting).rejects.toBe("no patience");
    give("secret-token");
    await setup.clock.advance(100);
    expect(setup.seen()).toBe("");
    expect(listeners()).toBe(0);
  });

  it("a credential function that throws tells so, and is asked again by the next", async () => {
    let asked = 0;
    const token = () => {
      if (++asked === 1) throw new Error("vault sealed");
      return "secret-token";
    };
    const setup = fakeVendor({}, { token });
    await expect(setup.client.start(workflow, {})).rejects.toThrow("vault sealed");
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
    expect(job.id).toBe("j1");
  });

  it("jobs that are answered with 401 at once ask for new credentials once", async () => {
    let asked = 0;
    const script = { create: [status(401), status(401), status(401), created()] };
    const setup = fakeVendor(script, { token: async () => `secret-${++asked}` });
    const starting = Promise.all([1, 2, 3].map(() => setup.client.start(workflow, {})));
    expect(await setup.clock.settle(starting)).toHaveLength(3);
    expect(asked).toBe(2);
  });

  it("an abort between the limiter and the request gives the place back", async () => {
    let released = 0;
    const controller = new AbortController();
    const limiter: RateLimiter = {
      acquire: async () => {
        controller.abort("too late");
        return () => released++;
      },
    };
    const setup = fakeVendor({}, { rateLimit: limiter });
    const listeners = countListeners(controller.signal);
    const starting = setup.client.start(workflow, {}, { signal: controller.signal });
    await expect(starting).rejects.toBe("too late");
    await setup.clock.flush();
    expect({ released, seen: setup.seen(), listeners: listeners() }).toEqual({
      ...{ released: 1, seen: "", listeners: 0 },
    });
  });

  it("a limiter that does not heed the signal holds nobody up, and gets its place back", async () => {
    let grant: () => void = nothing;
    let released = 0;
    const acquire = () =>
      new Promise<() => void>((resolve) => {
        grant = () => resolve(() => released++);
      });
    const setup = fakeVendor({}, { rateLimit: { acquire } });
    const controller = new AbortController();
    const starting = setup.client.start(workflow, {}, { signal: controller.signal });
    await setup.clock.flush();
    controller.abort("gone");
    await expect(starting).rejects.toBe("gone");
    grant();
    await setup.clock.flush();
    expect(released).toBe(1);
  });

  it("a limiter that rejects ends the wait with its error, and the next wait goes on", async () => {
    let broken = false;
    const acquire = async () => {
      if (broken) throw new Error("the store of limits is away");
      return nothing;
    };
    const { job, ...setup } = await started({ status: [run, done] }, { rateLimit: { acquire } });
    const waiting = settled(setup, job.wait(base));
    broken = true;
    expect((await waiting).error).toMatchObject({ message: "the store of limits is away" });
    expect(setup.clock.pending).toBe(0);
    broken = false;
    expect((await setup.clock.settle(job.wait(base))).state).toBe("succeeded");
  });

  it("a limiter that fails after the request was sent never loses its reply", async () => {
    const limiter: RateLimiter = {
      acquire: () => () => {
        throw new Error("release");
      },
      observe() {
        throw new Error("observe");
      },
    };
    const faults: unknown[] = [];
    const { value } = await startAndWait(
      { status: [run, done] },
      {},
      {
        rateLimit: limiter,
        onEvent: (event) => event.type === "listenerFailed" && faults.push(event.error),
      },
    );
    expect(value?.state).toBe("succeeded");
    expect(faults).toHaveLength(1);
  });

  it("158. a listener that rejects changes nothing and is reported once", async () => {
    const heard: string[] = [];
    const onEvent = async ({ type }: { type: string }) => {
      heard.push(type);
      throw new Error("listener");
    };
    const { value } = await startAndWait({ status: [run, done] }, {}, { onEvent });
    expect(value?.state).toBe("succeeded");
    expect(heard.filter((type) => type === "listenerFailed")).toHaveLength(1);
  });

  it("a fetch that does not heed its signal is cut all the same", async () => {
    const setup = fakeVendor({});
    const deaf = { fetch: () => new Promise<Response>(nothing) };
    const { token } = await setup.clock.settle(setup.client.start(workflow, {}));
    const other = fakeVendor({}, deaf);
    const job = other.client.resume(token);
    const controller = new AbortController();
    const aborted = job.wait({ ...base, signal: controller.signal });
    await other.clock.advance(5);
    controller.abort("now");
    await expect(aborted).rejects.toBe("now");
    const { error, at } = await settled(other, job.wait({ ...base, timeoutMs: 100_000 }));
    expect(error).toMatchObject({ name: "TimeoutError" });
    expect((error as Error).message).toContain("REQUEST_TIMEOUT: 2");
    expect(at).toBe(105);
    expect(other.clock.pending).toBe(0);
  });

  it("a body that never ends is left alone once its time is over, though the fetch heeds no signal", async () => {
    const endless = { status: 200, endless: { everyMs: 5000, isDeaf: true } };
    const { value, at, clock } = await startAndWait({ status: [endless, done] });
    expect(value?.state).toBe("succeeded");
    expect(at).toBe(50); // asked at 10, cut at 40
    expect(clock.pending).toBe(0);
    const lost = fakeVendor({ create: [endless] });
    const start = lost.client.start(workflow, {});
    await expect(lost.clock.settle(start)).rejects.toMatchObject({ code: "CREATE_AMBIGUOUS" });
    expect(lost.clock.pending).toBe(0);
  });

  it("a reply that stalls in its body is cut, where the poll that succeeds is the file", async () => {
    const stalling = () =>
      new Response(new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array(5)) }), {
        status: 412,
        headers: { "content-type": "application/json" },
      });
    const replies = [stalling(), Response.json({ status: "running" }, { status: 412 }), new Response("a,b")];
    const setup = fakeVendor({}, { fetch: async () => replies.shift() ?? new Response("a,b") });
    const { download: _, ...direct } = workflow;
    const states = [
      ["succeeded", (reply: { status: number }) => reply.status === 200],
      ["running", (reply: { status: number }) => reply.status === 412],
    ];
    const workflowOfFile = {
      ...direct,
      poll: { ...workflow.poll, states, status: undefined, file: { "*/*": "" } },
    };
    replies.unshift(Response.json({ id: "j1" }, { status: 202 }));
    const job = await setup.clock.settle(setup.client.start(workflowOfFile as never as typeof workflow, {}));
    const { value, at } = await settled(setup, job.wait(base));
    expect(value?.state).toBe("succeeded");
    expect(at).toBe(60); // asked at 10, cut at 40, asked at 50 and 60
  });

  it("leaving a loop of events cancels nothing, whatever an abort would do", async () => {
    const { job, ...setup } = await started({ status: [run], cancel: [status(202)] });
    for await (const _ of job.events({ ...base, onAbort: "cancel" })) break;
    await setup.clock.advance(100);
    expect(setup.seen()).toBe("C@0");
    expect(setup.clock.pending).toBe(0);
  });

  it("a reader may ask for several events at once", async () => {
    const { job, ...setup } = await started({ status: [state("done")] });
    const reader = job.events(base)[Symbol.asyncIterator]();
    const three = Promise.all([reader.next(), reader.next(), reader.next(), reader.next()]);
    const types = (await setup.clock.settle(three)).map(({ value }) => value?.type);
    expect(types).toEqual(["created", "status", "end", undefined]);
  });

  it("one event tells of each wait, however many wait", async () => {
    const waits: number[] = [];
    const { job, ...setup } = await started(
      { status: [run, done] },
      { onEvent: (event) => event.type === "wait" && waits.push(event.delayMs) },
    );
    await setup.clock.settle(Promise.all([job.wait(base), job.wait(base), job.wait(base)]));
    expect(waits).toEqual([10_000, 10_000]);
  });
});
