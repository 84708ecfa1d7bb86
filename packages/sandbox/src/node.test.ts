import { request } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createSandbox } from "./index.js";
import { type Listening, listen, sha256Of } from "./node.js";
import { signIn, yamlSpecs } from "./testing/vendors.js";

let running: Listening;
beforeAll(async () => {
  running = await listen({ specs: yamlSpecs, jobs: { polls: 0, sizeBytes: 300_000 } });
});
beforeEach(() => running.sandbox.reset());
afterAll(() => running.close());

/** A request by node:http, which reports each way that a reply can end. */
function get(url: string, headers: Record<string, string> = {}, signal?: AbortSignal) {
  return new Promise<{ status: number; headers: Record<string, unknown>; length: number; end: string }>(
    (resolve, reject) => {
      const sent = request(url, { headers, ...(signal && { signal }) }, (response) => {
        let length = 0;
        const done = (end: string) =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, length, end });
        response.on("data", (chunk: Buffer) => {
          length += chunk.length;
        });
        response.on("end", () => done("end"));
        response.on("error", () => done("broken"));
      });
      sent.on("error", reject);
      sent.end();
    },
  );
}

function vendor(name: string) {
  const found = running.vendors[name];
  if (!found) throw new Error(name);
  return found;
}

async function startExport(): Promise<string> {
  const { baseUrl } = vendor("ocamba");
  await fetch(`${baseUrl}/v1/hood/quick-reports/1/export`, {
    method: "POST",
    headers: { ...signIn["ocamba"], "content-type": "application/json" },
    body: JSON.stringify({ name: "a", fields: "email,sent" }),
  });
  const [job] = vendor("ocamba").sandbox.jobs();
  return `${baseUrl}/v1/hood/exports/${job?.ids["poll.outputs.exportId"]}/download`;
}

async function startStored(): Promise<string> {
  const { serverUrl } = vendor("carma");
  const headers = { ...signIn["carma"], "content-type": "application/json" };
  const body = JSON.stringify({ exportType: "OPENS", period: "TODAY" });
  const { batchId } = await (
    await fetch(`${serverUrl}/batches/exports/statistics`, { method: "POST", headers, body })
  ).json();
  return (
    await fetch(`${serverUrl}/batches/${batchId}/result/url`, { headers: signIn["carma"] ?? {} })
  ).text();
}

test("each vendor listens on a port of its own, and says how to reach it", () => {
  expect(vendor("carma").serverUrl).toBe(`${vendor("carma").baseUrl}/rest/0`);
  expect(vendor("carma").clientOptions).toEqual({
    baseUrl: vendor("carma").baseUrl,
    token: "sandbox-token",
    server: "eu-proxy-1.symplifymail.com",
    customerId: "0",
  });
  expect(vendor("ongage").clientOptions).toMatchObject({
    username: "sandbox-username",
    password: "sandbox-password",
    accountCode: "sandbox-account-code",
  });
  expect(Object.keys(running.vendors)).toEqual(Object.keys(yamlSpecs));
  const addresses = Object.values(running.vendors).map(({ baseUrl }) => baseUrl);
  expect(new Set(addresses).size).toBe(addresses.length);
});

test("a download without a documented length comes in chunks, one from the store with its length", async () => {
  const { sandbox } = vendor("ocamba");
  const chunked = await get(await startExport(), signIn["ocamba"]);
  expect([chunked.headers["transfer-encoding"], chunked.headers["content-length"]]).toEqual([
    "chunked",
    undefined,
  ]);
  expect(chunked).toMatchObject({ status: 200, end: "end", length: sandbox.fileOf("a").sizeBytes });
  const link = await startStored();
  expect(new URL(link).origin).toBe(running.storeOrigin);
  const whole = await get(link);
  expect(whole).toMatchObject({ end: "end", headers: { "content-length": String(whole.length) } });
});

test("an empty file in chunks is told from a short one in one piece", async () => {
  const url = await startExport();
  vendor("ocamba").sandbox.configure({ sizeBytes: 0 }, "a");
  expect((await get(url, signIn["ocamba"])).headers["transfer-encoding"]).toBe("chunked");
});

test("200 MB come fast and whole", async () => {
  const url = await startExport();
  vendor("ocamba").sandbox.configure({ sizeBytes: 200_000_000 }, "a");
  const { length } = await get(url, signIn["ocamba"]);
  expect(length).toBe(vendor("ocamba").sandbox.fileOf("a").sizeBytes);
}, 20_000);

test("the hash of a file is that of its download", async () => {
  const url = await startExport();
  const bytes = new Uint8Array(await (await fetch(url, { headers: signIn["ocamba"] ?? {} })).arrayBuffer());
  expect(sha256Of(vendor("ocamba").sandbox.fileOf("a"))).toBe(sha256Of({ chunks: () => [bytes] }));
});

test("the connection breaks after the create was carried out", async () => {
  vendor("ocamba").sandbox.fault({ kind: "lostReply" });
  await expect(startExport()).rejects.toThrow("fetch failed");
  expect(vendor("ocamba").sandbox.jobs()).toHaveLength(1);
});

test.each([
  ["ocamba", startExport],
  ["carma", startStored],
] as const)("%s: the connection breaks at the byte", async (name, start) => {
  const url = await start();
  vendor(name).sandbox.fault({ kind: "cutConnection", atByte: 200_000 });
  const headers = name === "ocamba" ? signIn[name] : {};
  expect(await get(url, headers)).toMatchObject({ status: 200, length: 200_000, end: "broken" });
  expect(await get(url, headers)).toMatchObject({ status: 200, end: "end" });
});

test("a truncated body ends cleanly in chunks, and short of its length where it has one", async () => {
  const url = await startExport();
  vendor("ocamba").sandbox.fault({ kind: "truncatedBody", atByte: 100_000 });
  expect(await get(url, signIn["ocamba"])).toMatchObject({ length: 100_000, end: "end" });
  const link = await startStored();
  vendor("carma").sandbox.fault({ kind: "truncatedBody", atByte: 100_000 });
  expect(await get(link)).toMatchObject({
    length: 100_000,
    end: "broken",
    headers: { "content-length": expect.stringMatching(/^3\d{5}$/) },
  });
});

test("a dropped request and one that hangs have no reply", async () => {
  const url = await startExport();
  const { sandbox } = vendor("ocamba");
  sandbox.fault({ kind: "dropped" });
  await expect(get(url, signIn["ocamba"])).rejects.toThrow("socket hang up");
  sandbox.fault({ kind: "hang" });
  await expect(get(url, signIn["ocamba"], AbortSignal.timeout(100))).rejects.toThrow("aborted");
  expect((await get(url, signIn["ocamba"])).status).toBe(200);
});

test("a slow body takes its time", async () => {
  const url = await startExport();
  vendor("ocamba").sandbox.configure({ sizeBytes: 1000 }, "a");
  vendor("ocamba").sandbox.fault({ kind: "slowBody", bytesPerSecond: 5000 });
  const before = performance.now();
  await get(url, signIn["ocamba"]);
  expect(performance.now() - before).toBeGreaterThan(150);
});

test("a request that the caller aborts is no longer counted as open", async () => {
  const url = await startExport();
  const { sandbox } = vendor("ocamba");
  sandbox.configure({ sizeBytes: 1_000_000_000 }, "a");
  const controller = new AbortController();
  const response = await fetch(url, { headers: signIn["ocamba"] ?? {}, signal: controller.signal });
  await response.body?.getReader().read();
  controller.abort();
  await expect.poll(async () => (await get(url.replace("/download", ""), signIn["ocamba"])).status).toBe(200);
  expect(sandbox.maxima().concurrent).toBeLessThanOrEqual(2);
});

test("the globals Request and Response stay as they are", () => {
  expect(Object.getPrototypeOf(new Response("x"))).toBe(Response.prototype);
  expect(new Request("http://x") instanceof Request).toBe(true);
});

test("an error names a used port, and no port stays open", async () => {
  const port = Number(new URL(running.storeOrigin).port);
  await expect(listen({ specs: yamlSpecs, ports: { ocamba: port } })).rejects.toThrow("EADDRINUSE");
});

test("an existing sandbox can listen, and listen again after it was closed", async () => {
  const sandbox = createSandbox({ specs: yamlSpecs, vendors: ["carma"] });
  for (let round = 0; round < 2; round++) {
    const each = await listen({ sandbox });
    const { serverUrl } = each.vendors["carma"] ?? {};
    expect((await fetch(`${serverUrl}/apiurl`, { headers: signIn["carma"] ?? {} })).status).toBe(200);
    await each.close();
  }
});
