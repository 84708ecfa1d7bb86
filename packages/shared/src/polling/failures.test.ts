import { describe, expect, it } from "vitest";
import { ApiError, ProtocolError } from "../errors/request-errors.js";
import { JobExpiredError, JobGoneError, PollFailedError, TimeoutError } from "../record/errors.js";
import { settled, startAndWait, started, take } from "../testing/fake-run.js";
import { base, done, fakeVendor, run, state, status, workflow } from "../testing/fake-vendor.js";
import { at } from "../workflow/reply.js";
import type { Reply } from "../workflow/workflow.js";

describe("D. failures while polling", () => {
  it.each([
    ["62. a 503", status(503)],
    ["63. a broken connection", { fail: "reset" as const }],
  ])("%s is no news", async (_, bad) => {
    const { job, ...setup } = await started({ status: [run, bad, bad, done] });
    const states = new Set<string>();
    const streaks: number[] = [];
    const read = (async () => {
      for await (const event of job.events(base)) {
        states.add(event.snapshot.state);
        if (event.type === "pollFailed") streaks.push(event.streak);
      }
    })();
    await setup.clock.settle(read);
    expect(setup.seen()).toBe("C@0 S@10 S@20 S@30 S@40");
    expect(streaks).toEqual([1, 2]);
    expect(states).not.toContain("failed");
  });

  it("64. five minutes of failures end the wait with a token that resumes", async () => {
    const { error, at, job, client, clock, script } = await startAndWait({ status: [status(503)] });
    expect(error).toBeInstanceOf(PollFailedError);
    expect(at).toBe(310);
    script.status = [done];
    expect((error as PollFailedError).token).toBe(job.token);
    expect((await clock.settle(client.resume(job.token).wait())).state).toBe("succeeded");
  });

  it("66. a 400 is final at once", async () => {
    const { error, seen } = await startAndWait({ status: [status(400)] });
    expect(error).toBeInstanceOf(ApiError);
    expect(seen()).toBe("C@0 S@10");
  });

  it("67. a 401 asks for the credentials again", async () => {
    const token = () => "secret-token";
    expect((await startAndWait({ status: [status(401), run, done] }, {}, { token })).seen()).toBe(
      "C@0 S@10 S@10 S@20",
    );
    const setup = await started({ status: [status(401), run, done] }, { token });
    const events = await setup.clock.settle(take(setup.job, 9));
    expect(events.map(({ type }) => type)).toEqual(["created", "status", "status", "end"]);
    const { error, job } = await startAndWait({ status: [status(401)] }, {}, { token });
    expect(error).toMatchObject({ status: 401, token: job.token });
  });

  it("what the vendor says in place of a 401 asks for the credentials again, too: a 403, or a 200 with a code", async () => {
    const token = () => "secret-token";
    const renew = (reply: Reply) => reply.status === 403 || at(reply.body, "code") === 601;
    const options = { token, errors: { renew } };
    for (const refusal of [status(403), status(200, {}, { code: 601 })]) {
      const setup = await startAndWait({ status: [refusal, run, done] }, {}, options);
      expect([setup.seen(), setup.value?.state]).toEqual(["C@0 S@10 S@10 S@20", "succeeded"]);
    }
    const fixed = await startAndWait({ status: [status(403), done] }, {}, { errors: { renew } });
    expect(fixed.seen()).toBe("C@0 S@10 S@20"); // a text cannot be renewed
  });

  it("a 403 is final the second time in a row", async () => {
    expect((await startAndWait({ status: [status(403), done] })).value?.state).toBe("succeeded");
    expect((await startAndWait({ status: [status(403)] })).seen()).toBe("C@0 S@10 S@20");
  });

  it("a row of failures that a readable reply breaks begins anew, with a patience of its own", async () => {
    const bad = status(503);
    const { value, at } = await startAndWait(
      { status: [bad, bad, run, bad, bad, run, status(403), run, status(403), done] },
      { tolerance: { failuresMs: 15_000 } },
    );
    expect(value?.state).toBe("succeeded");
    expect(at).toBe(100);
  });

  it("74. a page where JSON was promised is an unreadable reply, whatever its words", async () => {
    const page = { status: 200, text: "<html>done</html>", headers: { "content-type": "text/html" } };
    const { job, ...setup } = await started({ status: [page, done] });
    const events = await setup.clock.settle(take(job, 9));
    const failed = events.find((event) => event.type === "pollFailed");
    expect(failed?.error).toBeInstanceOf(ProtocolError);
    expect(failed?.error.message).toContain("answered 200 with HTML where JSON was promised: done");
  });

  it("69. a job that the vendor does not know yet is waited for", async () => {
    const { value } = await startAndWait({ status: [status(404), status(404), run, done] });
    expect(value?.state).toBe("succeeded");
    const late = await startAndWait({ status: [status(404)] });
    expect(late.error).toBeInstanceOf(JobGoneError);
    expect(late.at).toBe(60);
  });

  it("70. a job that is not known any more is gone", async () => {
    const { error, seen } = await startAndWait({ status: [run, status(404)] });
    expect(error).toBeInstanceOf(JobGoneError);
    expect(seen()).toBe("C@0 S@10 S@20");
  });

  it("71. a 410 means that the job has expired", async () => {
    expect((await startAndWait({ status: [status(410)] })).error).toBeInstanceOf(JobExpiredError);
  });

  it("72. a 429 pauses all requests of the account", async () => {
    const setup = fakeVendor({ status: [status(429, { "retry-after": "40" }), done] }, { rateLimit: {} });
    const [a, b] = await setup.clock.settle(
      Promise.all([setup.client.start(workflow, {}), setup.client.start(workflow, {})]),
    );
    const first = a?.wait(base);
    await setup.clock.advance(5);
    await setup.clock.settle(Promise.all([first, b?.wait(base)]));
    expect(setup.seen()).toBe("C@0 C@0 S@10 S@50 S@50");
  });

  it("75. a poll that hangs is cut after 30 s and counts as no news", async () => {
    const { seen, value } = await startAndWait({ status: ["hang", done] });
    expect(value?.state).toBe("succeeded");
    expect(seen()).toBe("C@0 S@10 S@50");
  });

  it("76. a poll that hangs is cut at the deadline", async () => {
    const { error, at, clock } = await startAndWait({ status: ["hang"] }, { timeoutMs: 22_000 });
    expect(error).toBeInstanceOf(TimeoutError);
    expect(at).toBe(22);
    expect(clock.pending).toBe(0);
  });

  it("77. a 500 that says it should not be retried is final", async () => {
    expect(
      (await startAndWait({ status: [status(500, { "x-should-retry": "false" })] })).error,
    ).toBeInstanceOf(ApiError);
  });

  it("79. a mistake in code surfaces at once", async () => {
    const setup = fakeVendor({ status: [run] });
    const broken = {
      ...workflow,
      poll: {
        ...workflow.poll,
        states: [["running", () => (undefined as never as { x: { y: boolean } }).x.y]],
      },
    };
    const job = await setup.clock.settle(setup.client.start(broken as never as typeof workflow, {}));
    const { error } = await settled(setup, job.wait(base));
    expect(error).toBeInstanceOf(TypeError);
    expect(setup.seen()).toBe("C@0 S@10");
  });

  it("82. a failed job is never started again", async () => {
    expect((await startAndWait({ status: [state("failed")] })).seen()).toBe("C@0 S@10");
  });
});
