import { describe, expect, test } from "vitest";
import { ConnectionLostError } from "../index.js";
import { testSandbox } from "../testing/vendors.js";

const start = "/rest/0/batches/exports/statistics";
const body = { exportType: "OPENS", period: "TODAY" };
const batch = "/rest/0/batches/101112";
const quick = "/v1/hood/quick-reports/1/export";
const record = "/v1/hood/exports/1000001/download";

/** A sandbox in which Ocamba has a file ready. */
async function ready() {
  const tested = testSandbox({ jobs: { polls: 0, sizeBytes: 20_000 } });
  await tested.call("ocamba", quick, { body: { name: "a", fields: "email,sent" } });
  return { ...tested, ocamba: tested.sandbox.vendor("ocamba") };
}

describe("jobs", () => {
  test("the next job fails, with the vendor's own word and the reason", async () => {
    const { json, sandbox } = testSandbox({ jobs: { polls: 0 } });
    sandbox.fault({ vendor: "ocamba", kind: "outcome", failureReason: "Disk full" });
    for (const name of ["first", "second"]) await json("ocamba", quick, { body: { name } });
    const { items } = (await json("ocamba", "/v1/hood/exports")).body;
    expect(items).toMatchObject([
      { status: "ready" },
      { status: "failed", failure_reason: "Disk full", download_url: null },
    ]);
  });

  test.each(["failed", "cancelled"] as const)("a job that is there already is %s", async (outcome) => {
    const { json, sandbox } = testSandbox({ jobs: { polls: 0 } });
    await json("carma", start, { body });
    expect((await json("carma", batch)).body.status).toBe(" FINISHED");
    sandbox.vendor("carma").fault({ kind: "outcome", outcome, job: "101112" });
    expect((await json("carma", batch)).body.status).toBe(outcome === "failed" ? " ERROR" : " CANCELLED");
    expect((await json("carma", `${batch}/result/url`)).status).toBe(404);
  });

  test("a file that has expired is no longer there", async () => {
    const { json, sandbox } = testSandbox({ jobs: { polls: 0, outcome: "expired" } });
    const { id } = (
      await json("connhex", "/exports", { body: sandbox.vendor("connhex").examples["createExport"] })
    ).body;
    expect((await json("connhex", `/exports/${id}/status`)).body).toBe("expired");
    expect(await json("connhex", `/exports/${id}/download`)).toMatchObject({
      status: 404,
      body: { message: "Not found: the file has expired" },
    });
  });

  test("a job that fails at a vendor without a word for it never ends", async () => {
    const { json, sandbox } = testSandbox({ jobs: { polls: 0, outcome: "failed" } });
    await json("ongage", "/api/export", { body: sandbox.vendor("ongage").examples["exportContacts"] });
    for (let poll = 0; poll < 3; poll++)
      expect((await json("ongage", "/api/export/5002/retrieve")).status).toBe(412);
  });

  test.each([
    ["ocamba", quick, { name: "a" }, "/v1/hood/exports?q=a", { items: [{ status: "ODD" }] }],
    [
      "ongage",
      "/api/contact_activity",
      { title: "a" },
      "/api/contact_activity/90118",
      { payload: { status: "ODD" } },
    ],
    ["carma", start, body, batch, { status: "ODD", id: 101112 }],
  ])("%s answers a word that nobody knows", async (vendor, path, request, poll, expected) => {
    const { json, sandbox } = testSandbox({ jobs: { polls: 0 } });
    await json(vendor, path, { body: request });
    sandbox.vendor(vendor).fault({ kind: "unknownStatus", word: "ODD" });
    expect((await json(vendor, poll)).body).toMatchObject(expected);
    expect((await json(vendor, poll)).body).not.toMatchObject(expected);
  });

  test("a body that is nothing but the word is the unknown word", async () => {
    const { json, sandbox } = testSandbox();
    const { id } = (
      await json("connhex", "/exports", { body: sandbox.vendor("connhex").examples["createExport"] })
    ).body;
    sandbox.vendor("connhex").fault({ kind: "unknownStatus" });
    expect((await json("connhex", `/exports/${id}/status`)).body).toBe("NEWLY_INVENTED");
  });
});

describe("errors", () => {
  test("429 comes with and without Retry-After, in the vendor's shape", async () => {
    const { call, sandbox } = testSandbox();
    sandbox.vendor("ongage").fault({ kind: "error", status: 429, retryAfter: 7 });
    sandbox.vendor("ongage").fault({ kind: "error", status: 429 });
    const replies = [
      await call("ongage", "/api/lists"),
      await call("ongage", "/api/lists"),
      await call("ongage", "/api/lists"),
    ];
    expect(replies.map(({ status }) => status)).toEqual([429, 429, 200]);
    expect(replies.map(({ headers }) => headers.get("retry-after"))).toEqual(["7", null, null]);
    expect(await replies[0]?.json()).toMatchObject({ payload: { message: "Calls per minute exceeded" } });
  });

  test("500 comes n times in a row, after some requests, on one operation only", async () => {
    const { call, sandbox } = testSandbox();
    sandbox.vendor("ocamba").fault({ kind: "error", operation: "listExports", skip: 1, times: 2 });
    const statuses: number[] = [];
    for (let request = 0; request < 5; request++) {
      await call("ocamba", "/v2/ocamba/personal-api-keys/validate", { method: "POST" });
      statuses.push((await call("ocamba", "/v1/hood/exports")).status);
    }
    expect(statuses).toEqual([200, 500, 500, 200, 200]);
  });

  test("an error comes with the code 200, and with a named example", async () => {
    const { json, sandbox } = testSandbox();
    sandbox.vendor("ongage").fault({ kind: "error", status: 403, sendAs: 200 });
    expect(await json("ongage", "/api/lists")).toMatchObject({
      status: 200,
      body: { metadata: { error: true }, payload: { code: 403 } },
    });
    sandbox.vendor("ongage").fault({ kind: "error", status: 401, example: "invalid-key" });
    expect(await json("ongage", "/api/lists")).toEqual({ status: 401, body: { message: "Invalid API key" } });
  });

  test("a code that the vendor does not document has the vendor's shape", async () => {
    const { json, sandbox } = testSandbox();
    sandbox.vendor("ocamba").fault({ kind: "error", status: 503, message: "Back soon" });
    expect(await json("ocamba", "/v1/hood/exports")).toMatchObject({
      status: 503,
      body: { code: 503, title: "Back soon" },
    });
  });
});

describe("connections", () => {
  test("a reply to a create is lost, and the job is there", async () => {
    const { call, sandbox } = testSandbox();
    sandbox.vendor("ocamba").fault({ kind: "lostReply" });
    await expect(call("ocamba", quick, { body: { name: "a" } })).rejects.toBeInstanceOf(ConnectionLostError);
    expect(sandbox.vendor("ocamba").jobs()).toMatchObject([{ id: "a" }]);
    expect(sandbox.vendor("ocamba").requests()).toMatchObject([
      { operation: "startQuickReportExport", status: undefined, job: "a" },
    ]);
  });

  test("a request is dropped before anything is done", async () => {
    const { call, sandbox } = testSandbox();
    sandbox.vendor("ocamba").fault({ kind: "dropped" });
    await expect(call("ocamba", quick, { body: { name: "a" } })).rejects.toBeInstanceOf(ConnectionLostError);
    expect(sandbox.vendor("ocamba").jobs()).toEqual([]);
  });

  test("a body breaks off at the byte", async () => {
    const { call, ocamba } = await ready();
    ocamba.fault({ kind: "cutConnection", atByte: 1234 });
    const response = await call("ocamba", record);
    let length = 0;
    const reading = (async () => {
      for await (const chunk of response.body ?? []) length += chunk.length;
    })();
    await expect(reading).rejects.toBeInstanceOf(ConnectionLostError);
    expect(length).toBe(1234);
    expect((await (await call("ocamba", record)).arrayBuffer()).byteLength).toBe(
      ocamba.fileOf("1000001").sizeBytes,
    );
  });

  test("a body that breaks off may come slowly until then", async () => {
    const { call, ocamba, now } = await ready();
    ocamba.fault({ kind: "cutConnection", atByte: 4000, bytesPerSecond: 2000 });
    const before = now();
    await expect((await call("ocamba", record)).arrayBuffer()).rejects.toThrow();
    expect(now() - before).toBeCloseTo(2000, -2);
  });

  test("a body ends early without an error", async () => {
    const { call, ocamba } = await ready();
    ocamba.fault({ kind: "truncatedBody", atByte: 777 });
    expect((await (await call("ocamba", record)).arrayBuffer()).byteLength).toBe(777);
    ocamba.fault({ kind: "truncatedBody", on: "poll", atByte: 10 });
    expect(await (await call("ocamba", "/v1/hood/exports?q=a")).text()).toBe('{"total":1');
  });

  test("a body comes slowly", async () => {
    const { call, ocamba, now } = await ready();
    ocamba.fault({ kind: "slowBody", bytesPerSecond: 2000 });
    const before = now();
    const { byteLength } = await (await call("ocamba", record)).arrayBuffer();
    expect(byteLength).toBe(ocamba.fileOf("1000001").sizeBytes);
    expect(now() - before).toBeCloseTo((byteLength / 2000) * 1000, -1);
  });

  test("no reply comes until the caller gives up", async () => {
    const { sandbox } = testSandbox();
    sandbox.vendor("carma").fault({ kind: "hang" });
    const controller = new AbortController();
    const reply = sandbox
      .vendor("carma")
      .handler(new Request("http://x/rest/0/apiurl", { signal: controller.signal }));
    controller.abort();
    await expect(reply).rejects.toBeInstanceOf(ConnectionLostError);
  });
});

describe("bodies", () => {
  test("HTML comes in place of a file, and in place of a status", async () => {
    const { call, ocamba } = await ready();
    ocamba.fault({ kind: "html" });
    ocamba.fault({ kind: "html", on: "poll", body: "<p>Maintenance</p>" });
    const status = await call("ocamba", "/v1/hood/exports?q=a");
    expect([status.status, await status.text()]).toEqual([200, "<p>Maintenance</p>"]);
    const file = await call("ocamba", record);
    expect([file.status, file.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(await file.text()).toContain("<h1>Please sign in</h1>");
  });

  test("a fault on the file spares the polls that answer 412", async () => {
    const { call, sandbox } = testSandbox({ jobs: { polls: 1 } });
    await call("ongage", "/api/export", { body: sandbox.vendor("ongage").examples["exportContacts"] });
    sandbox.vendor("ongage").fault({ kind: "html" });
    const replies = [
      await call("ongage", "/api/export/5002/retrieve"),
      await call("ongage", "/api/export/5002/retrieve"),
    ];
    expect(replies.map(({ headers }) => headers.get("content-type"))).toEqual([
      "application/json",
      "text/html; charset=utf-8",
    ]);
  });

  test("headers are added, for one job only", async () => {
    const { call, ocamba } = await ready();
    await call("ocamba", quick, { body: { name: "b" } });
    ocamba.fault({
      kind: "headers",
      job: "1000002",
      headers: { "content-disposition": 'attachment; filename="../../x"' },
    });
    expect((await call("ocamba", record)).headers.has("content-disposition")).toBe(false);
    const other = await call("ocamba", record.replace("1000001", "1000002"));
    expect(other.headers.get("content-disposition")).toBe('attachment; filename="../../x"');
  });

  test("an expired file of a vendor without a store is an error of the vendor's", async () => {
    const { json, ocamba } = await ready();
    ocamba.fault({ kind: "expiredLink" });
    expect(await json("ocamba", record)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("expired") },
    });
  });
});
