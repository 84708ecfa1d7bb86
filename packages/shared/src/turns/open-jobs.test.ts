import { describe, expect, it } from "vitest";
import type { ClientEvent, TimedStartOptions } from "../client/options.js";
import { settled } from "../testing/fake-run.js";
import {
  base,
  created,
  done,
  fakeVendor,
  run,
  type Script,
  state,
  status,
  workflow,
} from "../testing/fake-vendor.js";
import { openJobs } from "./open-jobs.js";

/** A vendor that allows so many jobs at once. */
function vendor(script: Script, max = 1, options: { rateLimit?: false } = {}) {
  const events: ClientEvent[] = [];
  let count = 0;
  const setup = fakeVendor(
    { create: [() => created(`j${++count}`)], ...script },
    { rateLimit: {}, openJobs: openJobs(max), onEvent: (event) => events.push(event), ...options },
  );
  const start = (timed: TimedStartOptions = {}) => setup.client.start(workflow, {}, timed);
  const turns = () => events.flatMap((event) => (event.type === "turn" ? [event] : []));
  return { ...setup, start, turns };
}

describe("jobs that may be open at once", () => {
  it("lets starts wait for their turn, in order, and asks for the open job that nobody else waits for", async () => {
    const { clock, start, requests } = vendor({ status: [run, run, done, run, done] });
    const jobs = [start(), start(), start()];
    await clock.settle(Promise.all(jobs));
    expect(requests.map(({ kind, url }) => `${kind}${/j\d/.exec(url)?.[0] ?? ""}`).join(" ")).toBe(
      "C Sj1 Sj1 Sj1 C Sj2 Sj2 C",
    );
    expect((await Promise.all(jobs)).map(({ id }) => id)).toEqual(["j1", "j2", "j3"]);
    expect(clock.pending).toBe(0);
  });

  it("shares the polls of those who wait for the open job anyway", async () => {
    const { clock, start, seen } = vendor({ status: [run, run, done] });
    const first = await clock.settle(start());
    const waiting = first.wait(base);
    await clock.settle(Promise.all([start(), waiting]));
    expect(seen()).toBe("C@0 S@1 S@2 S@3 C@3");
  });

  it("counts up to the vendor's number", async () => {
    const { clock, start, seen } = vendor({ status: [run, done] }, 2);
    await clock.settle(Promise.all([start(), start()]));
    expect(seen()).toBe("C@0 C@0");
    await clock.settle(start());
    expect(seen()).toBe("C@0 C@0 S@1 S@1 C@1");
  });

  it.each([
    ["succeeded", done],
    ["failed", state("failed")],
    ["cancelled", state("cancelled")],
    ["expired", status(410)],
    ["is gone", status(404)],
  ])("a job that %s leaves its place", async (_, reply) => {
    const { clock, start } = vendor({ status: [run, reply] });
    await clock.settle(start());
    expect((await clock.settle(start())).id).toBe("j2");
  });

  it("a job whose wait was given up is open at the vendor all the same", async () => {
    const { clock, start, seen } = vendor({ status: [run, run, run, run, done] });
    const first = await clock.settle(start());
    await clock.settle(first.wait({ timeoutMs: 2000, schedule: () => 1000 }).catch(() => {}));
    const controller = new AbortController();
    const aborted = first.wait({ signal: controller.signal });
    controller.abort("no more");
    await expect(aborted).rejects.toBe("no more");
    const sent = seen();
    const second = await clock.settle(start());
    expect([second.id, seen().startsWith(`${sent} S@`)]).toEqual(["j2", true]);
  });

  it("a job that is resumed has a place, also when it is resumed twice", async () => {
    const { clock, client, start, seen } = vendor({ status: [run, done] }, 2);
    const elsewhere = fakeVendor({ create: [created("j9")] });
    const { token } = await elsewhere.clock.settle(elsewhere.client.start(workflow, {}));
    client.resume(token);
    client.resume(token);
    await clock.settle(start());
    expect(seen()).toBe("C@0");
    await clock.settle(start());
    expect(seen()).toMatch(/^C@0 S@0 .*C@/);
  });

  it("a start that is refused, or whose reply is lost, leaves its place", async () => {
    const script = { create: [status(400), { fail: "reset" } as const, created("j3")], status: [run] };
    const { clock, start } = vendor(script);
    await expect(clock.settle(start())).rejects.toMatchObject({ code: "API_ERROR" });
    await expect(clock.settle(start())).rejects.toMatchObject({ code: "CREATE_AMBIGUOUS" });
    expect((await clock.settle(start())).id).toBe("j3");
  });

  it("a job of which nothing can be learned is left to the vendor's own count", async () => {
    const { clock, start } = vendor({ status: [status(403)] });
    await clock.settle(start());
    expect((await clock.settle(start())).id).toBe("j2");
  });

  it("what another process holds is waited out where the vendor says so", async () => {
    const { clock, start, seen } = vendor({ create: [status(429, { "retry-after": "20" }), created()] });
    await clock.settle(start());
    expect(seen()).toBe("C@0 C@20");
  });

  it("tells of the wait when it begins, and every minute", async () => {
    const { clock, start, turns } = vendor({ status: [run] });
    await clock.settle(start());
    const controller = new AbortController();
    const second = start({ signal: controller.signal });
    second.catch(() => {});
    await clock.advance(150);
    expect(turns()).toEqual(
      Array(3).fill({ type: "turn", vendor: "acme", workflow: "exportThings", openJobs: 1, maxOpenJobs: 1 }),
    );
    controller.abort("enough");
    await expect(second).rejects.toBe("enough");
    expect(clock.pending).toBe(0);
  });

  it("a start whose turn does not come in its time says which jobs are open", async () => {
    const setup = vendor({ status: [run] });
    await setup.clock.settle(setup.start());
    const third = settled(setup, setup.start({ timeoutMs: 90_000 }));
    const { error, at } = await third;
    expect(at).toBe(90);
    expect(error).toMatchObject({
      code: "TIMEOUT",
      message:
        'acme: exportThings was not started within its time: the vendor allows one open job at once, and there is exportThings j1. Start it later, or give it a longer "timeoutMs"',
    });
    expect(setup.seen()).not.toContain(" C@");
    expect(setup.clock.pending).toBe(0);
  });

  it("an abort of one start lets the next have its turn", async () => {
    const { clock, start } = vendor({ status: [run, run, run, run, done] });
    await clock.settle(start());
    const controller = new AbortController();
    const second = start({ signal: controller.signal });
    const third = start();
    await clock.advance(2);
    controller.abort("enough");
    await expect(second).rejects.toBe("enough");
    expect((await clock.settle(third)).id).toBe("j2");
  });

  it("`rateLimit: false` turns it off, too", async () => {
    const { clock, start, seen } = vendor({}, 1, { rateLimit: false });
    await clock.settle(Promise.all([start(), start()]));
    expect(seen()).toBe("C@0 C@0");
  });
});
