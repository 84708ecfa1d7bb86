import { request } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { faultKinds } from "./fault/fault-kinds.js";
import type { SandboxOptions } from "./index.js";
import { type Listening, listen } from "./node.js";
import type { Messages } from "./page/client/messages.js";
import { type LivePage, openPage } from "./page.js";
import { signIn, yamlSpecs } from "./testing/vendors.js";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A sandbox that listens, and its page. */
async function setUp(options: SandboxOptions = {}): Promise<{ listening: Listening; page: LivePage }> {
  const listening = await listen({ specs: yamlSpecs, jobs: { polls: 1, sizeBytes: 5000 }, ...options });
  closing.push(() => listening.close());
  const page = await openPage(listening, { pollIntervalMs: 1 });
  closing.push(() => page.close());
  return { listening, page };
}

type Event = { [Name in keyof Messages]: { name: Name; data: Messages[Name] } }[keyof Messages];

/** A browser that listens to the events of a page. */
async function listenTo(url: string) {
  const controller = new AbortController();
  closing.push(() => controller.abort());
  const { body, headers } = await fetch(`${url}events`, { signal: controller.signal });
  const reader = (body as ReadableStream<Uint8Array>).getReader(); // a reply to GET has a body
  const decoder = new TextDecoder();
  const seen: Event[] = [];
  let text = "";
  return {
    headers,
    seen,
    /** Waits for an event that fits, and takes all before it. */
    async until<Name extends keyof Messages>(
      name: Name,
      fits: (data: Messages[Name]) => boolean = () => true,
    ): Promise<Messages[Name]> {
      for (;;) {
        for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
          const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
          text = text.slice(end + 2);
          if (event === undefined) continue; // how soon to come again
          seen.push({ name: event, data: JSON.parse(data ?? "") } as Event);
          const last = seen.at(-1);
          if (last?.name === name && fits(last.data as Messages[Name])) return last.data as Messages[Name];
        }
        const { done, value } = await reader.read();
        if (done) throw new Error(`the events ended before ${name}`);
        text += decoder.decode(value, { stream: true });
      }
    },
  };
}

const post = (url: string, body?: object) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });

test("the page is one file that may load nothing, and whose policy names its own script and style", async () => {
  const { page } = await setUp();
  const response = await fetch(page.url);
  const html = await response.text();
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  const policy = response.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("unsafe");
  for (const [element, directive] of [
    ["script", "script-src"],
    ["style", "style-src"],
  ] as const) {
    const texts = [...html.matchAll(new RegExp(`<${element}>([\\s\\S]*?)</${element}>`, "g"))];
    expect(texts).toHaveLength(1);
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(texts[0]?.[1]));
    expect(policy).toContain(`${directive} 'sha256-${Buffer.from(digest).toString("base64")}'`);
  }
  expect(html).not.toMatch(/<(script|link|img|iframe)[^>]*(src|href)="(?!data:)/);
  expect(html.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:\/\//);
  expect(html).not.toMatch(/ on[a-z]+=| style="/);
});

test("the page tells of vendors, their environment, and a switch for every fault", async () => {
  const { listening, page } = await setUp();
  const events = await listenTo(page.url);
  expect(events.headers.get("content-type")).toBe("text/event-stream");
  const { vendors, switches } = await events.until("hello");
  expect(vendors.map(({ name }) => name)).toEqual(Object.keys(yamlSpecs));
  const carma = vendors.find(({ name }) => name === "carma");
  expect(carma).toMatchObject({
    baseUrl: listening.vendors["carma"]?.baseUrl,
    workflows: ["exportStatistics"],
  });
  expect(carma?.environment).toContain(
    `export OUTHAUL_CARMA_BASE_URL='${listening.vendors["carma"]?.baseUrl}'`,
  );
  expect([...new Set(switches.map(({ kind }) => kind))]).toEqual(Object.keys(faultKinds));
  for (const { kind, inputs, set } of switches) {
    const { fields } = faultKinds[kind as keyof typeof faultKinds];
    expect([...inputs.map(({ name }) => name), ...Object.keys(set)]).toEqual(
      expect.arrayContaining(["times", "on", "skip", ...Object.keys(fields)]),
    );
  }
  expect(switches[0]).toMatchObject({ kind: "error", set: { status: 429 } });
});

test("every switch, with the values that its inputs begin with, is a fault that the sandbox takes", async () => {
  const { listening, page } = await setUp();
  const { switches } = await (await listenTo(page.url)).until("hello");
  for (const { kind, set, inputs } of switches) {
    const values = inputs.flatMap(({ name, kind: input, value }): [string, unknown][] => {
      if (value === "") return [];
      if (input === "lines") return [[name, { "content-type": "text/plain" }]];
      return [[name, ["number", "times"].includes(input) ? Number(value) : value]];
    });
    const body = { kind, ...Object.fromEntries(values), ...set };
    const response = await post(`${page.url}vendors/carma/_sandbox/faults`, body);
    expect([body, response.status]).toEqual([body, 204]);
  }
  expect(listening.vendors["carma"]?.sandbox.faults()).toHaveLength(switches.length);
});

test("requests, exports and faults are told as they come", async () => {
  const { listening, page } = await setUp();
  const { serverUrl } = listening.vendors["carma"] ?? {};
  const events = await listenTo(page.url);
  await events.until("requests");

  await post(`${page.url}vendors/carma/_sandbox/faults`, { kind: "error", status: 429, times: 2 });
  const on = await events.until("vendor", ({ faults }) => faults.length > 0);
  expect(on).toMatchObject({ name: "carma", faults: [{ kind: "error", fields: { status: 429 }, left: 2 }] });

  const start = () =>
    fetch(`${serverUrl}/batches/exports/statistics?secret=secret-value`, {
      method: "POST",
      headers: { ...signIn["carma"], "content-type": "application/json" },
      body: JSON.stringify({ exportType: "OPENS", period: "TODAY" }),
    });
  expect((await start()).status).toBe(429);
  const [refused] = await events.until("requests", ([request]) => request?.endedAt !== undefined);
  expect(refused).toMatchObject({
    vendor: "carma",
    number: 1,
    method: "POST",
    path: "/batches/exports/statistics",
    operation: "startStatisticsExport",
    status: 429,
    fault: "error",
  });
  expect(await events.until("vendor", ({ faults }) => faults[0]?.left === 1)).toBeDefined();
  await fetch(`${page.url}vendors/carma/_sandbox/faults`, { method: "DELETE" });
  await events.until("vendor", ({ faults }) => faults.length === 0);

  expect((await start()).status).toBe(200);
  const { jobs } = await events.until("vendor", (vendor) => vendor.jobs.length > 0);
  expect(jobs).toMatchObject([{ id: "101112", workflow: "exportStatistics", state: "running", polls: 0 }]);
  await fetch(`${serverUrl}/batches/101112`, { headers: signIn["carma"] ?? {} });
  await events.until("vendor", (vendor) => vendor.jobs[0]?.state === "succeeded");
  await post(`${page.url}vendors/carma/_sandbox/reset`);
  expect(await events.until("reset")).toEqual({ vendor: "carma" });
  await events.until("vendor", (vendor) => vendor.jobs.length === 0);
  expect(JSON.stringify(events.seen)).not.toContain("secret-value");
  const token = listening.vendors["carma"]?.clientOptions["token"] ?? "";
  // Only the lines of the environment have it, which are there to be pasted.
  expect(JSON.stringify(events.seen.filter(({ name }) => name !== "hello"))).not.toContain(token);
});

test("a page that comes late is told how things are", async () => {
  const { listening, page } = await setUp();
  const { serverUrl, sandbox } = listening.vendors["connhex"] ?? {};
  sandbox?.fault({ kind: "hang", times: "always", on: "file" });
  for (let count = 0; count < 310; count++) await fetch(`${serverUrl}/exports`);
  const events = await listenTo(page.url);
  const requests = await events.until("requests");
  expect([requests.length, requests[0]?.number, requests.at(-1)?.number]).toEqual([300, 11, 310]);
  const told = events.seen.flatMap(({ name, data }) => (name === "vendor" ? [data] : []));
  expect(told.find(({ name }) => name === "connhex")?.faults).toMatchObject([
    { kind: "hang", left: "always" },
  ]);
});

test("an export that ends by the clock is told of without a request", async () => {
  let time = 0;
  const { listening, page } = await setUp({ now: () => time, jobs: { durationMs: 1000 } });
  const events = await listenTo(page.url);
  await post(`${page.url}vendors/carma/examples/exportStatistics`);
  await events.until("vendor", ({ jobs }) => jobs[0]?.state === "queued");
  time = 500;
  await events.until("vendor", ({ jobs }) => jobs[0]?.fraction === 0.5);
  time = 1000;
  await events.until("vendor", ({ jobs }) => jobs[0]?.state === "succeeded");
  expect(listening.vendors["carma"]?.sandbox.jobs()).toHaveLength(1);
});

describe("an example export", () => {
  const workflows = Object.entries(yamlSpecs).flatMap(([vendor, { arazzo }]) =>
    (arazzo as { workflows: { workflowId: string }[] }).workflows.map(
      ({ workflowId }) => [vendor, workflowId] as const,
    ),
  );
  const isDone = ({ isDone: done }: Messages["example"]) => done;

  test.each(workflows)("%s %s runs as its spec says, over HTTP", async (vendor, workflow) => {
    const { listening, page } = await setUp();
    const events = await listenTo(page.url);
    await events.until("requests");
    expect((await post(`${page.url}vendors/${vendor}/examples/${workflow}`)).status).toBe(202);
    const end = await events.until("example", isDone);
    const { sandbox } = listening.vendors[vendor] ?? {};
    const [job] = sandbox?.jobs() ?? [];
    const parts = Number(/^(\d+) files/.exec(end.text)?.[1] ?? 1);
    const sizes = [...Array(parts).keys()].map((part) => sandbox?.fileOf(job?.id ?? "", part).sizeBytes ?? 0);
    const bytes = sizes.reduce((sum, size) => sum + size, 0).toLocaleString("en");
    const files = parts === 1 ? "the file has come" : `${parts} files have come`;
    expect(end).toMatchObject({
      vendor,
      workflow,
      isGood: true,
      text: `${files}: ${bytes} bytes of ${job?.file.mediaType}`,
    });
    const step = yamlSpecs[vendor]?.arazzo as { workflows: { workflowId: string; steps: object[] }[] };
    const download = step.workflows.find(({ workflowId }) => workflowId === workflow)?.steps.at(-1);
    expect(parts > 1).toBe(/"(fileUrls|x-next-page|x-part-number)":/.test(JSON.stringify(download)));
    expect(job).toMatchObject({ workflow, state: "succeeded" });
    expect(sandbox?.requests().every(({ operation }) => operation !== undefined)).toBe(true);
  });

  test.each([
    [{ kind: "error", status: 500, on: "start" }, "the start was answered with 500"],
    [{ kind: "lostReply" }, "the connection of the start broke"],
    [{ kind: "outcome" }, "the export ended as failed"],
    [{ kind: "cutConnection", atByte: 1000 }, "the connection broke after 1,000 bytes of the file"],
    [{ kind: "expiredLink" }, "the download was answered with 403"],
  ] as const)("stops at %j, and says where", async (fault, text) => {
    const { listening, page } = await setUp();
    listening.vendors["carma"]?.sandbox.fault(fault);
    const events = await listenTo(page.url);
    await post(`${page.url}vendors/carma/examples/exportStatistics`);
    expect(await events.until("example", isDone)).toMatchObject({ isGood: false, text });
  });

  test("goes on after a bad poll, and is not told from the file by a page", async () => {
    const { listening, page } = await setUp();
    const { sandbox } = listening.vendors["carma"] ?? {};
    for (const kind of ["unknownStatus", "html"] as const) sandbox?.fault({ kind, on: "poll" });
    sandbox?.fault({ kind: "error", status: 503, on: "poll" });
    sandbox?.fault({ kind: "html" });
    const events = await listenTo(page.url);
    await post(`${page.url}vendors/carma/examples/exportStatistics`);
    expect((await events.until("example", isDone)).text).toMatch(
      /^the file has come: 1\d\d bytes of text\/html$/,
    );
  });

  test("is not started for what there is not, and not without limit", async () => {
    const { listening, page } = await setUp();
    const start = async (path: string) => (await post(`${page.url}vendors/${path}`)).status;
    expect(await start("carma/examples/nothing")).toBe(404);
    expect(await start("carma/examples/toString")).toBe(404);
    expect(await start("nobody/examples/exportStatistics")).toBe(404);
    listening.vendors["carma"]?.sandbox.fault({ kind: "hang", times: "always" });
    const answers = [];
    for (let count = 0; count < 9; count++) answers.push(await start("carma/examples/exportStatistics"));
    expect(answers).toEqual([202, 202, 202, 202, 202, 202, 202, 202, 429]);
  });
});

/** A request with a `Host` of its own, which `fetch` does not send. */
function statusOf(
  url: string,
  path: string,
  method: string,
  headers: Record<string, string>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { method, headers }, (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    sent.on("error", reject);
    sent.end();
  });
}

test.each([
  ["GET", "/"],
  ["GET", "/events"],
  ["POST", "/vendors/carma/examples/exportStatistics"],
  ["POST", "/vendors/carma/_sandbox/reset"],
  ["DELETE", "/vendors/carma/_sandbox/faults"],
  ["GET", "/nothing"],
])("%s %s is refused to foreign names and sites", async (method, path) => {
  const { page } = await setUp();
  const { host, origin } = new URL(page.url);
  const status = (headers: Record<string, string>) => statusOf(page.url, path, method, headers);
  expect(await status({ host: "rebound.example" })).toBe(403);
  expect(await status({ host, origin: "https://evil.example" })).toBe(403);
  expect(await status({ host, origin: "null" })).toBe(403);
  expect(await status({ host, "sec-fetch-site": "cross-site" })).toBe(403);
  expect(await status({ host, "sec-fetch-site": "same-site" })).toBe(403);
  expect(await status({ host, origin, "sec-fetch-site": "same-origin" })).not.toBe(403);
});

test("the endpoints of a vendor say the same through the page", async () => {
  const { page } = await setUp();
  const faults = `${page.url}vendors/carma/_sandbox/faults`;
  const bad = await post(faults, { kind: "eror" });
  expect([bad.status, await bad.json()]).toEqual([
    400,
    { error: 'the kind of a fault cannot be "eror"; did you mean "error"?' },
  ]);
  expect((await post(`${page.url}vendors/nobody/_sandbox/faults`, { kind: "hang" })).status).toBe(404);
  expect((await post(faults, { kind: "html", body: "x".repeat(2 ** 20) })).status).toBe(413);
  expect((await fetch(`${page.url}vendors/carma/batches`)).status).toBe(404);
});

test("a taken port and an option that there is not are told", async () => {
  const { listening, page } = await setUp();
  const port = Number(new URL(page.url).port);
  await expect(openPage(listening, { port })).rejects.toThrow("EADDRINUSE");
  await expect(openPage(listening, { prot: 1 } as never)).rejects.toThrow('did you mean "port"?');
});
