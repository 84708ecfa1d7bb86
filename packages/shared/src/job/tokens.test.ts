import { describe, expect, it } from "vitest";
import { JobFailedError, ResumeTokenError } from "../record/errors.js";
import { encodeToken, readToken } from "../record/resume-token.js";
import { startAndWait } from "../testing/fake-run.js";
import { base, done, fakeVendor, run, state, workflow } from "../testing/fake-vendor.js";
import type { ExportJob } from "./export-job.js";

describe("F. resume tokens", () => {
  it("103. a resumed job is polled, not created", async () => {
    const setup = fakeVendor({ status: [run, done] });
    const { token } = await setup.clock.settle(setup.client.start(workflow, {}));
    await setup.clock.settle(setup.client.resume(token).wait(base));
    expect(setup.seen()).toBe("C@0 S@0 S@10");
  });

  it("104. a token of a finished job is asked about once, at the vendor's address", async () => {
    const { client, clock, job, requests, seen } = await startAndWait({
      status: [state("done", { url: "https://files.test/j1?signature=abc" })],
    });
    const before = requests.length;
    const resumed = client.resume(job.token);
    expect((await clock.settle(resumed.wait())).state).toBe("succeeded");
    expect((await clock.settle(resumed.wait())).state).toBe("succeeded");
    expect(requests.slice(before).map(({ url }) => url)).toEqual(["https://api.acme.test/exports/j1"]);
    expect(seen()).toBe("C@0 S@10 S@10");
  });

  it("105. a resumed job that has failed rejects like the first time", async () => {
    const reason = { code: "E42", message: "no rows" };
    const { client, clock, job, error } = await startAndWait({ status: [state("failed", { reason })] });
    const again = await clock.settle(client.resume(job.token).wait()).catch((thrown: unknown) => thrown);
    expect(again).toBeInstanceOf(Error);
    expect(again).toBeInstanceOf(JobFailedError);
    expect((again as Error).message).toBe((error as Error).message);
    expect((again as JobFailedError).snapshot?.error).toEqual(reason);
  });

  it("107. a token is short and safe in a URL", async () => {
    const { job } = await startAndWait({});
    expect(job.token).toMatch(/^v1\.[\w-]+\.\w+$/);
    expect(job.token.length).toBeLessThan(1024);
  });

  it("says whose job it is for, without a client", async () => {
    const { job } = await startAndWait({});
    const { createdAt } = job.snapshot;
    expect(readToken(job.token)).toEqual({ vendor: "acme", workflow: job.workflow, id: job.id, createdAt });
    expect(() => readToken("nonsense")).toThrow(
      "cannot read the resume token: this is not a resume token; pass job.token, whole",
    );
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

  it("108. a token of another version or vendor is refused before any request", async () => {
    const { job, client, requests } = await startAndWait({});
    const before = requests.length;
    const ofVersion2 = job.token.replace(/^v1/, "v2");
    const ofOther = encodeToken({
      ...{ vendor: "umbrella", workflow: "exportThings", account: "", job: { id: "j1" }, createdAt: 0 },
    });
    for (const [token, why] of [
      [ofVersion2, "of version v2"],
      [ofOther, "another vendor's"],
      ["", "no resume token"],
      [`${job.token}x`, "altered or cut"],
      [undefined, "not a resume token"],
    ] as [string, string][]) {
      expect(() => client.resume(token)).toThrow(ResumeTokenError);
      expect(() => client.resume(token)).toThrow(why.replace("no resume", "not a resume"));
    }
    expect(requests).toHaveLength(before);
  });

  it("114. a token stays the same until the job's reference grows", async () => {
    const outputs = (reply: { body?: { name?: string } | undefined }) => ({ record: reply.body?.name });
    const growing = { ...workflow, poll: { ...workflow.poll, outputs } };
    const setup = fakeVendor({ status: [run, run, state("running", { name: "r7" }), done] });
    const job = await setup.clock.settle(setup.client.start(growing, {}));
    const tokens = [job.token];
    for (let poll = 0; poll < 4; poll++) {
      await setup.clock.settle(job.refresh());
      tokens.push(job.token);
    }
    expect(new Set(tokens).size).toBe(2);
    expect(tokens[2]).toBe(tokens[0]);
    expect(tokens[4]).toBe(tokens[3]);
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
