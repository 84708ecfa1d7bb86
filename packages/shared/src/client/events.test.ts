import { channel, subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect, it } from "vitest";
import { startAndWait } from "../testing/fake-run.js";
import { done, run, status } from "../testing/fake-vendor.js";

it("tells the channels of Node of each request, each wait and what happens to each job", async () => {
  const requests: unknown[] = [];
  const jobs: unknown[] = [];
  const onRequest = (event: unknown) => requests.push(event);
  const onJob = (event: unknown) => jobs.push(event);
  subscribe("outhaul:request", onRequest);
  subscribe("outhaul:job", onJob);
  await startAndWait({ status: [run, status(503), done] });
  unsubscribe("outhaul:request", onRequest);
  unsubscribe("outhaul:job", onJob);
  expect(requests).toMatchObject([
    { kind: "create", status: 202 },
    ...[200, 503, 200].map((code) => ({ status: code })),
  ]);
  const job = { vendor: "acme", workflow: "exportThings", jobId: "j1" };
  expect(jobs).toMatchObject([
    ...[
      { ...job, type: "wait" },
      { ...job, type: "status" },
      { ...job, type: "wait" },
    ],
    ...[
      { ...job, type: "pollFailed", streak: 1 },
      { ...job, type: "wait", reason: "backoff" },
    ],
    ...[
      { ...job, type: "status" },
      { ...job, type: "end", snapshot: { state: "succeeded" } },
    ],
  ]);
});

it("leaves nobody subscribed, and tells nobody what nobody hears", async () => {
  await startAndWait({ status: [run, done] });
  expect(channel("outhaul:request").hasSubscribers).toBe(false);
  expect(channel("outhaul:job").hasSubscribers).toBe(false);
});

it("4.3 repeats no secret that a vendor gives for the id of a request, and no more of one than a line", async () => {
  const events: unknown[] = [];
  const id = { "x-request-id": `secret-token ${"x".repeat(5000)}` };
  await startAndWait({ status: [status(503, id), done] }, {}, { onEvent: (event) => events.push(event) });
  const ids = events.flatMap((event) => (event as { requestId?: string }).requestId ?? []);
  expect(ids).toEqual([expect.stringMatching(/^\*\*\* x+…$/)]);
});
