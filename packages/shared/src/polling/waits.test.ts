import { describe, expect, it } from "vitest";
import { ApiError } from "../errors/request-errors.js";
import { JobGoneError, PollFailedError, TimeoutError } from "../record/errors.js";
import { settled, startAndWait, started, take } from "../testing/fake-run.js";
import { base, done, run, type Scripted, state, status } from "../testing/fake-vendor.js";

describe("several waits for one job", () => {
  it("each has its own schedule, patience and deadline; the polls are those that any of them needs", async () => {
    const { job, ...setup } = await started({ status: [status(503)] });
    const impatient = settled(setup, job.wait({ ...base, tolerance: { failuresMs: 20_000 } }));
    const hurried = settled(setup, job.wait({ schedule: () => 7000, timeoutMs: 16_000 }));
    const patient = job.wait({ schedule: () => 60_000, timeoutMs: 90_000 });
    patient.catch(() => {});
    expect((await hurried).error).toBeInstanceOf(TimeoutError);
    expect((await impatient).error).toBeInstanceOf(PollFailedError);
    expect((await settled(setup, patient)).error).toBeInstanceOf(TimeoutError);
    // 7: the hurried; 14: the hurried; 16: its last look; 26 and 36: the impatient; then the row of failures sets the pace.
    expect(setup.seen()).toBe("C@0 S@7 S@14 S@16 S@26 S@36 S@90");
  });

  it("an undefined tolerance is the default, not none", async () => {
    const tolerance = { failuresMs: undefined, unknownMs: undefined, notFoundMs: undefined } as never;
    const { at, error } = await startAndWait({ status: [status(503)] }, { tolerance });
    expect(error).toBeInstanceOf(PollFailedError);
    expect(at).toBe(610);
    const gone = await startAndWait({ status: [status(404)] }, { tolerance });
    expect(gone.error).toBeInstanceOf(JobGoneError);
    expect(gone.at).toBe(60);
  });

  it("one that joins during a poll shares it, and its deadline cuts its own wait only", async () => {
    let answer: (reply: Scripted) => void = () => {};
    const late = () =>
      new Promise<Scripted>((resolve) => {
        answer = resolve;
      });
    const { job, ...setup } = await started({ status: [late, done] });
    const first = job.wait(base);
    await setup.clock.advance(12);
    const second = settled(setup, job.wait({ ...base, timeoutMs: 3000 }));
    const third = job.refresh();
    expect(await second).toMatchObject({ at: 15, error: { name: "TimeoutError" } });
    answer(run);
    expect((await setup.clock.settle(third)).state).toBe("running");
    expect((await setup.clock.settle(first)).state).toBe("succeeded");
    expect(setup.seen()).toBe("C@0 S@10 S@25");
  });

  it("refresh asks at once, and the loop goes on from there", async () => {
    const { job, ...setup } = await started({ status: [run, run, done] });
    const waiting = job.wait(base);
    await setup.clock.advance(14);
    await Promise.all([setup.clock.settle(job.refresh()), job.refresh()]);
    await setup.clock.settle(waiting);
    expect(setup.seen()).toBe("C@0 S@10 S@14 S@24");
  });

  it("refresh keeps to what the vendor has asked for", async () => {
    const { job, ...setup } = await started({
      status: [status(200, { "retry-after": "25" }, { status: "running" }), done],
    });
    await setup.clock.settle(job.refresh());
    await setup.clock.settle(job.refresh());
    expect(setup.seen()).toBe("C@0 S@0 S@25");
  });

  it("refresh tells of the end of a job that has not ended well", async () => {
    const { job, ...setup } = await started({ status: [state("failed")] });
    expect((await setup.clock.settle(job.refresh())).state).toBe("failed");
    expect((await setup.clock.settle(job.refresh())).state).toBe("failed");
  });

  it("a wait that begins while the vendor allows no request before its deadline gives up at once", async () => {
    const script = { status: [status(503, { "retry-after": "3600" })] };
    const { job, ...setup } = await started(script);
    await expect(setup.clock.settle(job.refresh())).rejects.toBeInstanceOf(ApiError);
    const { error } = await settled(setup, job.wait({ ...base, timeoutMs: 60_000 }));
    expect(error).toMatchObject({ name: "TimeoutError", retryAt: new Date(setup.clock.origin + 3_600_000) });
    expect(setup.clock.seconds).toBe(0);
  });

  it("a wait that begins while an aborted poll unwinds is none of its business", async () => {
    const { job, ...setup } = await started({ status: ["hang", done] });
    const controller = new AbortController();
    const first = job.wait({ ...base, signal: controller.signal });
    await setup.clock.advance(12);
    controller.abort("leave");
    const second = job.wait(base);
    await expect(first).rejects.toBe("leave");
    expect((await setup.clock.settle(second)).state).toBe("succeeded");
  });

  it("a refresh without a useful answer rejects, and says what the vendor said", async () => {
    const { job, ...setup } = await started({ status: [status(503)] });
    expect((await settled(setup, job.refresh())).error).toBeInstanceOf(ApiError);
  });

  it("a schedule that throws ends the wait that it belongs to", async () => {
    const { job, ...setup } = await started({ status: [run, run, done] });
    let asked = 0;
    const schedule = () => {
      if (++asked > 1) throw new RangeError("my schedule");
      return 4000;
    };
    const throwing = settled(setup, job.wait({ schedule }));
    const other = job.wait(base);
    expect((await throwing).error).toBeInstanceOf(RangeError);
    expect((await setup.clock.settle(other)).state).toBe("succeeded");
    expect(setup.seen()).toBe("C@0 S@4 S@14 S@24");
    const { job: another } = await started({ status: [run] });
    await expect(another.wait({ schedule: () => Number.NaN })).rejects.toBeInstanceOf(TypeError);
    await expect(another.wait({ schedule: () => -1 })).rejects.toBeInstanceOf(TypeError);
  });

  it("a schedule is asked once a poll, whoever comes and goes", async () => {
    const { job, ...setup } = await started({ status: [run, run, done] });
    let asked = 0;
    const schedule = () => {
      asked++;
      return 10_000;
    };
    const waiting = job.wait({ schedule });
    const left = job.wait({ ...base, signal: AbortSignal.abort("no") });
    await expect(left).rejects.toBe("no");
    await setup.clock.settle(waiting);
    expect(asked).toBe(3);
  });

  it("a schedule that aborts its own wait ends it", async () => {
    const { job, ...setup } = await started({ status: [run] });
    const controller = new AbortController();
    const schedule = () => {
      controller.abort("by the schedule");
      return 1000;
    };
    await expect(job.wait({ schedule, signal: controller.signal })).rejects.toBe("by the schedule");
    await setup.clock.advance(100);
    expect(setup.seen()).toBe("C@0");
  });

  it("every event tells when the next poll is due", async () => {
    const { job, ...setup } = await started({ status: [run, status(503), done] });
    const events = await setup.clock.settle(take(job, 9));
    const due = events.map(({ type, snapshot: { nextPollAt } }) =>
      nextPollAt ? `${type} ${(nextPollAt.getTime() - setup.clock.origin) / 1000}` : type,
    );
    expect(due).toEqual(["created 1", "status 20", "pollFailed 30", "status", "end"]);
  });

  it("an abort while a deadline cancels the vendor's job rejects at once", async () => {
    const { job, ...setup } = await started({ status: [run], cancel: ["hang"] });
    const controller = new AbortController();
    const waiting = job.wait({
      ...base,
      timeoutMs: 5000,
      onTimeout: "cancel",
      signal: controller.signal,
    });
    waiting.catch(() => {});
    await setup.clock.advance(8);
    expect(setup.seen()).toBe("C@0 S@5 X@5");
    controller.abort("enough");
    await expect(waiting).rejects.toBe("enough");
  });

  it("the same snapshot is given until something changes", async () => {
    const { job, ...setup } = await started({ status: [state("running", { secret: 1 }), done] });
    const { snapshot } = job;
    expect(job.snapshot).toBe(snapshot);
    await setup.clock.settle(job.refresh());
    expect(job.snapshot).not.toBe(snapshot);
    expect(job.snapshot.raw).toMatchObject({ secret: 1 });
    expect(JSON.stringify(job.snapshot)).not.toContain("secret");
  });
});
