import { describe, expect, it } from "vitest";
import { countListeners, started } from "../testing/fake-run.js";
import { created, done, run } from "../testing/fake-vendor.js";
import { onAbort } from "./on-abort.js";

describe("listeners for an abort", () => {
  it("3.5 a thousand waits under one signal make Node warn of nothing", async () => {
    const warnings: Error[] = [];
    const collect = (warning: Error) => warnings.push(warning);
    process.on("warning", collect);
    const { clock, job } = await started({ create: [created()], status: [run, done] });
    const { signal } = new AbortController();
    await clock.settle(Promise.all(Array.from({ length: 1000 }, () => job.wait({ signal }))));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", collect);
    expect(warnings).toEqual([]);
  });

  it("are called once, in order, with the reason, and not after they were removed", () => {
    const controller = new AbortController();
    const calls: unknown[] = [];
    onAbort(controller.signal, (reason) => calls.push(["first", reason]));
    const remove = onAbort(controller.signal, () => calls.push("removed"));
    onAbort(controller.signal, (reason) => calls.push(["last", reason]));
    remove();
    remove();
    controller.abort("enough");
    expect(calls).toEqual([
      ["first", "enough"],
      ["last", "enough"],
    ]);
  });

  it("stand as one on the signal, and leave nothing there", () => {
    const { signal } = new AbortController();
    const count = countListeners(signal);
    const removers = Array.from({ length: 20 }, () => onAbort(signal, () => {}));
    expect(count()).toBe(1);
    for (const remove of removers) remove();
    expect(count()).toBe(0);
    onAbort(signal, () => {})();
    expect(count()).toBe(0);
  });
});
