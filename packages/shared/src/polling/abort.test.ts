import { describe, expect, it } from "vitest";
import type { ClientEvent } from "../client/options.js";
import { JobCancelledError, TimeoutError } from "../record/errors.js";
import { countListeners, settled, startAndWait, started } from "../testing/fake-run.js";
import { base, done, fakeVendor, run, state, status, workflow } from "../testing/fake-vendor.js";

describe("E. abort and deadlines", () => {
  it("85. a signal that is aborted already sends nothing", async () => {
    const setup = fakeVendor({});
    await expect(setup.client.start(workflow, {}, { signal: AbortSignal.abort("no") })).rejects.toBe("no");
    expect(setup.seen()).toBe("");
    const { job, ...other } = await started({});
    await expect(job.wait({ signal: AbortSignal.abort("no") })).rejects.toBe("no");
    await expect(job.refresh({ signal: AbortSignal.abort("no") })).rejects.toBe("no");
    expect(other.seen()).toBe("C@0");
  });

  it("86. an abort between polls leaves no timer, no listener, no request", async () => {
    const { job, ...setup } = await started({ status: [run] });
    const controller = new AbortController();
    const listeners = countListeners(controller.signal);
    const waiting = job.wait({ ...base, signal: controller.signal });
    let rejected = false;
    waiting.catch(() => (rejected = true));
    await setup.clock.advance(15);
    controller.abort("stop");
    await Promise.resolve()
      .then(() => {})
      .then(() => {});
    expect(rejected).toBe(true);
    await setup.clock.advance(1000);
    expect(setup.seen()).toBe("C@0 S@10");
    expect(setup.clock.pending).toBe(0);
    expect(listeners()).toBe(0);
  });

  it("87. an abort during a poll cuts it, and a late reply changes nothing", async () => {
    const { job, ...setup } = await started({ status: [run, "hang"] });
    const controller = new AbortController();
    const waiting = job.wait({ ...base, signal: controller.signal, timeoutMs: 500_000 });
    await setup.clock.advance(25);
    controller.abort("stop");
    await expect(waiting).rejects.toBe("stop");
    expect(setup.clock.pending).toBe(0);
    await setup.clock.advance(100);
    expect(setup.seen()).toBe("C@0 S@10 S@20");
    expect(setup.clock.pending).toBe(0);
  });

  it("88. the reason of AbortSignal.timeout is kept", async () => {
    const { job, ...setup } = await started({ status: ["hang"] });
    const reason = new DOMException("The operation timed out", "TimeoutError");
    const controller = new AbortController();
    const waiting = job.wait({ ...base, signal: controller.signal });
    await setup.clock.advance(12);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  it("90. after an abort one can wait again", async () => {
    const { job, ...setup } = await started({ status: [run, run, done] });
    const controller = new AbortController();
    const first = job.wait({ ...base, signal: controller.signal });
    await setup.clock.advance(15);
    controller.abort("stop");
    await expect(first).rejects.toBe("stop");
    expect((await setup.clock.settle(job.wait(base))).state).toBe("succeeded");
  });

  it("91. an abort does not cancel the vendor's job", async () => {
    const { job, ...setup } = await started({ status: [run], cancel: [status(202)] });
    const controller = new AbortController();
    const waiting = job.wait({ ...base, signal: controller.signal });
    controller.abort("stop");
    await expect(waiting).rejects.toBe("stop");
    await setup.clock.advance(100);
    expect(setup.seen()).toBe("C@0");
  });

  it('92. onAbort "cancel" cancels with a request of its own', async () => {
    const { job, ...setup } = await started({ status: [run, state("canceled")], cancel: [status(202)] });
    const controller = new AbortController();
    const waiting = job.wait({ ...base, signal: controller.signal, onAbort: "cancel" });
    await setup.clock.advance(15);
    controller.abort("stop");
    await expect(waiting).rejects.toBe("stop");
    await setup.clock.advance(40);
    expect(setup.seen()).toBe("C@0 S@10 X@15 S@15");
  });

  it("92. that request has 10 s of its own", async () => {
    const { job, ...setup } = await started({ status: [state("canceled")], cancel: ["hang", status(202)] });
    const controller = new AbortController();
    const waiting = job.wait({ ...base, signal: controller.signal, onAbort: "cancel" });
    controller.abort("stop");
    await expect(waiting).rejects.toBe("stop");
    await setup.clock.advance(60);
    expect(setup.seen()).toMatch(/^C@0 X@0 X@11 S@/);
    expect(setup.clock.pending).toBe(0);
  });

  it("93. the deadline has a last look", async () => {
    const { error, seen, at } = await startAndWait({ status: [run] }, { timeoutMs: 25_000 });
    expect(seen()).toBe("C@0 S@10 S@20 S@25");
    expect(error).toBeInstanceOf(TimeoutError);
    expect(at).toBe(25);
  });

  it("94. a last look that finds the job done is a success", async () => {
    expect((await startAndWait({ status: [run, run, done] }, { timeoutMs: 25_000 })).value?.state).toBe(
      "succeeded",
    );
  });

  it('95. onTimeout "cancel" cancels and looks what came of it', async () => {
    const script = { status: [run, run, run, state("canceled")], cancel: [status(202)] };
    const cancelled = await startAndWait(script, { timeoutMs: 25_000, onTimeout: "cancel" });
    expect(cancelled.error).toBeInstanceOf(JobCancelledError);
    expect(cancelled.seen()).toMatch(/^C@0 S@10 S@20 S@25 X@25 S@/);
    const finished = await startAndWait(
      { ...script, status: [run, run, run, done] },
      { timeoutMs: 25_000, onTimeout: "cancel" },
    );
    expect(finished.value?.state).toBe("succeeded");
  });

  it("96, 160. a TimeoutError tells job, token, last status, time, polls and replies", async () => {
    const { error, job } = await startAndWait({ status: [run, status(503)] }, { timeoutMs: 25_000 });
    expect(error).toMatchObject({ jobId: "j1", token: job.token, elapsedMs: 25_000, polls: 3 });
    expect((error as Error).message).toContain(
      "still running (running) 25 s after its creation and 3 polls (200: 1, 503: 2)",
    );
  });

  it("97. a deadline of 0 looks once", async () => {
    const { error, seen } = await startAndWait({ status: [run] }, { timeoutMs: 0 });
    expect(error).toBeInstanceOf(TimeoutError);
    expect(seen()).toBe("C@0 S@0");
    expect((await startAndWait({ status: [done] }, { timeoutMs: 0 })).value?.state).toBe("succeeded");
  });

  it("99. a deadline before the first poll brings it forward", async () => {
    expect((await startAndWait({ status: [run] }, { timeoutMs: 4000 })).seen()).toBe("C@0 S@4");
  });

  it.each([
    { timeoutMs: -1 },
    { timeoutMs: Number.NaN },
    { tolerance: { failuresMs: -1 } },
    { onTimeout: "kill" as never },
    { schedule: 5 as never },
  ])("100. %j is a TypeError before any request", async (options) => {
    const { job, ...setup } = await started({ status: [run] });
    await expect(job.wait(options)).rejects.toBeInstanceOf(TypeError);
    expect(setup.seen()).toBe("C@0");
  });

  it("102. a listener that aborts stops before the next poll", async () => {
    const controller = new AbortController();
    const onEvent = (event: ClientEvent) => {
      if (event.type === "request" && event.kind === "poll") controller.abort("by the listener");
    };
    const { error, clock, seen } = await startAndWait(
      { status: [run] },
      { signal: controller.signal },
      { onEvent },
    );
    expect(error).toBe("by the listener");
    expect(clock.pending).toBe(0);
    await clock.advance(100);
    expect(seen()).toBe("C@0 S@10");
  });

  it("102. a reader of events that aborts stops before the next poll", async () => {
    const { job, ...setup } = await started({ status: [run] });
    const controller = new AbortController();
    const reading = (async () => {
      for await (const event of job.events({ ...base, signal: controller.signal }))
        if (event.type === "status") controller.abort("enough");
    })();
    const { error } = await settled(setup, reading);
    expect(error).toBe("enough");
    await setup.clock.advance(100);
    expect(setup.seen()).toBe("C@0 S@10");
  });
});
