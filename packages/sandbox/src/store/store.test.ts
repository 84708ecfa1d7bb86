import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { testSandbox } from "../testing/vendors.js";

/** A sandbox with one file in its store. */
async function stored(sizeBytes = 10_000) {
  const tested = testSandbox({ jobs: { polls: 0, sizeBytes }, linkTtlMs: 60_000 });
  await tested.call("carma", "/rest/0/batches/exports/statistics", {
    body: { exportType: "OPENS", period: "TODAY" },
  });
  const link = await (await tested.call("carma", "/rest/0/batches/101112/result/url")).text();
  const get = (headers: Record<string, string> = {}, url = link, method = "GET") =>
    tested.sandbox.store.handler(new Request(url, { headers, method }));
  return { ...tested, link, get, carma: tested.sandbox.vendor("carma") };
}

test("a file has its length and an entity tag", async () => {
  const { get, carma } = await stored();
  const reply = await get();
  const bytes = new Uint8Array(await reply.arrayBuffer());
  const file = carma.fileOf("101112");
  expect(reply.headers.get("content-length")).toBe(String(bytes.length));
  expect([file.sizeBytes, file.etag]).toEqual([bytes.length, reply.headers.get("etag")]);
  const again = createHash("sha256");
  for (const chunk of file.chunks()) again.update(chunk);
  expect(again.digest("hex")).toBe(createHash("sha256").update(bytes).digest("hex"));
});

test.each([
  ["bytes=0-99", 0, 100],
  ["bytes=5000-", 5000, undefined],
  ["bytes=-10", -10, undefined],
  ["bytes=9000-999999", 9000, undefined],
])("%s is answered with that part", async (range, from, to) => {
  const { get } = await stored();
  const whole = new Uint8Array(await (await get()).arrayBuffer());
  const part = whole.slice(from, to);
  const reply = await get({ range });
  expect(reply.status).toBe(206);
  const first = from < 0 ? whole.length + from : from;
  expect(reply.headers.get("content-range")).toBe(
    `bytes ${first}-${first + part.length - 1}/${whole.length}`,
  );
  expect(reply.headers.get("content-length")).toBe(String(part.length));
  expect(new Uint8Array(await reply.arrayBuffer())).toEqual(part);
});

test.each(["bytes=5-2", "bytes=1-2,4-5", "lines=1-2", "bytes=-"])("%s is ignored", async (range) => {
  expect((await (await stored()).get({ range })).status).toBe(200);
});

test("a range after the end is a 416", async () => {
  const { get, carma } = await stored();
  const reply = await get({ range: "bytes=999999-" });
  expect([reply.status, reply.headers.get("content-range")]).toEqual([
    416,
    `bytes */${carma.fileOf("101112").sizeBytes}`,
  ]);
});

test("If-Range gives a part of the same file, and all of another one", async () => {
  const { get, carma } = await stored();
  const etag = (await get()).headers.get("etag") ?? "";
  expect((await get({ range: "bytes=10-", "if-range": etag })).status).toBe(206);
  carma.fault({ kind: "changedFile" });
  const changed = await get({ range: "bytes=10-", "if-range": etag });
  expect(changed.status).toBe(200);
  expect(changed.headers.get("etag")).not.toBe(etag);
});

test.each(["authorization", "cookie", "x-carma-authentication-token", "x_password", "x-api-key"])(
  "a request that carries %s as well is refused, as S3 refuses a second way to sign in",
  async (name) => {
    const { get } = await stored();
    const reply = await get({ [name]: "secret" });
    expect(reply.status).toBe(400);
    const text = await reply.text();
    expect(text).toContain("<Message>Only one auth mechanism allowed");
    expect(text).not.toContain("secret");
  },
);

test("expired, changed and unsigned links are refused", async () => {
  const { get, link, pass } = await stored();
  const changed = await get({}, link.replace(/Expires=\d+/, "Expires=9999999999"));
  expect([changed.status, await changed.text()]).toEqual([
    403,
    expect.stringContaining("SignatureDoesNotMatch"),
  ]);
  const bare = await get({}, link.replace(/\?.*/, ""));
  expect([bare.status, await bare.text()]).toEqual([403, expect.stringContaining("AccessDenied")]);
  pass(61_000);
  const late = await get();
  expect([late.status, await late.text()]).toEqual([403, expect.stringContaining("Request has expired")]);
});

test("a new link is valid after the old one has expired", async () => {
  const { get, call, pass } = await stored();
  pass(61_000);
  const fresh = await (await call("carma", "/rest/0/batches/101112/result/url")).text();
  expect((await get({}, fresh)).status).toBe(200);
});

test("a link expires on demand, once", async () => {
  const { get, carma } = await stored();
  carma.fault({ kind: "expiredLink" });
  expect([(await get()).status, (await get()).status]).toEqual([403, 200]);
});

test("faults of the file apply to the store: an error, a broken connection, a truncated part", async () => {
  const { get, carma } = await stored();
  carma.fault({ kind: "error", on: "file", status: 503, retryAfter: 2 });
  const refused = await get();
  expect([refused.status, refused.headers.get("retry-after"), refused.headers.get("content-type")]).toEqual([
    503,
    "2",
    "application/xml",
  ]);
  carma.fault({ kind: "truncatedBody", atByte: 5 });
  expect(await (await get({ range: "bytes=0-99" })).text()).toHaveLength(5);
  carma.fault({ kind: "cutConnection", atByte: 50 });
  await expect((await get()).text()).rejects.toThrow("broke the connection");
});

test("the vendor's log has the store's requests, with the names of their headers only", async () => {
  const { get, carma } = await stored();
  await get({ range: "bytes=0-4" });
  expect(carma.requests().at(-1)).toMatchObject({
    operation: "(store)",
    path: "(store)",
    headers: ["range"],
    query: ["Expires", "AWSAccessKeyId", "Signature"],
    job: "101112",
    status: 206,
  });
});

test("HEAD has the headers and no body, other methods are refused", async () => {
  const { get, link } = await stored();
  const head = await get({}, link, "HEAD");
  expect([head.status, head.headers.has("content-length"), await head.text()]).toEqual([200, true, ""]);
  expect((await get({}, link, "PUT")).status).toBe(405);
});
