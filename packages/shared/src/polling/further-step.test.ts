import { expect, it } from "vitest";
import { createClient } from "../client.js";
import { FakeClock } from "../testing/fake-clock.js";
import { type Body, definition, workflow } from "../testing/fake-vendor.js";
import type { Workflow } from "../workflow/workflow.js";
import { furtherStep } from "./further-step.js";

const twoSteps: Workflow<{ name?: string }, Body> = {
  ...workflow,
  further: furtherStep<Body>({
    operation: { id: "enqueue", method: "POST", path: "/exports/{id}/enqueue" },
    request: ({ id }) => ({ path: { id } }),
    accepted: (reply) => reply.status === 200,
    isDue: (reply) => reply.body?.status === "created",
  }),
  poll: {
    ...workflow.poll,
    states: [["queued", (reply) => reply.body?.status === "created"], ...workflow.poll.states],
  },
};

/** A vendor whose jobs begin when they are enqueued, which takes a while. */
function vendor(enqueueMs: number, lose = false) {
  const clock = new FakeClock();
  const sent: string[] = [];
  let isEnqueued = false;
  const fetch: typeof globalThis.fetch = async (input) => {
    const path = new URL(String(input)).pathname;
    sent.push(`${path.split("/").at(-1)}@${clock.seconds}`);
    if (path.endsWith("/enqueue")) {
      await new Promise<void>((resolve) => clock.setTimeout(resolve, enqueueMs));
      isEnqueued = true;
      if (lose) throw new TypeError("fetch failed");
      return Response.json({});
    }
    if (path.endsWith("/exports")) return Response.json({ id: "j1" }, { status: 202 });
    return Response.json({ id: "j1", status: isEnqueued ? "done" : "created" });
  };
  const workflows = [twoSteps] as never;
  const options = { token: "t", clock, fetch, rateLimit: false };
  const client = createClient<Record<string, never>>({ ...definition, workflows }, options);
  return { clock, client, sent };
}

it("gives the token before the step is sent to its end, and a poll joins the request that is under way", async () => {
  const { clock, client, sent } = vendor(5000);
  const job = await client.start(twoSteps, {});
  expect([job.token.length > 0, sent]).toEqual([true, ["exports@0", "enqueue@0"]]);
  await clock.settle(job.wait({ schedule: () => 1000 }));
  expect(sent).toEqual(["exports@0", "enqueue@0", "j1@1", "j1@6"]);
  expect(clock.pending).toBe(0);
});

it("a job that was enqueued is not enqueued again when the reply was lost", async () => {
  const { clock, client, sent } = vendor(0, true);
  const job = await client.start(twoSteps, {});
  await clock.settle(job.wait({ schedule: () => 1000 }));
  expect(sent).toEqual(["exports@0", "enqueue@0", "j1@1"]);
});

it("a job that was resumed does the step only when its state says so", async () => {
  const first = vendor(0);
  const { token } = await first.clock.settle(first.client.start(twoSteps, {}));
  const { clock, client, sent } = vendor(100);
  const job = client.resume(token);
  await clock.flush();
  expect(sent).toEqual([]);
  await clock.settle(job.wait({ schedule: () => 1000 }));
  expect(sent).toEqual(["j1@0", "enqueue@0", "j1@1.1"]);
});

it("a wait that is aborted while the step is under way ends at once", async () => {
  const { clock, client } = vendor(5000);
  const job = await client.start(twoSteps, {});
  const controller = new AbortController();
  const waiting = job.wait({ schedule: () => 1000, signal: controller.signal });
  await clock.advance(2);
  controller.abort("enough");
  await expect(waiting).rejects.toBe("enough");
  expect((await clock.settle(job.wait({ schedule: () => 1000 }))).state).toBe("succeeded");
});
