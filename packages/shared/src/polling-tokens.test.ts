import { describe, expect, it } from "vitest";
import { startAndWait } from "./fake-run.js";
import { base, done, fakeVendor, run, state, workflow } from "./fake-vendor.js";
import { ResumeTokenError } from "./job-errors.js";
import type { ExportJob } from "./job-types.js";

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
