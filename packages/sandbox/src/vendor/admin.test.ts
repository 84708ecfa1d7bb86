import { expect, test } from "vitest";
import { testSandbox } from "../testing/vendors.js";

const anonymous = true;

test("jobs, faults and requests are controlled over HTTP", async () => {
  const { call, json, sandbox } = testSandbox();
  expect(
    (await call("carma", "/_sandbox/jobs", { anonymous, body: { polls: 0, sizeBytes: 5000 } })).status,
  ).toBe(204);
  expect(
    (
      await call("carma", "/_sandbox/faults", {
        anonymous,
        body: { kind: "error", status: 500, on: "start" },
      })
    ).status,
  ).toBe(204);
  const start = { body: { exportType: "OPENS", period: "TODAY" } };
  expect((await call("carma", "/rest/0/batches/exports/statistics", start)).status).toBe(500);
  expect((await call("carma", "/rest/0/batches/exports/statistics", start)).status).toBe(200);

  const { jobs } = (await json("carma", "/_sandbox/jobs", { anonymous })).body;
  expect(jobs).toMatchObject([
    {
      id: "101112",
      workflow: "exportStatistics",
      state: "succeeded",
      polls: 0,
      file: { mediaType: "application/json" },
    },
  ]);
  const file = await call("carma", "/_sandbox/jobs/101112/file", { anonymous });
  expect((await file.arrayBuffer()).byteLength).toBe(jobs[0].file.sizeBytes);

  expect(
    (await call("carma", "/_sandbox/jobs", { anonymous, body: { job: "101112", outcome: "failed" } })).status,
  ).toBe(204);
  expect(sandbox.vendor("carma").jobs()).toMatchObject([{ state: "failed" }]);

  const { requests, maxima } = (await json("carma", "/_sandbox/requests", { anonymous })).body;
  expect(requests.map(({ method, path, status }: Record<string, unknown>) => [method, path, status])).toEqual(
    [
      ["POST", "/batches/exports/statistics", 500],
      ["POST", "/batches/exports/statistics", 200],
    ],
  );
  expect(JSON.stringify(requests)).not.toContain("sandbox-token");
  expect(maxima.concurrent).toBe(1);

  expect((await call("carma", "/_sandbox/reset", { anonymous, method: "POST" })).status).toBe(204);
  expect((await json("carma", "/_sandbox/jobs", { anonymous })).body).toEqual({ jobs: [] });
});

test("an invalid body is refused with the reason", async () => {
  const { json } = testSandbox();
  expect(await json("carma", "/_sandbox/faults", { anonymous, body: { kind: "boom" } })).toEqual({
    status: 400,
    body: { error: "body/kind must be equal to one of the allowed values" },
  });
  expect((await json("carma", "/_sandbox/faults", { anonymous, body: "{" })).status).toBe(400);
  expect((await json("carma", "/_sandbox/jobs", { anonymous, body: { pols: 1 } })).status).toBe(400);
  expect(await json("carma", "/_sandbox/jobs/9/file", { anonymous })).toEqual({
    status: 404,
    body: { error: "carma has no export 9" },
  });
  expect((await json("carma", "/_sandbox/nothing", { anonymous })).status).toBe(404);
  expect((await json("carma", "/_sandbox", { anonymous })).body).toMatchObject({
    vendor: "carma",
    credentials: { token: "sandbox-token" },
  });
});
