import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OuthaulError } from "../errors/outhaul-error.js";
import type { ExportJob } from "../job/export-job.js";
import { createRateLimiter, type RequestKind } from "../limits/rate-limiter.js";
import { JobGoneError } from "../record/errors.js";
import { decodeToken, encodeToken } from "../record/resume-token.js";
import { FakeClock } from "../testing/fake-clock.js";
import { countListeners } from "../testing/fake-run.js";
import { fakeVendor, findable, type Scripted, workflow } from "../testing/fake-vendor.js";
import { type Act, type Answer, anyWorld, type Keys, SECRET, type World } from "../testing/fake-world.js";
import { sleep } from "../time/sleep.js";

/** More than any wait takes, whatever happens to it. */
const DAY_SECONDS = 86_400;
/** How long a vendor may not know its job. */
const GRACE_MS = 60_000;
/** More than any message needs, whatever it quotes. */
const MAX_MESSAGE = 2000;
const RUNS = Number(process.env["POLLING_RUNS"] ?? 100);
const QUOTA = { quota: 5, windowMs: 10_000 };

describe("whatever vendors and users do", () => {
  it(
    "no job is created twice, polled twice at once or too early; all settles, nothing is left, no secret comes out",
    async () => {
      await fc.assert(fc.asyncProperty(anyWorld, live), { numRuns: RUNS });
    },
    60_000 + RUNS * 100,
  );

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
      maxReplyBytes: 200_000,
      onEvent: (event) => out.push(event),
      ...(world.keys.length && { token: keysOf(clock, world.keys) }),
    },
  );
  const begun = setup.client.start(world.findable ? findable : workflow, { name: "Active" }).then(
    (job) => job,
    (error: unknown) => void out.push(error),
  );
  const job = await clock.settle(begun, DAY_SECONDS);
  const startedAt = clock.now();
  vendor.follow();
  if (job && !world.findable) expect(job.id).toBe(idOf(world.id));
  if (job) expect(setup.client.resume(job.token).id).toBe(job.id);
  const listeners: (() => number)[] = [];
  const acts = (job ? world.acts : []).map(async (act) => {
    await sleep(clock, act.atMs);
    if (act.kind === "sleep") return clock.sleepThrough((act.timeoutMs ?? 7_200_000) / 1000);
    const { signal, abort } = stopAfter(clock, act.abortAfterMs);
    listeners.push(countListeners(signal));
    await perform(job as ExportJob, act, signal) // there are acts only where there is a job
      .then(
        (value) => out.push(value),
        (error) => {
          out.push(error);
          const isLive = /^(queued|running|unknown)$/.test(job?.snapshot.state ?? "");
          if (error instanceof JobGoneError)
            expect(vendor.seen || clock.now() - startedAt >= GRACE_MS).toBe(true);
          else if (isLive && error !== "aborted") expect(error).toMatchObject({ token: job?.token });
        },
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
  if (job && !/\p{Cs}/u.test(job.id)) {
    const address = `https://api.acme.test/exports/${encodeURIComponent(job.id)}`;
    const asked = setup.requests.filter(({ kind }) => kind !== "C");
    expect(asked.map(({ url }) => url.replace(/\/cancel$/, "")).filter((url) => url !== address)).toEqual([]);
  }
  if (world.limited) {
    const times = setup.requests.map(({ at }) => at * 1000);
    for (const at of times)
      expect(
        times.filter((time) => time >= at && time < at + QUOTA.windowMs - 1e-6).length,
      ).toBeLessThanOrEqual(QUOTA.quota);
  }
  out.push(job?.token, job?.snapshot);
  const texts = out.map((entry) => `${JSON.stringify(entry)} ${inspect(entry, { depth: 20 })}`);
  expect(texts.filter((text) => text.includes(SECRET))).toEqual([]);
  const messages = out.flatMap((entry) => (entry instanceof OuthaulError ? [entry.message] : []));
  expect(messages.filter((text) => text.length > MAX_MESSAGE || /[\r\n]/.test(text))).toEqual([]);
}

/** The id that a job has, from the JSON of its vendor. */
function idOf(json: string): string {
  return json.startsWith('"') ? JSON.parse(json) : /^\d{16,}$/.test(json) ? json : String(Number(json));
}

/** A user's function that gives the credentials, but not always. */
function keysOf(clock: FakeClock, script: readonly Keys[]): () => string | Promise<string> {
  let asked = 0;
  return () => {
    const how = script[asked++] ?? "give";
    if (how === "throw") throw new Error("the vault is closed");
    if (how === "reject") return Promise.reject(new Error("the vault is closed"));
    return how === "late" ? sleep(clock, 3000).then(() => SECRET) : SECRET;
  };
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
  let seen = false;
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
      if (hasStatus(scripted, 200)) seen = true;
      // A 401 is answered at once, with new credentials.
      const isRenewed = world.keys.length > 0 && hasStatus(scripted, 401);
      if (following && !isRenewed) floorAt = clock.now() + answer.floorMs;
      return scripted;
    };
  };
  return {
    wrong,
    /** True if a reply has shown that the vendor knows the job. */
    get seen() {
      return seen;
    },
    /** From now on polls are those of the job, not those that look for a lost one. */
    follow() {
      following = true;
    },
    creates: world.creates.map(create),
    polls: [...world.polls, world.last].map(poll),
    cancels: world.cancels.map(
      (answer): Scripted =>
        async ({ signal }) => {
          const scripted = await late(answer, signal);
          if (hasStatus(scripted, 410)) seen = true;
          return scripted;
        },
    ),
  };
}

function hasStatus(scripted: Scripted, code: number): boolean {
  return typeof scripted === "object" && "status" in scripted && scripted.status === code;
}

/** Whether it is certain that a create was not taken. */
function wasRefused({ scripted }: Answer): boolean {
  if (typeof scripted !== "object") return false;
  return "fail" in scripted
    ? scripted.fail === "refused"
    : [401, 429, 503].includes((scripted as { status: number }).status); // no function, no hang
}

/** A signal that is aborted after some time, and what keeps it from being so. */
function stopAfter(clock: FakeClock, ms: number | undefined): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  const timer = ms === undefined ? undefined : clock.setTimeout(() => controller.abort("aborted"), ms);
  return { signal: controller.signal, abort: () => clock.clearTimeout(timer) };
}
