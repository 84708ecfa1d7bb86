import { describe, expect, it } from "vitest";
import { ApiError } from "../errors/request-errors.js";
import { JobCancelledError, JobFailedError, UnknownStatusError } from "../record/errors.js";
import { settled, startAndWait, started, take } from "../testing/fake-run.js";
import { base, done, fakeVendor, findable, run, state, status } from "../testing/fake-vendor.js";

describe("B. loop and end states", () => {
  it("25. a job that has ended is not asked about again", async () => {
    const { job, seen, clock } = await startAndWait({ status: [done] });
    await clock.settle(job.wait());
    expect((await clock.settle(take(job, 9))).map(({ type }) => type)).toEqual(["created", "status", "end"]);
    expect(seen()).toBe("C@0 S@10");
  });

  it("26. three waits share one loop", async () => {
    const { job, ...setup } = await started({ status: [run, run, done] });
    await setup.clock.settle(Promise.all([job.wait(base), job.wait(base), job.wait(base)]));
    expect(setup.seen()).toBe("C@0 S@10 S@20 S@30");
  });

  it("27. aborting one of three waits ends that one only", async () => {
    const { job, ...setup } = await started({ status: [run, run, done] });
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

  it.each([
    [
      "a message",
      { code: "E42", message: "Export failed.", innererror: { message: "disk full." } },
      "E42: disk full",
    ],
    ["an error within errors", { error: { details: [{ reason: "no rows" }] }, code: 7 }, "7: no rows"],
    ["a code alone", { code: "E42" }, "code E42"],
    ["a message with its code", { code: "E42", message: "E42 disk full ..." }, "E42 disk full"],
    ["a loop of causes", loop(), "again"],
  ])("28. the code and the deepest message of %s", async (_, reason, text) => {
    const { error, job } = await startAndWait({ status: [state("failed", { reason })] });
    expect((error as Error).message).toBe(
      `acme: exportThings j1 failed at the vendor (failed): ${text}. Start a new export`,
    );
    expect(job.snapshot.error?.message).toBeDefined();
  });

  it("32. an unknown word is reported and waited out", async () => {
    const { job, ...setup } = await started({ status: [state("EXPIRED"), state("EXPIRED"), done] });
    const events = await setup.clock.settle(take(job, 9));
    expect(events.map(({ type }) => type)).toEqual(["created", "unknown", "poll", "status", "end"]);
    expect(events[1]).toMatchObject({ rawStatus: "EXPIRED" });
    expect(setup.seen()).toBe("C@0 S@10 S@20 S@30");
  });

  it("an unknown word for a quarter of an hour ends the wait with a token", async () => {
    const { error, job } = await startAndWait({ status: [state("SNOOZING")] });
    expect(error).toBeInstanceOf(UnknownStatusError);
    expect(error).toMatchObject({ rawStatus: "SNOOZING", token: job.token });
  });

  it.each([
    [7, "number"],
    [null, "null"],
    [{ word: "done" }, "object"],
  ])("35. a status of %j is told by its type", async (word, type) => {
    const { job, ...setup } = await started({ status: [state(word), done] });
    const events = await setup.clock.settle(take(job, 9));
    const failed = events.find((event) => event.type === "pollFailed");
    expect(failed?.error.message).toBe(
      `acme: exportThings j1: GET /exports/{id} answered 200 with a status of type ${type}; there is id, status`,
    );
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

/** An error that is its own cause, as far as JSON can tell it. */
function loop(depth = 20): object {
  return depth === 0 ? { message: "end" } : { message: "again", cause: loop(depth - 1) };
}
