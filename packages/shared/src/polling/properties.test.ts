import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ExportJob } from "../job/export-job.js";
import { createRateLimiter, type RequestKind } from "../limits/rate-limiter.js";
import { decodeToken, encodeToken } from "../record/resume-token.js";
import { FakeClock } from "../testing/fake-clock.js";
import { countListeners } from "../testing/fake-run.js";
import { fakeVendor, findable, type Scripted, workflow } from "../testing/fake-vendor.js";
import { type Act, type Answer, anyWorld, SECRET, type World } from "../testing/fake-world.js";
import { sleep } from "../time/sleep.js";

/** More than any wait takes, whatever happens to it. */
const DAY_SECONDS = 86_400;
const QUOTA = { quota: 5, windowMs: 10_000 };

describe("whatever vendors and users do", () => {
  it("no job is created twice, polled twice at once or too early; all settles, nothing is left, no secret comes out", async () => {
    await fc.assert(fc.asyncProperty(anyWorld, live), { numRuns: 100 });
  }, 60_000);

  it("the limiter keeps its limits and its order, and everybody has a turn", async () => {
    const kinds = fc.constantFrom<RequestKind>("create", "call", "download", "poll", "poll");
    const ms = fc.integer({ min: 0, max: 20_000 });
    const request = fc.record({
      atMs: ms,
      kind: kinds,
      holdMs: ms,
      abortAfterMs: fc.option(ms, { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 40 }), async (requests) => {
        const clock = new FakeClock();
        const limiter = createRateLimiter({ quotas: [QUOTA], maxConcurrent: 3 }, clock);
        const sent: { kind: RequestKind; order: number; at: number }[] = [];
        let open = 0;
        let most = 0;
        const ordered = [...requests].sort((a, b) => a.atMs - b.atMs);
        const all = ordered.map(async ({ atMs, kind, holdMs, abortAfterMs }, order) => {
          await sleep(clock, atMs);
          const { signal, abort } = stopAfter(clock, abortAfterMs);
          const release = await Promise.resolve(limiter.acquire({ kind, signal })).finally(abort);
          sent.push({ kind, order, at: clock.now() });
          most = Math.max(most, ++open);
          await sleep(clock, holdMs);
          open--;
          release();
        });
        await clock.settle(Promise.allSettled(all));
        expect(most).toBeLessThanOrEqual(3);
        for (const { at } of sent)
          expect(
            sent.filter((other) => other.at >= at && other.at < at + QUOTA.windowMs).length,
          ).toBeLessThanOrEqual(QUOTA.quota);
        for (const urgent of [true, false]) {
          const orders = sent.filter(({ kind }) => (kind !== "poll") === urgent).map(({ order }) => order);
          expect(orders).toEqual([...orders].sort((a, b) => a - b));
        }
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it("a token brings back what was put in, and not when a character was altered", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
    const job = fc.dictionary(fc.constantFrom("id", "name", "exportId"), text);
    fc.assert(
      fc.property(text, job, fc.nat(), fc.nat(), (name, reference, place, character) => {
        const whole = {
          vendor: "acme",
          workflow: name,
          account: "a1",
          job: reference,
          createdAt: 1_767_225_600_000,
        };
        const token = encodeToken(whole);
        expect(decodeToken(token, "acme", "a1")).toEqual(whole);
        const at = place % token.length;
        const other = "abcXYZ019-_."[character % 12] ?? "";
        if (token[at] === other) return;
        const altered = token.slice(0, at) + other + token.slice(at + 1);
        expect(() => decodeToken(altered, "acme", "a1")).toThrow("cannot resume");
      }),
    );
  });
});

/** Lives through a world, and looks that nothing is wrong with it. */
async function live(world: World): Promise<void> {
  const clock = new FakeClock();
  clock.random = () => world.jitter;
  const out: unknown[] = [];
  const vendor = watchedVendor(clock, world);
  const setup = fakeVendor(
    { create: vendor.creates, status: vendor.polls, cancel: vendor.cancels },
    {
      clock,
      rateLimit: world.limited ? { quotas: [QUOTA], maxConcurrent: 3 } : false,
      onEvent: (event) => out.push(event),
    },
  );
  const begun = setup.client.start(world.findable ? findable : workflow, { name: "Active" }).then(
    (job) => job,
    (error: unknown) => void out.push(error),
  );
  const job = await clock.settle(begun, DAY_SECONDS);
  vendor.follow();
  const listeners: (() => number)[] = [];
  const acts = (job ? world.acts : []).map(async (act) => {
    await sleep(clock, act.atMs);
    const { signal, abort } = stopAfter(clock, act.abortAfterMs);
    listeners.push(countListeners(signal));
    await perform(job as ExportJob, act, signal) // there are acts only where there is a job
      .then(
        (value) => out.push(value),
        (error) => out.push(error),
      )
      .finally(abort);
  });
  await clock.settle(Promise.all(acts), DAY_SECONDS);
  await clock.advance(60); // a cancel that nobody waits for ends by itself
  const sent = setup.requests.length;
  await clock.advance(DAY_SECONDS);

  expect(vendor.wrong).toEqual([]);
  expect(setup.requests).toHaveLength(sent);
  expect(clock.pending).toBe(0);
  expect(listeners.map((count) => count())).toEqual(listeners.map(() => 0));
  if (world.limited) {
    const times = setup.requests.map(({ at }) => at * 1000);
    for (const at of times)
      expect(
        times.filter((time) => time >= at && time < at + QUOTA.windowMs - 1e-6).length,
      ).toBeLessThanOrEqual(QUOTA.quota);
  }
  out.push(job?.token, job?.snapshot);
  const texts = out.map((entry) => `${JSON.stringify(entry)} ${entry instanceof Error ? entry.message : ""}`);
  expect(texts.filter((text) => text.includes(SECRET))).toEqual([]);
}

/** Does what somebody does with a job. */
async function perform(job: ExportJob, act: Act, signal: AbortSignal): Promise<unknown> {
  const {
    kind,
    timeoutMs = Number.POSITIVE_INFINITY,
    everyMs,
    failuresMs = 600_000,
    onAbort,
    onTimeout,
  } = act;
  const options = { signal, timeoutMs, tolerance: { failuresMs }, onAbort, onTimeout };
  const scheduled = everyMs === undefined ? options : { ...options, schedule: () => everyMs };
  if (kind === "wait") return job.wait(scheduled);
  if (kind === "refresh") return job.refresh({ signal });
  if (kind === "cancel") return job.cancel({ signal });
  const events = [];
  for await (const event of job.events(scheduled)) {
    events.push(event);
    if (kind === "leave" && events.length === 3) break;
  }
  return events;
}

/** The scripts of a world, each request of which is watched. */
function watchedVendor(clock: FakeClock, world: World) {
  let mayExist = false;
  let polling = 0;
  let floorAt = 0;
  let following = false;
  /** What was wrong. An error thrown in here would pass for one of the network. */
  const wrong: string[] = [];

  /** Answers after a while, if the request is not cut before. */
  const late = async ({ scripted, latencyMs }: Answer, signal: AbortSignal | undefined) => {
    await sleep(clock, latencyMs, signal);
    if (scripted === "hang") await sleep(clock, 2 ** 40, signal);
    return scripted;
  };
  const create = (answer: Answer): Scripted => {
    return ({ signal }) => {
      if (mayExist) wrong.push("a create after one that may have been taken");
      mayExist = !wasRefused(answer);
      return late(answer, signal);
    };
  };
  const poll = (answer: Answer): Scripted => {
    return async ({ signal }) => {
      if (clock.now() < floorAt) wrong.push(`a poll ${floorAt - clock.now()} ms too early`);
      if (++polling > 1) wrong.push("two polls at once");
      const scripted = await late(answer, signal).finally(() => polling--);
      if (following) floorAt = clock.now() + answer.floorMs;
      return scripted;
    };
  };
  return {
    wrong,
    /** From now on polls are those of the job, not those that look for a lost one. */
    follow() {
      following = true;
    },
    creates: world.creates.map(create),
    polls: [...world.polls, world.last].map(poll),
    cancels: world.cancels.map(
      (answer): Scripted =>
        ({ signal }) =>
          late(answer, signal),
    ),
  };
}

/** Whether it is certain that a create was not taken. */
function wasRefused({ scripted }: Answer): boolean {
  if (typeof scripted !== "object") return false;
  return "fail" in scripted
    ? scripted.fail === "refused"
    : [429, 503].includes((scripted as { status: number }).status); // no function, no hang
}

/** A signal that is aborted after some time, and what keeps it from being so. */
function stopAfter(clock: FakeClock, ms: number | undefined): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  const timer = ms === undefined ? undefined : clock.setTimeout(() => controller.abort("aborted"), ms);
  return { signal: controller.signal, abort: () => clock.clearTimeout(timer) };
}
