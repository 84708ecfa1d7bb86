import { createWriteStream } from "node:fs";
import { describe, expect, it } from "vitest";
import { cleanupStale } from "../download/cleanup.js";
import { download, downloadTo } from "../download/download.js";
import { fakeVendor, run } from "../testing/fake-vendor.js";
import { testFolder } from "../testing/folder.js";
import { checkTarget } from "./check-target.js";

const any = (options: object) => options as never; // what a compiler would refuse

/** A job that never ends, and the requests for it. */
async function liveJob() {
  const vendor = fakeVendor({ status: [run] });
  const start = vendor.client.start;
  const { workflow } = await import("../testing/fake-vendor.js");
  const job = await start(workflow, {});
  return { ...vendor, job };
}

describe("5.8 an option that does not exist is refused with the nearest name, before anything is sent", () => {
  it.each([
    ["createAcme", { basUrl: "https://a.test" }, "baseUrl"],
    ["createAcme", { onevent: () => {} }, "onEvent"],
    ["createAcme", { tokn: "x" }, "token"],
    ["createAcme", { spcae: "x" }, "space"],
  ])("by %s: %j", (where, options, name) => {
    expect(() => fakeVendor({}, any(options))).toThrow(new RegExp(`${where}.*did you mean "${name}"`));
  });

  it("by the start of an export", async () => {
    const { client, seen } = fakeVendor({});
    const { workflow } = await import("../testing/fake-vendor.js");
    await expect(client.start(workflow, {}, any({ visibility: 5 }))).rejects.toThrow(
      'acme: exportThings: there is no option "visibility"; did you mean "visibilityMs"?',
    );
    expect(seen()).toBe("");
  });

  it.each([
    ["wait", { timeout: 3 }, '"timeout"; did you mean "timeoutMs"'],
    ["wait", { overwrite: "replace" }, '"overwrite"; there are signal, timeoutMs'],
    ["events", { shedule: () => 1 }, '"shedule"; did you mean "schedule"'],
    ["refresh", { sgnal: 5 }, '"sgnal"; did you mean "signal"'],
    ["cancel", { signl: 5 }, '"signl"; did you mean "signal"'],
    ["download", { timeout: 3 }, '"timeout"; did you mean "timeoutMs" or "timeouts"'],
    ["download", { overwrite: "replace" }, 'there is no option "overwrite"'],
  ] as const)("by job.%s: %j, with the job's token", async (method, options, words) => {
    const { job, seen } = await liveJob();
    const before = seen();
    const call = async () => {
      const result = job[method](any(options));
      if (Symbol.asyncIterator in result) for await (const _ of result);
      await result;
    };
    const error = await call().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: expect.stringContaining(words), token: job.token });
    expect(seen()).toBe(before);
  });

  it.each([
    [{ overwrite: true }, 'job.save: the option "overwrite" must be one of "error","replace","rename"'],
    [{ onTimeout: "stop" }, 'job.save: the option "onTimeout" must be one of "detach","cancel"'],
    [{ schedule: 5 }, 'job.save: the option "schedule" must be a function'],
    [{ retry: { times: 3 } }, 'job.save: retry: there is no option "times"; there are attempts'],
    [
      { tolerance: { failures: 3 } },
      'job.save: tolerance: there is no option "failures"; did you mean "failuresMs"',
    ],
  ])("by job.save: %j", async (options, message) => {
    const { job, seen } = await liveJob();
    const before = seen();
    await expect(job.save("out.csv", any(options))).rejects.toThrow(message);
    expect(seen()).toBe(before);
  });

  it("by job.save() without a target, and by one that is a stream of Node", async () => {
    const { job } = await liveJob();
    await expect((job.save as () => Promise<unknown>)()).rejects.toThrow("it is missing");
    const stream = createWriteStream("/dev/null");
    await expect(job.save(any(stream))).rejects.toThrow("give a stream of Node as Writable.toWeb(stream)");
    stream.destroy();
  });

  it("by download, downloadTo, checkTarget and cleanupStale", async () => {
    const url = "http://127.0.0.1:1/";
    await expect(download(url, any({ header: {} }))).rejects.toThrow('did you mean "headers"');
    await expect(downloadTo(url, "x", any({ overwrite: true }))).rejects.toThrow('"overwrite" must be');
    await expect(checkTarget("x", any({ overwrite: true }))).rejects.toThrow('"overwrite" must be');
    await expect(cleanupStale("x", any({ olderThan: 5 }))).rejects.toThrow('did you mean "olderThanMs"');
    await expect(checkTarget((await testFolder()).file("x"), any({ timeoutMs: 5 }))).resolves.toBeUndefined();
  });
});

describe("5.7 an option that may be undefined", () => {
  it("compiles under exactOptionalPropertyTypes, and is as good as none", async () => {
    const maybe: { signal: AbortSignal | undefined; timeoutMs: number | undefined } = {
      signal: undefined,
      timeoutMs: undefined,
    };
    const { client, clock } = fakeVendor({});
    const { workflow } = await import("../testing/fake-vendor.js");
    const { signal } = maybe;
    const job = await client.start(workflow, {}, { signal, visibilityMs: undefined });
    await clock.settle(job.refresh({ signal }));
    expect(await job.wait({ ...maybe, tolerance: { failuresMs: undefined } })).toMatchObject({
      state: "succeeded",
    });
  });
});
