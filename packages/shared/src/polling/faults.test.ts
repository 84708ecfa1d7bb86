import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { createClient } from "../client.js";
import { ConnectionError } from "../errors/request-errors.js";
import { PollFailedError, TimeoutError, UnknownStatusError } from "../record/errors.js";
import { FakeClock } from "../testing/fake-clock.js";
import { settled, startAndWait, started } from "../testing/fake-run.js";
import {
  base,
  created,
  definition,
  done,
  fakeVendor,
  run,
  type Scripted,
  state,
  status,
  workflow,
} from "../testing/fake-vendor.js";
import type { Clock } from "../time/clock.js";

const HOUR = 3600;

describe("jobs that were lost, doubled or given up too early", () => {
  it("2.1 the time in which a vendor may not know its job counts from its acceptance", async () => {
    const script = {
      create: [status(429, { "retry-after": "90" }), created()],
      status: [status(404), status(404), run, done],
    };
    const { value } = await startAndWait(script, { schedule: () => 10_000 });
    expect(value?.state).toBe("succeeded");
  });

  it("2.2 a reply that came while the machine slept past the deadline counts", async () => {
    let answer: (reply: Scripted) => void = () => {};
    const slow: Scripted = () => new Promise<Scripted>((resolve) => (answer = resolve));
    const { job, clock } = await started({ status: [slow] });
    const waiting = job.wait({ schedule: () => 1000, timeoutMs: 5000 });
    await clock.advance(1.5);
    await clock.sleepThrough(20);
    answer(done);
    expect((await clock.settle(waiting)).state).toBe("succeeded");
  });

  it("2.2 a poll that the sleep broke is followed by one after waking", async () => {
    let fail: (error: Error) => void = () => {};
    const broken: Scripted = () => new Promise<Scripted>((_, reject) => (fail = reject));
    const { job, clock } = await started({ status: [broken, done] });
    const waiting = job.wait({ schedule: () => 1000, timeoutMs: 5000 });
    await clock.advance(1.5);
    await clock.sleepThrough(20);
    fail(new TypeError("fetch failed"));
    expect((await clock.settle(waiting)).state).toBe("succeeded");
  });

  it("2.2 a deadline that nothing slept through stays one", async () => {
    const { error, at } = await startAndWait({ status: ["hang"] }, { timeoutMs: 15_000 });
    expect(error).toBeInstanceOf(TimeoutError);
    expect(at).toBe(15);
  });

  it("2.3 time in which nothing ran is no time of failure", async () => {
    const { job, clock } = await started({ status: [{ fail: "reset" }, { fail: "reset" }, done] });
    const waiting = job.wait(base);
    await clock.advance(11);
    await clock.sleepThrough(2 * HOUR);
    expect((await clock.settle(waiting)).state).toBe("succeeded");
  });

  it("2.3 a wait gives up on three failures at least", async () => {
    const { error, clock } = await startAndWait(
      { status: [{ fail: "reset" }] },
      { schedule: () => 400_000, tolerance: { failuresMs: 5000 } },
    );
    expect(error).toBeInstanceOf(PollFailedError);
    expect((error as PollFailedError).message).toContain("(3 polls;");
    expect(clock.seconds).toBeLessThan(HOUR);
  });

  it("2.3 unknown words are counted the same way", async () => {
    const { job, clock } = await started({ status: [state("odd"), state("odd"), state("odd"), done] });
    const waiting = job.wait({ ...base, tolerance: { unknownMs: 60_000 } });
    await clock.advance(11);
    await clock.sleepThrough(2 * HOUR);
    expect((await clock.settle(waiting)).state).toBe("succeeded");
  });

  it("2.4 a hint beyond all reason ends the wait with the time in its error", async () => {
    const { error, job } = await startAndWait({ status: [status(429, { "retry-after": "999999999" })] });
    expect(error).toBeInstanceOf(TimeoutError);
    expect((error as TimeoutError).token).toBe(job.token);
    expect((error as TimeoutError).retryAt?.getFullYear()).toBeGreaterThan(2050);
  });

  it("2.4 and holds back the other calls of the client for five minutes at most", async () => {
    const { clock, client } = await startAndWait({ status: [status(429, { "retry-after": "999999999" })] });
    const startedAt = clock.seconds;
    await clock.settle(client.start(workflow, {}));
    expect(clock.seconds - startedAt).toBeLessThanOrEqual(300);
  });

  it("2.4 the same hint on an accepted create puts the first poll off by five minutes at most", async () => {
    const { value, at } = await startAndWait({ create: [created("j1", { "retry-after": "999999999" })] });
    expect(value?.state).toBe("succeeded");
    expect(at).toBe(300);
  });

  it("2.5 a credential function that fails in the middle of a wait is a failed poll", async () => {
    let calls = 0;
    const token = async () => {
      if (++calls === 2) throw new Error("vault sealed");
      return "secret-token";
    };
    const script = { status: [status(401), run, done] };
    const { value } = await startAndWait(script, {}, { token });
    expect(value?.state).toBe("succeeded");
  });

  it("2.5 and where it goes on failing, the error carries the token", async () => {
    let calls = 0;
    const token = async () => {
      if (++calls > 1) throw new Error("vault sealed");
      return "secret-token";
    };
    const { error, job } = await startAndWait({ status: [status(401)] }, {}, { token });
    expect(error).toBeInstanceOf(PollFailedError);
    expect((error as PollFailedError).cause).toBeInstanceOf(ConnectionError);
    expect((error as PollFailedError).message).toContain("vault sealed");
    expect((error as PollFailedError).token).toBe(job.token);
  });

  it.each([
    [
      "a schedule that throws",
      () => {
        throw new TypeError("not today");
      },
      TypeError,
    ],
    ["2.6 NaN", () => Number.NaN, TypeError],
    ["2.6 a negative number", () => -5, TypeError],
    ["2.6 Infinity", () => Number.POSITIVE_INFINITY, TypeError],
  ])("2.5 %s in the middle of a wait ends it with a token", async (_, bad, type) => {
    let asked = 0;
    const schedule = () => (++asked > 2 ? bad() : 1000);
    const { error, job, clock } = await startAndWait({ status: [run] }, { schedule });
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ token: job.token });
    expect(clock.pending).toBe(0);
  });

  it("2.6 a schedule of years is shortened to a day", async () => {
    const { value, at } = await startAndWait({ status: [done] }, { schedule: () => 1e12 });
    expect(value?.state).toBe("succeeded");
    expect(at).toBe(86_400);
  });

  it("2.5 a wrong option carries the token, too", async () => {
    const { job } = await started({ status: [run] });
    await expect(job.wait({ timeoutMs: -1 })).rejects.toMatchObject({ token: job.token });
    await expect(job.save("", { timeoutMs: "soon" as never })).rejects.toMatchObject({ token: job.token });
  });

  it("2.5 the reason of an abort stays as it is", async () => {
    const { job } = await started({ status: [run] });
    const reason = new Error("enough");
    await expect(job.wait({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(reason).not.toHaveProperty("token");
  });

  it("2.7 each wait has a tolerance of its own", async () => {
    const replies: Scripted[] = [...Array<Scripted>(40).fill({ fail: "reset" }), { fail: "reset" }, done];
    const { job, clock } = await started({ status: replies });
    const options = { ...base, tolerance: { failuresMs: 300_000 } };
    expect((await settled({ clock }, job.wait(options))).error).toBeInstanceOf(PollFailedError);
    await clock.sleepThrough(HOUR);
    expect((await settled({ clock }, job.wait({ ...options, timeoutMs: 60_000 }))).error).toBeInstanceOf(
      TimeoutError,
    );
  });

  it("2.7 also for unknown words", async () => {
    const { job, clock } = await started({ status: [state("odd")] });
    const options = { ...base, tolerance: { unknownMs: 60_000 } };
    expect((await settled({ clock }, job.wait(options))).error).toBeInstanceOf(UnknownStatusError);
    await clock.sleepThrough(HOUR);
    const second = await settled({ clock }, job.wait({ ...options, timeoutMs: 30_000 }));
    expect(second.error).toBeInstanceOf(TimeoutError);
  });

  it("a very long id, or one of several lines, is shortened in messages, and whole elsewhere", async () => {
    const id = `a\nb${"x".repeat(5000)}`;
    const failed = await startAndWait({ create: [created(id)], status: [status(400)] });
    const ended = await startAndWait({ create: [created(id)], status: [state("failed")] });
    for (const { error, job } of [failed, ended]) {
      expect((error as Error).message).toMatch(/^acme: exportThings a bx+….{1,200}$/);
      expect(error).toMatchObject({ jobId: id });
      expect(job.id).toBe(id);
    }
  });

  it("2.8 a cancel that the vendor refuses while the job runs on is not too late", async () => {
    const { job, clock } = await started({ status: [run], cancel: [status(409)] });
    expect(await clock.settle(job.cancel())).toBe("refused");
  });

  it("2.9 a 304 is no news, and polls ask for no cache", async () => {
    const caches: unknown[] = [];
    const { value } = await startAndWait({ status: [run, status(304), done] });
    expect(value?.state).toBe("succeeded");
    const fetch: typeof globalThis.fetch = async (_, init) => {
      caches.push(init?.cache);
      return Response.json({ id: "j1", status: "done" }, { status: init?.method === "POST" ? 202 : 200 });
    };
    const clock = new FakeClock();
    const client = createClient(definition, { token: "secret-token", clock, fetch });
    const job = await clock.settle(client.start(workflow, {}));
    await clock.settle(job.wait(base));
    expect(caches).toEqual(["no-store", "no-store"]);
  });

  it.each([307, 308])("2.9 a create is followed once on its own origin (%i)", async (code) => {
    const setup = fakeVendor({
      create: [status(code, { location: "https://api.acme.test/exports" }), created()],
    });
    const job = await setup.clock.settle(setup.client.start(workflow, { name: "a" }));
    expect(job.id).toBe("j1");
    expect(setup.seen()).toBe("C@0 C@0");
    expect(setup.requests[1]?.body).toEqual({ name: "a" });
  });

  it("2.9 elsewhere it is refused, and the address is told without its query", async () => {
    const location = "https://elsewhere.test/exports?signature=abc";
    const setup = fakeVendor({ create: [status(307, { location })] });
    const { error } = await settled(setup, setup.client.start(workflow, {}));
    expect(String(error)).toContain("https://elsewhere.test/exports?…");
    expect(String(error)).not.toContain("abc");
  });

  it("2.9 it is not followed for ever", async () => {
    const location = "https://api.acme.test/exports";
    const setup = fakeVendor({ create: [status(307, { location })] });
    await settled(setup, setup.client.start(workflow, {}));
    expect(setup.seen()).toBe("C@0 C@0");
  });

  it("2.10 what cannot have been sent is not ambiguous, and the cause stands in the message", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    /** Real requests, but no real pauses between them. */
    const clock: Clock = {
      now: Date.now,
      setTimeout: (run, ms) => setTimeout(run, ms > 20_000 ? ms : 0),
      clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
    };
    const start = (baseUrl: string) =>
      createClient(definition, { token: "secret-token", baseUrl, clock }).start(workflow, {});
    await expect(start(`https://127.0.0.1:${port}`)).rejects.toMatchObject({
      name: "ConnectionError",
      requestSent: false,
      message: expect.stringMatching(/SSL|EPROTO|wrong version/i),
    });
    await expect(start("http://127.0.0.1:1")).rejects.toMatchObject({
      name: "ConnectionError",
      requestSent: false,
      message: expect.stringMatching(/bad port|ECONNREFUSED/),
    });
    server.close();
  });

  it("2.10 the cause of a lost reply stands in the message", async () => {
    const setup = fakeVendor({ create: [{ fail: "reset" }] });
    const { error } = await settled(setup, setup.client.start(workflow, {}));
    expect(error).toMatchObject({ code: "CREATE_AMBIGUOUS", message: expect.stringContaining("ECONNRESET") });
  });
});
