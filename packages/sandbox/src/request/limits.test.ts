import { expect, test } from "vitest";
import type { VendorSpec } from "../spec/vendor-spec.js";
import { testSandbox, yamlSpecs } from "../testing/vendors.js";

test("requests are counted, but limits are not enforced by default", async () => {
  const { call, sandbox } = testSandbox();
  for (let request = 0; request < 12; request++)
    expect((await call("ocamba", "/v1/hood/exports")).status).toBe(200);
  expect(sandbox.vendor("ocamba").maxima()).toEqual({ concurrent: 1, windows: { burst: 12, steady: 12 } });
});

test("one request too many gets the documented 429, with Retry-After if it is documented", async () => {
  const { call, pass } = testSandbox({ enforceLimits: true });
  for (let request = 0; request < 10; request++) await call("ocamba", "/v1/hood/exports");
  pass(400);
  const refused = await call("ocamba", "/v1/hood/exports");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
  pass(600);
  const allowed = await call("ocamba", "/v1/hood/exports");
  expect([
    allowed.status,
    allowed.headers.get("x-ratelimit-limit"),
    allowed.headers.get("x-ratelimit-remaining"),
  ]).toEqual([200, "10", "9"]);
});

test("a request is open until its body has been read", async () => {
  const { call, sandbox } = testSandbox({ enforceLimits: true, jobs: { polls: 0 } });
  await call("ongage", "/api/export", { body: sandbox.vendor("ongage").examples["exportContacts"] });
  const open: Response[] = [];
  for (let request = 0; request < 10; request++) open.push(await call("ongage", "/api/export/5002/retrieve"));
  expect((await call("ongage", "/api/lists")).status).toBe(429);
  await open[0]?.body?.cancel();
  await open[1]?.arrayBuffer();
  expect((await call("ongage", "/api/lists")).status).toBe(200);
  expect(sandbox.vendor("ongage").maxima().concurrent).toBe(11);
});

test("an operation has limits of its own, beside the account's: its 429 says when the next slot is free", async () => {
  const spec = structuredClone(yamlSpecs["ocamba"]) as VendorSpec;
  const { get } = (spec.openapi as { paths: Record<string, Record<string, Record<string, unknown>>> }).paths[
    "/v1/hood/exports"
  ] as Record<string, Record<string, unknown>>;
  Object.assign(get as object, { "x-ratelimit-policy": '"slow";q=1;w=60' });
  const { call, pass, sandbox } = testSandbox({ enforceLimits: true, specs: { ocamba: spec } });
  const statuses = async () => {
    const { status, headers } = await call("ocamba", "/v1/hood/exports");
    return [status, headers.get("retry-after")];
  };
  expect(await statuses()).toEqual([200, null]);
  pass(20_500);
  expect(await statuses()).toEqual([429, "40"]);
  expect((await call("ocamba", "/v1/hood/exports/1")).status).not.toBe(429);
  pass(39_500);
  expect(await statuses()).toEqual([200, null]);
  expect(Object.values(sandbox.vendor("ocamba").maxima().operations ?? {})).toEqual([{ slow: 2 }]);
});
