import { describe, expect, it } from "vitest";
import {
  base,
  created,
  done,
  fakeVendor,
  findable,
  run,
  type Script,
  state,
  status,
  workflow,
} from "./fake-vendor.js";
import {
  ApiError,
  ConnectionError,
  CreateAmbiguousError,
  JobCancelledError,
  JobExpiredError,
  JobFailedError,
  JobGoneError,
  PollFailedError,
  ResumeTokenError,
  TimeoutError,
  UnknownStatusError,
} from "./job-errors.js";
import type { ExportJob, WaitOptions } from "./job-types.js";

type Setup = ReturnType<typeof fakeVendor>;

/** Starts a job of the script and waits for it. */
async function startAndWait(
  script: Script,
  options: WaitOptions = {},
  client: Parameters<typeof fakeVendor>[1] = {},
) {
  const setup = fakeVendor(script, client);
  const job = await setup.clock.settle(setup.client.start(workflow, {}));
  const outcome = await settled(setup, job.wait({ ...base, ...options }));
  return { ...setup, job, ...outcome };
}

async function settled<T>(
  { clock }: Setup,
  promise: Promise<T>,
): Promise<{ value?: T; error?: unknown; at: number }> {
  try {
    const value = await clock.settle(promise);
    return { value, at: clock.seconds };
  } catch (error) {
    return { error, at: clock.seconds };
  }
}

describe("A. create", () => {
  it("1. a job that runs twice and is done takes one create and three polls", async () => {
    const { seen, value, at } = await startAndWait({ status: [run, run, done] });
    expect(seen()).toBe("C@0 S@10 S@20 S@30");
    expect(value?.state).toBe("succeeded");
    expect(at).toBe(30);
  });

  it("4. an id that is only in Location is polled", async () => {
    const { requests } = await startAndWait({ create: [status(202, { location: "/exports/j7" }, {})] });
    expect(requests[1]?.url).toBe("https://api.acme.test/exports/j7");
  });

  it("7. a refused request is an ApiError with the vendor's message", async () => {
    const setup = fakeVendor({ create: [status(400, {}, { message: "field x is wrong" })] });
    const { error } = await settled(setup, setup.client.start(workflow, {}));
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).message).toBe(
      "acme: exportThings: POST /exports answered 400: field x is wrong",
    );
    expect(setup.seen()).toBe("C@0");
  });

  it("8. a 401 asks the credential function again, once", async () => {
    let asked = 0;
    const token = () => `secret-${++asked}`;
    const setup = fakeVendor({ create: [status(401), created()] }, { token });
    await setup.clock.settle(setup.client.start(workflow, {}));
    expect(setup.requests.map(({ headers }) => headers["authorization"])).toEqual([
      "Bearer secret-1",
      "Bearer secret-2",
    ]);
    const again = fakeVendor({ create: [status(401)] }, { token });
    const { error } = await settled(again, again.client.start(workflow, {}));
    expect(error).toBeInstanceOf(ApiError);
    expect(again.seen()).toBe("C@0 C@0");
  });

  it("9. a 429 with Retry-After is sent again when the vendor allows it", async () => {
    const setup = fakeVendor({ create: [status(429, { "retry-after": "7" }), created()] });
    await setup.clock.settle(setup.client.start(workflow, {}));
    expect(setup.seen()).toBe("C@0 C@7");
  });

  it("11. a lost reply is looked for by the unique name, and the job adopted", async () => {
    const setup = fakeVendor({
      create: [{ fail: "reset" }],
      status: [
        (request) => state("running", { name: decodeURIComponent(request.url.split("/").pop() ?? "") }),
      ],
    });
    const job = await setup.clock.settle(setup.client.start(findable, { name: "Active" }));
    expect(setup.seen()).toBe("C@0 S@0");
    expect(job.id).toMatch(/^Active [0-9a-f]{12}$/);
    const [first] = await setup.clock.settle(take(job, 1));
    expect(first).toMatchObject({ type: "created", adopted: true });
  });

  it("12. a lost reply whose job is not found within the visibility window is ambiguous", async () => {
    const setup = fakeVendor({
      create: [{ fail: "reset" }],
      status: [state("running", { name: "another" })],
    });
    const { error, at } = await settled(setup, setup.client.start(findable, { name: "Active" }));
    expect(error).toBeInstanceOf(CreateAmbiguousError);
    expect(at).toBeLessThanOrEqual(30);
    expect(setup.seen().match(/C@/g)).toHaveLength(1);
  });

  it("13. a lost reply without a find step is ambiguous", async () => {
    const setup = fakeVendor({ create: [{ fail: "reset" }] });
    const { error } = await settled(setup, setup.client.start(workflow, {}));
    expect(error).toMatchObject({ name: "CreateAmbiguousError", requestSent: true });
    expect(setup.seen()).toBe("C@0");
  });

  it("14. a create that was not sent is sent again", async () => {
    const setup = fakeVendor({ create: [{ fail: "refused" }, { fail: "refused" }, created()] });
    await setup.clock.settle(setup.client.start(workflow, {}));
    expect(setup.seen()).toBe("C@0 C@0.5 C@1.5");
  });

  it("19. an abort while the create is in flight rejects with the reason, and nothing follows", async () => {
    const setup = fakeVendor({ create: ["hang"] });
    const controller = new AbortController();
    const started = setup.client.start(workflow, {}, { signal: controller.signal });
    await setup.clock.advance(0.5);
    controller.abort("enough");
    await expect(started).rejects.toBe("enough");
    await setup.clock.advance(100);
    expect(setup.seen()).toBe("C@0");
    expect(setup.clock.pending).toBe(0);
  });

  it("21. a 503 that says it should not be retried is not", async () => {
    const setup = fakeVendor({ create: [status(503, { "x-should-retry": "false", "retry-after": "1" })] });
    const { error } = await settled(setup, setup.client.start(workflow, {}));
    expect(error).toBeInstanceOf(ApiError);
    expect(setup.seen()).toBe("C@0");
  });
});

describe("B. loop and end states", () => {
  it("25. a job that has ended is not asked about again", async () => {
    const { job, seen, clock } = await startAndWait({ status: [done] });
    await clock.settle(job.wait());
    expect((await clock.settle(take(job, 9))).map(({ type }) => type)).toEqual(["created", "status", "end"]);
    expect(seen()).toBe("C@0 S@10");
  });

  it("26. three waits share one loop", async () => {
    const setup = fakeVendor({ status: [run, run, done] });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
    await setup.clock.settle(Promise.all([job.wait(base), job.wait(base), job.wait(base)]));
    expect(setup.seen()).toBe("C@0 S@10 S@20 S@30");
  });

  it("27. aborting one of three waits ends that one only", async () => {
    const setup = fakeVendor({ status: [run, run, done] });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
    const controller = new AbortController();
    const aborted = job.wait({ ...base, signal: controller.signal });
    const others = Promise.all([job.wait(base), job.wait(base)]);
    await setup.clock.advance(15);
    controller.abort("mine");
    await expect(aborted).rejects.toBe("mine");
    await setup.clock.settle(others);
    expect(setup.seen()).toBe("C@0 S@10 S@20 S@30");
  });

  it("28. a failed job rejects with the vendor's reason, every time", async () => {
    const { error, job, seen } = await startAndWait({ status: [state("failed", { reason: "disk full." })] });
    expect(error).toBeInstanceOf(JobFailedError);
    expect((error as Error).message).toBe(
      "acme: exportThings j1 failed at the vendor (failed): disk full. Start a new export",
    );
    await expect(job.wait()).rejects.toBe(error);
    expect(seen()).toBe("C@0 S@10");
  });

  it("32. an unknown word is reported and waited out", async () => {
    const setup = fakeVendor({ status: [state("EXPIRED"), state("EXPIRED"), done] });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
    const events = await setup.clock.settle(take(job, 9));
    expect(events.map(({ type }) => type)).toEqual(["created", "unknown", "status", "end"]);
    expect(events[1]).toMatchObject({ rawStatus: "EXPIRED" });
    expect(setup.seen()).toBe("C@0 S@10 S@20 S@30");
  });

  it("an unknown word for a quarter of an hour ends the wait with a token", async () => {
    const { error, job } = await startAndWait({ status: [state("SNOOZING")] });
    expect(error).toBeInstanceOf(UnknownStatusError);
    expect(error).toMatchObject({ rawStatus: "SNOOZING", token: job.token });
  });

  it.each([
    ["34. a missing status", { status: 200, body: { id: "j1" } }],
    ["35. a status that is a number", state(7)],
    ["35. a status that is an object", state({ word: "done" })],
    ["74. a truncated body", { fail: "truncated" as const }],
  ])("%s is no news", async (_, reply) => {
    const { value, seen } = await startAndWait({ status: [reply, done] });
    expect(value?.state).toBe("succeeded");
    expect(seen()).toBe("C@0 S@10 S@20");
  });

  it("36. the spec's conditions decide about case and blanks; a text that contains a word is not the word", async () => {
    expect((await startAndWait({ status: [state(" DONE ")] })).value?.state).toBe("succeeded");
    const { error } = await startAndWait({ status: [state("canceled")] });
    expect(error).toBeInstanceOf(JobCancelledError);
    expect((await startAndWait({ status: [state("not failed yet"), done] })).value?.state).toBe("succeeded");
  });

  it("38. an error about the request in a 200 does not fail the job", async () => {
    const { value } = await startAndWait({
      status: [{ status: 200, body: { error: true, message: "later", status: "failed" } }, done],
    });
    expect(value?.state).toBe("succeeded");
  });

  it("a reply about another job is never taken for one about this", async () => {
    const setup = fakeVendor({
      status: [
        state("done", { name: "another" }),
        state("done", { name: "another" }),
        (request) => state("done", { name: decodeURIComponent(request.url.split("/").pop() ?? "") }),
      ],
    });
    const job = await setup.clock.settle(setup.client.start(findable, { name: "Active" }));
    const { value } = await settled(setup, job.wait(base));
    expect(value?.polls).toBe(3);
  });

  it.each(["39. a 302", "78. a 301"])("%s to another host is not followed with credentials", async (name) => {
    const { error, requests } = await startAndWait({
      status: [status(name.includes("302") ? 302 : 301, { location: "https://evil.test/x" })],
    });
    expect(error).toBeInstanceOf(ApiError);
    expect(requests.map(({ url }) => new URL(url).host)).toEqual(["api.acme.test", "api.acme.test"]);
  });
});

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
    const setup = fakeVendor({ status: [state("running", { done: 40, total: 100 }), done] });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
    await setup.clock.advance(100);
    await setup.clock.settle(job.refresh());
    await setup.clock.settle(job.wait());
    expect(setup.seen()).toBe("C@0 S@100 S@200");
  });
});

describe("D. failures while polling", () => {
  it.each([
    ["62. a 503", status(503)],
    ["63. a broken connection", { fail: "reset" as const }],
  ])("%s is no news", async (_, bad) => {
    const setup = fakeVendor({ status: [run, bad, bad, done] });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
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
    const { error, job } = await startAndWait({ status: [status(401)] }, {}, { token });
    expect(error).toMatchObject({ status: 401, token: job.token });
  });

  it("a 403 is final the second time in a row", async () => {
    expect((await startAndWait({ status: [status(403), done] })).value?.state).toBe("succeeded");
    expect((await startAndWait({ status: [status(403)] })).seen()).toBe("C@0 S@10 S@20");
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

describe("E. abort and deadlines", () => {
  it("85. a signal that is aborted already sends nothing", async () => {
    const setup = fakeVendor({});
    await expect(setup.client.start(workflow, {}, { signal: AbortSignal.abort("no") })).rejects.toBe("no");
    expect(setup.seen()).toBe("");
  });

  it("86. an abort between polls leaves no timer, no listener, no request", async () => {
    const setup = fakeVendor({ status: [run] });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
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
    const setup = fakeVendor({ status: [run, "hang"] });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
    const controller = new AbortController();
    const waiting = job.wait({ ...base, signal: controller.signal });
    await setup.clock.advance(25);
    controller.abort("stop");
    await expect(waiting).rejects.toBe("stop");
    await setup.clock.advance(100);
    expect(setup.seen()).toBe("C@0 S@10 S@20");
    expect(setup.clock.pending).toBe(0);
  });

  it("88. the reason of AbortSignal.timeout is kept", async () => {
    const setup = fakeVendor({ status: ["hang"] });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
    const reason = new DOMException("The operation timed out", "TimeoutError");
    const controller = new AbortController();
    const waiting = job.wait({ ...base, signal: controller.signal });
    await setup.clock.advance(12);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  it("90. after an abort one can wait again", async () => {
    const setup = fakeVendor({ status: [run, run, done] });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
    const controller = new AbortController();
    const first = job.wait({ ...base, signal: controller.signal });
    await setup.clock.advance(15);
    controller.abort("stop");
    await expect(first).rejects.toBe("stop");
    expect((await setup.clock.settle(job.wait(base))).state).toBe("succeeded");
  });

  it("91. an abort does not cancel the vendor's job", async () => {
    const setup = fakeVendor({ status: [run], cancel: [status(202)] });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
    const controller = new AbortController();
    const waiting = job.wait({ ...base, signal: controller.signal });
    controller.abort("stop");
    await expect(waiting).rejects.toBe("stop");
    await setup.clock.advance(100);
    expect(setup.seen()).toBe("C@0");
  });

  it('92. onAbort "cancel" cancels with a request of its own', async () => {
    const setup = fakeVendor({ status: [run, state("canceled")], cancel: [status(202)] });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
    const controller = new AbortController();
    const waiting = job.wait({ ...base, signal: controller.signal, onAbort: "cancel" });
    await setup.clock.advance(15);
    controller.abort("stop");
    await expect(waiting).rejects.toBe("stop");
    await setup.clock.advance(40);
    expect(setup.seen()).toMatch(/^C@0 S@10 X@15/);
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
    const setup = fakeVendor({ status: [run] });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
    await expect(job.wait(options)).rejects.toBeInstanceOf(TypeError);
    expect(setup.seen()).toBe("C@0");
  });

  it("102. a reader of events that aborts stops before the next poll", async () => {
    const setup = fakeVendor({ status: [run] });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
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

describe("F. resume tokens", () => {
  it("103. a resumed job is polled, not created", async () => {
    const setup = fakeVendor({ status: [run, done] });
    const { token } = await setup.clock.settle(setup.client.start(workflow, {}));
    await setup.clock.settle(setup.client.resume(token).wait(base));
    expect(setup.seen()).toBe("C@0 S@0 S@10");
  });

  it("105. a resumed job that has failed rejects like the first time", async () => {
    const { client, clock, job } = await startAndWait({ status: [state("failed", { reason: "no rows" })] });
    await expect(clock.settle(client.resume(job.token).wait())).rejects.toThrow("no rows");
  });

  it("107. a token is short and safe in a URL", async () => {
    const { job } = await startAndWait({});
    expect(job.token).toMatch(/^v1\.[\w-]+\.\w+$/);
    expect(job.token.length).toBeLessThan(1024);
  });

  it("108. any altered character is found, and the token is not repeated", async () => {
    const { job, client, requests } = await startAndWait({});
    const before = requests.length;
    for (let index = 0; index < job.token.length; index++) {
      const altered = `${job.token.slice(0, index)}${job.token[index] === "x" ? "y" : "x"}${job.token.slice(index + 1)}`;
      try {
        client.resume(altered);
        expect.unreachable(altered);
      } catch (error) {
        expect(error).toBeInstanceOf(ResumeTokenError);
        expect((error as Error).message).not.toContain(altered.slice(4, 20));
      }
    }
    expect(requests).toHaveLength(before);
  });

  it("110. a token of another account is refused", async () => {
    const { job } = await startAndWait({}, {}, { space: "a" });
    const other = fakeVendor({}, { space: "b" });
    expect(() => other.client.resume(job.token)).toThrow(ResumeTokenError);
    expect(other.seen()).toBe("");
  });

  it("115. a fresh process that refreshes at nextPollAt sends as many requests as a wait", async () => {
    const script = () => ({ status: [run, run, run, run, done] });
    const waited = fakeVendor(script());
    await waited.clock.settle((await waited.clock.settle(waited.client.start(workflow, {}))).wait());
    const refreshed = fakeVendor(script());
    let job: ExportJob = await refreshed.clock.settle(refreshed.client.start(workflow, {}));
    while (job.snapshot.nextPollAt) {
      await refreshed.clock.advance((job.snapshot.nextPollAt.getTime() - refreshed.clock.now()) / 1000);
      job = refreshed.client.resume(job.token);
      await refreshed.clock.settle(job.refresh());
    }
    expect(job.snapshot.state).toBe("succeeded");
    expect(refreshed.seen()).toBe(waited.seen());
  });
});

describe("H. cancel", () => {
  it("133. a cancel that the vendor confirms", async () => {
    const setup = fakeVendor({ status: [state("cancelling"), state("cancelled")], cancel: [status(202)] });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
    const waiting = job.wait(base);
    waiting.catch(() => {});
    expect(await setup.clock.settle(job.cancel())).toBe("cancelled");
    await expect(waiting).rejects.toBeInstanceOf(JobCancelledError);
    expect(await job.cancel()).toBe("cancelled");
  });

  it.each([404, 410])("135. a cancel that is answered with %i: the job is gone", async (code) => {
    const setup = fakeVendor({ cancel: [status(code)] });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
    expect(await setup.clock.settle(job.cancel())).toBe("gone");
  });

  it("136. a vendor that cannot cancel", async () => {
    const setup = fakeVendor({ status: [run] });
    const { cancel: _, ...without } = workflow;
    const job = await setup.clock.settle(setup.client.start(without as typeof workflow, {}));
    expect(await job.cancel()).toBe("unsupported");
    expect(setup.seen()).toBe("C@0");
  });

  it("137. two cancels are one request", async () => {
    const setup = fakeVendor({ status: [state("cancelled")], cancel: [status(202)] });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
    await setup.clock.settle(Promise.all([job.cancel(), job.cancel()]));
    expect(setup.seen().match(/X@/g)).toHaveLength(1);
  });

  it("138. a cancel is sent again after failures, for 30 s", async () => {
    const busy = status(503);
    const setup = fakeVendor({ status: [state("cancelled")], cancel: [busy, busy, busy, status(202)] });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
    expect(await setup.clock.settle(job.cancel())).toBe("cancelled");
    const hopeless = fakeVendor({ status: [run], cancel: [busy] });
    const other = await hopeless.clock.settle(hopeless.client.start(workflow, {}));
    await expect(hopeless.clock.settle(other.cancel())).rejects.toBeInstanceOf(ApiError);
    expect(hopeless.clock.seconds).toBeLessThanOrEqual(30);
  });

  it("140. a timeout sends no cancel by itself", async () => {
    const { seen } = await startAndWait({ status: [run], cancel: [status(202)] }, { timeoutMs: 5000 });
    expect(seen()).toBe("C@0 S@5");
  });
});

describe("J. events and errors", () => {
  it("154. leaving early leaves the loop of others untouched", async () => {
    const setup = fakeVendor({ status: [run, run, done] });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
    const waiting = job.wait(base);
    for await (const _ of job.events(base)) break;
    expect((await setup.clock.settle(waiting)).state).toBe("succeeded");
    expect(setup.seen()).toBe("C@0 S@10 S@20 S@30");
  });

  it("156. progress is told when it changes", async () => {
    const at = (count: number) => state("running", { done: count, total: 4 });
    const setup = fakeVendor({ status: [at(1), at(1), at(3), done] });
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
    const events = await setup.clock.settle(take(job, 99));
    expect(events.map(({ type }) => type)).toEqual([
      "created",
      "status",
      "progress",
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
    const setup = fakeVendor({});
    const job = await setup.clock.settle(setup.client.start(workflow, {}));
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

  it("an unreachable vendor is named with the system's code", async () => {
    const setup = fakeVendor({ create: [{ fail: "refused" }] });
    const { error } = await settled(setup, setup.client.start(workflow, {}));
    expect(error).toBeInstanceOf(ConnectionError);
    expect((error as Error).message).toBe(
      "acme: exportThings: POST /exports: no reply: socket: ECONNREFUSED",
    );
  });
});

/** The first events of a job. */
async function take(job: ExportJob, count: number) {
  const events = [];
  for await (const event of job.events(base)) {
    events.push(event);
    if (events.length >= count) break;
  }
  return events;
}

/** Counts the listeners on a signal from now on. */
function countListeners(signal: AbortSignal): () => number {
  let count = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    count++;
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    count--;
    removeEventListener.apply(signal, args);
  };
  return () => count;
}
