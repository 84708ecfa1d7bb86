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
    body: { error: expect.stringMatching(/^the kind of a fault cannot be "boom"; there are error, /) },
  });
  expect(
    await json("carma", "/_sandbox/faults", { anonymous, body: { kind: "error", statsu: 429 } }),
  ).toEqual({
    status: 400,
    body: { error: 'a fault of the kind error: there is no option "statsu"; did you mean "status"?' },
  });
  expect(await json("carma", "/_sandbox/faults", { anonymous, body: { kind: "error", status: 42 } })).toEqual(
    { status: 400, body: { error: "body/status must be >= 200" } },
  );
  expect(await json("carma", "/_sandbox/jobs", { anonymous, body: { formta: "csv" } })).toEqual({
    status: 400,
    body: { error: 'body: there is no option "formta"; did you mean "format"?' },
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

test("faults are listed with how often they still apply, and removed, one or all", async () => {
  const { call, json } = testSandbox();
  const faults = async () => (await json("carma", "/_sandbox/faults", { anonymous })).body.faults;
  for (const body of [
    { kind: "error", status: 429, times: 2 },
    { kind: "hang", times: "always", on: "poll" },
  ])
    await call("carma", "/_sandbox/faults", { anonymous, body });
  await call("carma", "/rest/0/batches/exports/statistics", { body: {} });
  const [error, hang] = await faults();
  expect([error, hang]).toMatchObject([
    { fault: { kind: "error", status: 429 }, left: 1 },
    { fault: { kind: "hang" }, left: "always" },
  ]);
  const remove = (path: string) =>
    call("carma", `/_sandbox/faults${path}`, { anonymous, method: "DELETE" }).then(({ status }) => status);
  expect(await remove(`/${hang.id}`)).toBe(204);
  expect(await faults()).toEqual([error]);
  expect(await remove(`/${hang.id}`)).toBe(204);
  expect(await faults()).toEqual([error]);
  expect(await remove("")).toBe(204);
  expect(await faults()).toEqual([]);
});

const requests = { anonymous, method: "GET" };
test.each([
  ["a name that leads here by DNS", { host: "rebound.example:8080" }, 403],
  ["no name at all", { host: "a b" }, 403],
  ["another site's page", { origin: "https://evil.example" }, 403],
  ["a page without an origin", { origin: "null" }, 403],
  ["another site's image or form", { "sec-fetch-site": "cross-site" }, 403],
  ["a page on another port", { "sec-fetch-site": "same-site" }, 403],
  ["the address", { host: "127.0.0.1:8080" }, 200],
  ["the address of IPv6", { host: "[::1]:8080" }, 200],
  ["localhost", { host: "localhost" }, 200],
  ["a container's name", { host: "sandbox:8080" }, 200],
  ["the browser's address bar", { "sec-fetch-site": "none" }, 200],
  ["its own page", { origin: "http://vendor.test", "sec-fetch-site": "same-origin" }, 200],
])("4.10: control by %s", async (_, headers, status) => {
  const { call } = testSandbox();
  expect((await call("carma", "/_sandbox/jobs", { ...requests, headers })).status).toBe(status);
  const reset = { anonymous, method: "POST", headers };
  expect((await call("carma", "/_sandbox/reset", reset)).status).toBe(status === 200 ? 204 : status);
});

test("4.10: a body that is too long is refused, and not held", async () => {
  const { call } = testSandbox();
  const body = (bytes: number) => `{"kind":"html","body":"${"x".repeat(bytes)}"}`;
  const status = async (path: string, bytes: number) =>
    (await call("carma", path, { body: body(bytes) })).status;
  expect(await status("/_sandbox/faults", 2 ** 20 - 100)).toBe(204);
  expect(await status("/_sandbox/faults", 2 ** 20)).toBe(413);
  const { sandbox } = testSandbox();
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 65_536;
      if (sent > 1e9) controller.close();
      else controller.enqueue(new Uint8Array(65_536));
    },
  });
  const request = new Request("http://vendor.test/rest/0/batches/exports/statistics", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: endless,
    duplex: "half",
  } as RequestInit);
  expect((await sandbox.vendor("carma").handler(request)).status).toBeGreaterThanOrEqual(400);
  expect(sent).toBeLessThan(20_000_000);
});
