import { describe, expect, it } from "vitest";
import { FakeClock } from "../testing/fake-clock.js";
import { createRateLimiter, type RequestKind } from "./rate-limiter.js";

const LIMITS = {
  quotas: [
    { quota: 10, windowMs: 1000 },
    { quota: 150, windowMs: 60_000 },
  ],
};

/** The most that were sent in any window of this length. */
function maximum(times: number[], windowMs: number): number {
  let start = 0;
  let most = 0;
  times.forEach((time, index) => {
    while (time - (times[start] ?? 0) >= windowMs) start++;
    most = Math.max(most, index - start + 1);
  });
  return most;
}

describe("rate limiter", () => {
  it("122. keeps both windows of a saturated account, and wastes nothing", async () => {
    const clock = new FakeClock();
    const limiter = createRateLimiter(LIMITS, clock);
    const times: number[] = [];
    for (let call = 0; call < 1000; call++) {
      Promise.resolve(limiter.acquire({ kind: "call" })).then((release) => {
        times.push(clock.now() - clock.origin);
        release();
      });
    }
    await clock.advance(299.999);
    expect(maximum(times, 1000)).toBe(10);
    expect(maximum(times, 60_000)).toBe(150);
    expect(times).toHaveLength(750);
  });

  it("leaves a fifth of the limit to creates, cancels, calls and downloads", async () => {
    const clock = new FakeClock();
    const limiter = createRateLimiter(LIMITS, clock);
    const sent: RequestKind[] = [];
    const ask = (kind: RequestKind) =>
      Promise.resolve(limiter.acquire({ kind })).then((release) => {
        sent.push(kind);
        release();
      });
    for (let poll = 0; poll < 400; poll++) ask("poll");
    await clock.advance(59);
    expect(sent).toHaveLength(120);
    ask("create");
    await clock.flush();
    expect(sent.at(-1)).toBe("create");
  });

  it("lets creates and calls pass polls that came before them", async () => {
    const clock = new FakeClock();
    const limiter = createRateLimiter({ quotas: [{ quota: 1, windowMs: 1000 }] }, clock);
    const sent: RequestKind[] = [];
    const kinds: RequestKind[] = ["call", "poll", "poll", "create", "call"];
    for (const kind of kinds) {
      Promise.resolve(limiter.acquire({ kind })).then((release) => {
        sent.push(kind);
        release();
      });
    }
    await clock.advance(10);
    expect(sent).toEqual(["call", "create", "call", "poll", "poll"]);
  });

  it("130. does not hang at exactly the limit of requests open at once", async () => {
    const clock = new FakeClock();
    const limiter = createRateLimiter({ maxConcurrent: 10 }, clock);
    const open = await Promise.all(Array.from({ length: 10 }, () => limiter.acquire({ kind: "call" })));
    let eleventh = false;
    Promise.resolve(limiter.acquire({ kind: "call" })).then(() => {
      eleventh = true;
    });
    await clock.flush();
    expect(eleventh).toBe(false);
    open[0]?.();
    await clock.flush();
    expect(eleventh).toBe(true);
  });

  it("frees the place of a request whose wait is aborted, and keeps no listener", async () => {
    const clock = new FakeClock();
    const limiter = createRateLimiter({ maxConcurrent: 1 }, clock);
    const release = await limiter.acquire({ kind: "call" });
    const controller = new AbortController();
    const waiting = limiter.acquire({ kind: "call", signal: controller.signal });
    controller.abort("no more");
    await expect(waiting).rejects.toBe("no more");
    release();
    expect(typeof limiter.acquire({ kind: "call" })).toBe("function");
  });

  it("a 429 without a usable Retry-After pauses the account for its longest window", async () => {
    const clock = new FakeClock();
    const limiter = createRateLimiter(LIMITS, clock);
    limiter.observe?.({ status: 429, headers: new Headers() });
    let sentAt = -1;
    Promise.resolve(limiter.acquire({ kind: "call" })).then(() => {
      sentAt = clock.seconds;
    });
    await clock.advance(100);
    expect(sentAt).toBe(60);
  });

  it("a 429 with Retry-After -1, the limit of requests open at once, pauses for a moment", async () => {
    const clock = new FakeClock();
    const limiter = createRateLimiter(LIMITS, clock);
    limiter.observe?.({ status: 429, headers: new Headers({ "retry-after": "-1" }) });
    let sentAt = -1;
    Promise.resolve(limiter.acquire({ kind: "call" })).then(() => {
      sentAt = clock.seconds;
    });
    await clock.advance(100);
    expect(sentAt).toBe(1);
  });
});
