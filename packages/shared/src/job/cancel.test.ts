import { describe, expect, it } from "vitest";
import { ApiError, ConnectionError } from "../errors/request-errors.js";
import { JobCancelledError } from "../record/errors.js";
import { startAndWait, started } from "../testing/fake-run.js";
import { base, done, fakeVendor, run, state, status, workflow } from "../testing/fake-vendor.js";
import type { JobReference } from "../workflow/workflow.js";

describe("H. cancel", () => {
  it("133. a cancel that the vendor confirms", async () => {
    const { job, ...setup } = await started({
      status: [state("cancelling"), state("cancelled")],
      cancel: [status(202)],
    });
    const waiting = job.wait(base);
    waiting.catch(() => {});
    expect(await setup.clock.settle(job.cancel())).toBe("cancelled");
    await expect(waiting).rejects.toBeInstanceOf(JobCancelledError);
    expect(await job.cancel()).toBe("cancelled");
  });

  it.each([404, 410])("135. a cancel that is answered with %i: the job is gone", async (code) => {
    const { job, ...setup } = await started({ status: [run], cancel: [status(code)] });
    await setup.clock.settle(job.refresh());
    expect(await setup.clock.settle(job.cancel())).toBe("gone");
  });

  it("a 404 to a cancel of a job that the vendor may not know yet is asked again, and ends nothing", async () => {
    const late = await started({ status: [state("cancelled")], cancel: [status(404), status(202)] });
    expect(await late.clock.settle(late.job.cancel())).toBe("cancelled");
    const { job, ...setup } = await started({ status: [status(404), run, done], cancel: [status(404)] });
    const waiting = job.wait(base);
    await expect(setup.clock.settle(job.cancel())).rejects.toMatchObject({ status: 404, token: job.token });
    expect((await setup.clock.settle(waiting)).state).toBe("succeeded");
  });

  it("an error of a cancel carries the token, also that of an id that no address can hold", async () => {
    const setup = fakeVendor({ create: [{ status: 202, text: '{"id":"\\ud800"}' }] });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
    const acts: Promise<unknown>[] = [job.cancel(), job.refresh()];
    for (const act of acts)
      await expect(setup.clock.settle(act)).rejects.toMatchObject({
        message: expect.stringContaining('"id" must not be'),
        token: job.token,
      });
  });

  it("a DELETE that was answered has ended the job, and there is nothing to poll", async () => {
    const operation = { id: "remove", method: "DELETE" as const, path: "/exports/{id}/cancel" };
    const removable = {
      ...workflow,
      cancel: {
        operation,
        request: ({ id }: JobReference) => ({ path: { id } }),
        load: () => import("./cancel.js"),
      },
    };
    const setup = fakeVendor({ status: [run], cancel: [{ status: 204 }] });
    const job = await setup.clock.settle(setup.client.start(removable, {}));
    const waiting = job.wait(base);
    waiting.catch(() => {});
    expect(await setup.clock.settle(job.cancel())).toBe("cancelled");
    await expect(waiting).rejects.toBeInstanceOf(JobCancelledError);
    expect(setup.seen()).toBe("C@0 X@0");
  });

  it.each([
    [202, run, "requested"],
    [409, run, "refused"],
    [202, done, "tooLate"],
    [202, status(404), "gone"],
  ])("a cancel that is answered with %i, and then %j: %s", async (code, reply, outcome) => {
    const { job, ...setup } = await started({ status: [run, reply], cancel: [status(code)] });
    await setup.clock.settle(job.refresh());
    expect(await setup.clock.settle(job.cancel())).toBe(outcome);
    expect(setup.clock.seconds).toBeLessThanOrEqual(30);
  });

  it("136. a vendor that cannot cancel", async () => {
    const setup = fakeVendor({ status: [run] });
    const { cancel: _, ...without } = workflow;
    const job = await setup.clock.settle(setup.client.start(without as typeof workflow, {}));
    expect(await job.cancel()).toBe("unsupported");
    expect(setup.seen()).toBe("C@0");
  });

  it("137. two cancels are one request", async () => {
    const { job, ...setup } = await started({ status: [state("cancelled")], cancel: [status(202)] });
    await setup.clock.settle(Promise.all([job.cancel(), job.cancel()]));
    expect(setup.seen().match(/X@/g)).toHaveLength(1);
  });

  it("138. a cancel is sent again after failures, for 30 s", async () => {
    const busy = status(503);
    const { job, ...setup } = await started({
      status: [state("cancelled")],
      cancel: [busy, busy, busy, status(202)],
    });
    expect(await setup.clock.settle(job.cancel())).toBe("cancelled");
    const hopeless = fakeVendor({ status: [run], cancel: [busy] });
    const other = await hopeless.clock.settle(hopeless.client.start(workflow, {}));
    await expect(hopeless.clock.settle(other.cancel())).rejects.toBeInstanceOf(ApiError);
    expect(hopeless.clock.seconds).toBeLessThanOrEqual(30);
  });

  it("138. gives up within 30 s, too, when nothing comes back", async () => {
    const { job, ...setup } = await started({ status: [run], cancel: ["hang"] });
    await expect(setup.clock.settle(job.cancel())).rejects.toBeInstanceOf(ConnectionError);
    expect(setup.clock.seconds).toBeLessThanOrEqual(30);
    expect(setup.clock.pending).toBe(0);
  });

  it("138. keeps to what the vendor asks to wait", async () => {
    const busy = status(503, { "retry-after": "12" });
    const { job, ...setup } = await started({ status: [state("cancelled")], cancel: [busy, status(202)] });
    await setup.clock.settle(job.cancel());
    expect(setup.seen()).toMatch(/^C@0 X@0 X@12 S@/);
  });

  it("138. gives up within 30 s, too, when the account may send nothing", async () => {
    const script = { status: [status(429, { "retry-after": "3600" })], cancel: [status(202)] };
    const { job, ...setup } = await started(script, { rateLimit: {} });
    await expect(setup.clock.settle(job.refresh())).rejects.toBeInstanceOf(ApiError);
    await expect(setup.clock.settle(job.cancel())).rejects.toBeInstanceOf(ConnectionError);
    expect(setup.clock.seconds).toBe(30);
    expect(setup.clock.pending).toBe(0);
  });

  it("140. a timeout sends no cancel by itself", async () => {
    const { seen } = await startAndWait({ status: [run], cancel: [status(202)] }, { timeoutMs: 5000 });
    expect(seen()).toBe("C@0 S@5");
  });
});
