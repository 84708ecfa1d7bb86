import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { specs as generated } from "../generated/index.js";
import { createSandbox } from "../index.js";
import { testSandbox, yamlSpecs } from "../testing/vendors.js";

const name = "Email campaigns of July";

test("a job that is found by its name runs until its record is ready, and its file has the fields that were asked for", async () => {
  const { json, call } = testSandbox({ jobs: { polls: 4 } });
  const request = { name: `${name} 7f3a`, out: "csv", fields: "email,sent" };
  const start = await json("ocamba", "/v1/hood/quick-reports/4711/export", { body: request });
  expect(start).toMatchObject({ status: 202, body: { name: "quick-report-export", status: "running" } });

  const words: unknown[] = [];
  for (let poll = 0; poll < 5; poll++) {
    const { body } = await json(
      "ocamba",
      `/v1/hood/exports?q=${encodeURIComponent(`${name} 7f3a`)}&q_fields=name`,
    );
    words.push(body.total === 0 ? "none" : body.items[0].status);
  }
  expect(words).toEqual(["none", "running", "running", "running", "ready"]);

  const { body } = await json("ocamba", "/v1/hood/exports?q=7f3a");
  expect(body.items[0]).toMatchObject({
    id: "1000001",
    name: `${name} 7f3a - 22.11.2026 08:00:35`,
    extension: "csv",
  });
  const file = await call("ocamba", "/v1/hood/exports/1000001/download");
  expect(file.headers.get("content-type")).toBe("text/csv");
  expect(file.headers.has("content-length")).toBe(false);
  expect((await file.text()).split("\n", 1)).toEqual(["email,sent"]);
});

test("a list shows the jobs that are there, the newest first, and counts them", async () => {
  const { json } = testSandbox({ jobs: { polls: 0 } });
  for (const each of ["one", "two"])
    await json("ocamba", "/v1/hood/quick-reports/1/export", { body: { name: each } });
  const { body } = await json("ocamba", "/v1/hood/exports");
  expect(body.total).toBe(2);
  expect(body.items.map((item: { name: string }) => item.name.slice(0, 3))).toEqual(["two", "one"]);
});

test("a poll that is the download answers 412 until the file is there", async () => {
  const { json, call, sandbox } = testSandbox({ jobs: { polls: 2, sizeBytes: 5000 } });
  const request = sandbox.vendor("ongage").examples["exportContacts"];
  const { body } = await json("ongage", "/api/export", { body: request });
  const path = `/23939/api/export/${body.payload.id}/retrieve`;
  expect(body.payload.id).toBe(5002);
  for (let poll = 0; poll < 2; poll++) {
    expect(await json("ongage", path)).toMatchObject({
      status: 412,
      body: { payload: { message: "Export is not finished yet" } },
    });
  }
  const file = await call("ongage", path);
  expect([file.status, file.headers.get("content-type")]).toEqual([200, "application/zip"]);
  const [csv] = Object.values(unzipSync(new Uint8Array(await file.arrayBuffer())));
  expect(new TextDecoder().decode(csv).split("\n", 1)).toEqual(["email,first_name,ocx_created_date"]);
});

test("a report is polled by its number, listed, downloaded in two forms, and gone when it is deleted", async () => {
  const { json, call } = testSandbox({ jobs: { polls: 1 } });
  const { body } = await json("ongage", "/api/contact_activity", {
    body: { title: "Mine", selected_fields: ["email", "opens"] },
  });
  const path = `/api/contact_activity/${body.payload.id}`;
  expect((await json("ongage", `${path}/export`)).status).toBe(412);
  expect((await json("ongage", path)).body.payload).toEqual({
    id: "90118",
    title: "Mine",
    status: "1",
    status_desc: "Pending",
  });
  expect((await json("ongage", path)).body.payload).toMatchObject({ status: "2", status_desc: "Completed" });
  expect((await json("ongage", "/api/contact_activity")).body).toMatchObject({
    metadata: { total: "1" },
    payload: [{ title: "Mine", status: "2" }],
  });
  expect(await (await call("ongage", `${path}/export`)).text()).toMatch(/^email,opens\n/);
  expect(await (await call("ongage", `${path}/export_detailed`)).text()).toMatch(/^email,action,date\n/);
  expect((await json("ongage", path, { method: "DELETE" })).status).toBe(200);
  expect((await json("ongage", path)).status).toBe(404);
  expect((await json("ongage", "/api/contact_activity")).body).toMatchObject({
    metadata: { total: "0" },
    payload: [],
  });
});

test("a file's address is answered as text, leads to the store, and a redirect leads there too", async () => {
  const { json, call, sandbox } = testSandbox({ jobs: { polls: 4 } });
  const { body } = await json("carma", "/rest/5004/batches/exports/statistics", {
    body: { exportType: "OPENS", period: "TODAY" },
  });
  expect(body).toEqual({ batchId: "101112" });
  const path = `/rest/5004/batches/${body.batchId}`;
  const seen: unknown[] = [];
  for (let poll = 0; poll < 5; poll++) {
    const { id, processed, total, status } = (await json("carma", path)).body;
    seen.push([id, processed, total, status]);
  }
  expect(seen).toEqual([
    [101112, 0, 0, " PENDING"],
    [101112, 125, 501, " IN_PROGRESS"],
    [101112, 250, 501, " IN_PROGRESS"],
    [101112, 375, 501, " IN_PROGRESS"],
    [101112, 500, 501, " FINISHED"],
  ]);
  const reply = await call("carma", `${path}/result/url`, { headers: { accept: "text/plain" } });
  expect(reply.headers.get("content-type")).toBe("text/plain");
  const link = await reply.text();
  expect(link).toMatch(
    /^https:\/\/store\.sandbox\.example\/result\/5004\/101112_result\.json\?Expires=\d+&AWSAccessKeyId=EXAMPLE&Signature=/,
  );
  const file = await sandbox.store.handler(new Request(link));
  expect(Object.keys((await file.json())[0])).toEqual(["messageId", "listId", "email", "time"]);
  const redirect = await call("carma", `${path}/result`);
  expect([redirect.status, redirect.headers.get("location")]).toEqual([302, link]);
});

test("a status that is a bare word, and the other forms of it", async () => {
  const { json, call, sandbox } = testSandbox({ jobs: { polls: 2 } });
  const start = await json("connhex", "/exports", {
    body: sandbox.vendor("connhex").examples["createExport"],
  });
  expect(start.status).toBe(201);
  const path = `/exports/${start.body.id}`;
  expect(start.body.id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  expect((await json("connhex", `${path}/download`)).status).toBe(404);
  expect((await json("connhex", `${path}/status`)).body).toBe("notProcessed");
  sandbox.vendor("connhex").configure({ form: "jobs" }, start.body.id);
  expect((await json("connhex", `${path}/status`)).body).toMatchObject([
    { status: "done" },
    { status: "inProgress" },
  ]);
  sandbox.vendor("connhex").configure({ form: "object" }, start.body.id);
  expect((await json("connhex", `${path}/status`)).body).toEqual({ status: "done" });
  expect(await (await call("connhex", `${path}/download`)).text()).toMatch(/^Time,Degrees\n/);
  expect((await json("connhex", "/exports")).body.results).toMatchObject([
    { id: start.body.id, format: { columns: [{}, {}] } },
  ]);
  expect((await call("connhex", path, { method: "DELETE" })).status).toBe(204);
  expect((await json("connhex", `${path}/status`)).status).toBe(404);
});

test("a job with a duration progresses with the clock", async () => {
  const { json, pass } = testSandbox({ jobs: { durationMs: 60_000 } });
  await json("carma", "/rest/1/batches/exports/statistics", {
    body: { exportType: "OPENS", period: "TODAY" },
  });
  const look = async () => (await json("carma", "/rest/1/batches/101112")).body;
  expect((await look()).status).toBe(" PENDING");
  pass(30_000);
  expect(await look()).toMatchObject({ status: " IN_PROGRESS", processed: 250 });
  expect(await look()).toMatchObject({ status: " IN_PROGRESS", processed: 250 });
  pass(30_000);
  expect((await look()).status).toBe(" FINISHED");
});

test("the request chooses the format of the file", async () => {
  const { json, call, sandbox } = testSandbox({ jobs: { polls: 0, sizeBytes: 3000 } });
  const request = sandbox.vendor("connhex").examples["createExport"];
  for (const [extension, type] of [
    ["xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
    ["pdf", "application/pdf"],
  ]) {
    const { body } = await json("connhex", "/exports", { body: { ...request, format: { extension } } });
    const file = await call("connhex", `/exports/${body.id}/download`);
    expect(file.headers.get("content-type")).toBe(type);
  }
  await json("ocamba", "/v1/hood/quick-reports/1/export", { body: { name: "a", out: "json" } });
  const { body } = await json("ocamba", "/v1/hood/exports");
  expect(body.items[0]).toMatchObject({ extension: "json", mime_type: "application/json" });
  expect((await call("ocamba", "/v1/hood/exports/1000001/download")).headers.get("content-type")).toBe(
    "application/json",
  );
});

describe("credentials", () => {
  const open: Record<string, string> = {
    ocamba: "/v1/hood/exports",
    ongage: "/api/lists",
    carma: "/rest/0/apiurl",
    connhex: "/exports",
  };

  test.each(Object.keys(open))(
    "%s answers its own 401 without credentials and with wrong ones",
    async (vendor) => {
      const { json, sandbox } = testSandbox();
      const missing = await json(vendor, open[vendor] ?? "", { anonymous: true });
      const { credentials } = sandbox.vendor(vendor);
      const wrong = await json(vendor, open[vendor] ?? "", {
        anonymous: true,
        headers: {
          authorization: "Bearer nope",
          "x-carma-authentication-token": "nope",
          x_username: "nope",
          x_password: "nope",
          x_account_code: "nope",
        },
      });
      expect([missing.status, wrong.status]).toEqual([401, 401]);
      expect(JSON.stringify(missing.body)).toMatch(/Unauthorized/);
      expect(JSON.stringify(wrong.body)).not.toContain("nope");
      expect(Object.keys(credentials).length).toBeGreaterThan(0);
    },
  );

  test("schemes that belong together are all asked for, and an alternative is as good", async () => {
    const { json } = testSandbox();
    const part = { x_username: "sandbox-username", x_password: "sandbox-password" };
    expect((await json("ongage", "/api/lists", { anonymous: true, headers: part })).status).toBe(401);
    expect(
      (await json("ongage", "/api/lists", { anonymous: true, headers: { "x-api-key": "sandbox-api-key" } }))
        .status,
    ).toBe(200);
  });

  test("they can be chosen", async () => {
    const { json, sandbox } = testSandbox({ credentials: { ocamba: { token: "mine" } } });
    expect(sandbox.vendor("ocamba").credentials).toEqual({ token: "mine" });
    expect(
      (await json("ocamba", "/v1/hood/exports", { headers: { authorization: "bearer mine" } })).status,
    ).toBe(200);
  });
});

describe("invalid requests", () => {
  const contacts = {
    name: "a",
    date_format: "dd/mm/yyyy",
    file_format: "csv",
    status: ["active"],
    segment_id: [1],
  };
  const quick = "/v1/hood/quick-reports/1/export";
  const statistics = "/rest/0/batches/exports/statistics";

  test.each([
    ["ocamba", quick, { name: "" }, 400, "body/name must NOT have fewer than 1 characters"],
    ["ocamba", quick, {}, 400, "must have required property 'name'"],
    ["ocamba", quick, "{nope", 400, "the body is no JSON"],
    ["ocamba", quick, "", 400, "the body is missing"],
    ["ongage", "/api/export", { ...contacts, segment_id: "1" }, 412, "body/segment_id must be array"],
    ["ongage", "/api/export", { ...contacts, mailing_id: [1] }, 412, "body/segment_id is not allowed here"],
    [
      "ongage",
      "/api/export",
      { ...contacts, colour: "red" },
      412,
      "must NOT have additional properties: colour",
    ],
    ["ongage", "/api/export", "nope", 400, "the body is no JSON"],
    [
      "carma",
      statistics,
      { exportType: "OPENED", period: "TODAY" },
      400,
      "body/exportType must be equal to one of the allowed values",
    ],
    [
      "connhex",
      "/exports",
      { format: { extension: "xls" }, type: "oneTime", items: [], notification: { messages: [] } },
      400,
      "body/format/extension",
    ],
  ])("%s %s %j is answered %i", async (vendor, path, body, status, text) => {
    const { json, sandbox } = testSandbox();
    const reply = await json(vendor, path, { method: "POST", body });
    expect(reply.status).toBe(status);
    expect(JSON.stringify(reply.body)).toContain(text);
    expect(sandbox.vendor(vendor).jobs()).toEqual([]);
  });

  test.each([
    ["ocamba", "/v1/hood/exports?page=0", 400],
    ["ocamba", "/v1/hood/exports?view=some", 400],
    ["ongage", "/api/segments?limit=no", 400],
    ["connhex", "/exports?status=done&status=odd", 400],
    ["connhex", "/exports?from=yesterday", 400],
    ["connhex", "/exports?pageSize=10&from=2026-11-01T00:00:00Z&status=done&status=failed", 200],
  ])("%s %s is answered %i", async (vendor, path, status) => {
    expect((await testSandbox().json(vendor, path)).status).toBe(status);
  });

  test("a path that is not there is a 404 in the vendor's shape, another method a 405", async () => {
    const { json } = testSandbox();
    expect(await json("ongage", "/api/nothing")).toMatchObject({
      status: 404,
      body: { metadata: { error: true }, payload: { code: 404 } },
    });
    expect((await json("ongage", "/api/export", { method: "DELETE" })).status).toBe(405);
    expect((await json("carma", "/batches/1")).status).toBe(404);
  });

  test("an unknown job is the documented 404, or the closest that the operation documents", async () => {
    const { json } = testSandbox();
    expect((await json("connhex", "/exports/none/status")).status).toBe(404);
    expect((await json("ocamba", "/v1/hood/exports/77")).status).toBe(400);
    expect((await json("carma", "/rest/0/batches/77")).status).toBe(404);
  });

  test("a caller that takes only JSON gets no text", async () => {
    const { json, call } = testSandbox({ jobs: { polls: 0 } });
    await json("carma", "/rest/0/batches/exports/statistics", {
      body: { exportType: "OPENS", period: "TODAY" },
    });
    const path = "/rest/0/batches/101112/result/url";
    expect((await call("carma", path, { headers: { accept: "application/json" } })).status).toBe(406);
    expect(
      (await call("carma", path, { headers: { accept: "application/json, text/*;q=0.1" } })).status,
    ).toBe(200);
  });
});

test("the generated specs are those of the YAML files", () => {
  expect(generated).toEqual(yamlSpecs);
});

test("a spec without an example of a state is refused with what is missing", () => {
  const spec = structuredClone(yamlSpecs["connhex"]);
  const text = JSON.stringify(spec)
    .replaceAll('"value":"inProgress"', '"value":"odd"')
    .replaceAll('"value":"notProcessed"', '"value":"odd"')
    .replaceAll('"status":"inProgress"', '"status":"odd"');
  expect(() => createSandbox({ specs: { connhex: JSON.parse(text) } })).toThrow(
    "getExportStatus needs examples of a job that runs",
  );
});
