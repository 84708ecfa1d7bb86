import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import "../download/open.js";
import { createClient } from "../client.js";
import { readToken } from "../record/resume-token.js";
import { testClock } from "../testing/download-clock.js";
import { sealLink } from "./link.js";
import { linkPoll } from "./link-poll.js";

type Answer = { status?: number; type?: string; body?: string; location?: string };
interface Options {
  key?: string | (() => string);
  fetch?: typeof fetch;
}

let servers: { close(): void }[] = [];
afterEach(() => {
  for (const server of servers) server.close();
  servers = [];
});

/** A server on loopback, and the requests that it has got. */
async function serve(answer: (request: IncomingMessage) => Answer) {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    request.resume();
    const { status = 200, type, body = "", location } = answer(request);
    response.writeHead(status, {
      ...(type && { "content-type": type }),
      ...(location && { location }),
      connection: "close",
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const exportUsers = linkPoll<{ segment: string }>({
  name: "exportUsers",
  start: {
    operation: { id: "exportUsers", method: "POST", path: "/users/export" },
    request: (body) => ({ body }),
    accepted: ({ status }) => status === 200,
    outputs: ({ body }) => ({ id: (body as { prefix: string }).prefix }),
  },
  link: ({ body }) => (body as { url?: unknown }).url,
  poll: {
    states: [
      ["succeeded", ({ status }) => status === 200],
      ["expired", ({ body }) => /has expired/.test(String(body))],
      ["running", ({ status }) => status === 403 || status === 404],
      ["unknown", ({ ok }) => ok],
    ],
    adviceMs: 1000,
  },
});

const definition = {
  vendor: "acme",
  version: "1.0.0",
  createName: "createAcme",
  servers: [{ url: "https://rest.acme.example" }],
  variables: {},
  auth: [[{ option: "key", env: "ACME_KEY", in: "bearer" as const }]],
  workflows: [exportUsers as never],
};

const FILE: Answer = { type: "text/csv", body: "id\n1\n" };
const DENIED: Answer = {
  status: 403,
  type: "application/xml",
  body: "<Error><Code>AccessDenied</Code></Error>",
};
const MISSING: Answer = {
  status: 404,
  type: "application/xml",
  body: "<Error><Code>NoSuchKey</Code></Error>",
};

/** A vendor, the store of its files, and a client. */
async function setUp(answers: Answer[], { key = "secret-key", ...options }: Options = {}) {
  const store = await serve(() => answers.shift() ?? FILE);
  const link = `${store.origin}/p-17/users?X-Signature=s%2Fcr%3D&a=+b`;
  const vendor = await serve(() => ({
    body: JSON.stringify({ prefix: "p-17", url: link }),
    type: "application/json",
  }));
  const clock = testClock();
  const events: unknown[] = [];
  const clientOf = (own: Options["key"]) =>
    createClient(definition, {
      baseUrl: vendor.origin,
      key: own,
      clock,
      rateLimit: false,
      onEvent: (event: unknown) => events.push(event),
      ...options,
    });
  const client = clientOf(key);
  const start = () => client.start(exportUsers, { segment: "buyers" });
  return { vendor, store, link, clientOf, start, events };
}

it("asks at the link as it is, without the key, and takes the reply that is there as the file", async () => {
  const { store, vendor, link, start, events } = await setUp([DENIED, MISSING]);
  const job = await start();
  expect(job.id).toBe("p-17");
  const download = await job.download();
  expect(await download.text()).toBe("id\n1\n");
  expect(store.seen.map(({ url }) => url)).toEqual(Array(3).fill(link.slice(store.origin.length)));
  expect(store.seen.flatMap(({ headers }) => headers.authorization ?? [])).toEqual([]);
  expect(vendor.seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer secret-key"]);
  expect(job.snapshot).toMatchObject({ state: "succeeded", polls: 3 });
  expect(JSON.stringify(events)).not.toMatch(/X-Signature|secret-key/);
});

it("takes a file of any type, JSON and lines of JSON, too, but no page and nothing that is empty", async () => {
  for (const type of ["application/json", "application/x-ndjson", "application/zip"]) {
    const { start } = await setUp([{ type, body: type.includes("zip") ? "PK" : "[1]" }]);
    const job = await start();
    expect((await job.wait()).polls, type).toBe(1);
  }
  const { start } = await setUp([{ type: "text/html", body: "<html>Sign in" }, { type: "text/csv" }]);
  const job = await start();
  expect((await job.wait()).polls).toBe(3);
});

it("holds the link in the resume token sealed, and another process with the same key goes on", async () => {
  const { start, clientOf, link, store } = await setUp([DENIED]);
  const { token } = await start();
  const text = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
  expect(text).not.toMatch(/X-Signature|http|users/);
  expect(readToken(token)).toMatchObject({ vendor: "acme", workflow: "exportUsers", id: "p-17" });
  const job = clientOf("secret-key").resume(token);
  expect(await (await job.download()).text()).toBe("id\n1\n");
  expect(store.seen.at(-1)?.url).toBe(link.slice(store.origin.length));
});

it("ends at once, with the token and a way on, where the key is another one", async () => {
  const { start, clientOf, store } = await setUp([]);
  const { token } = await start();
  const job = clientOf("another-key").resume(token);
  const error = {
    code: "RESUME_TOKEN",
    jobId: "p-17",
    token,
    message:
      "acme: cannot resume: the link to the file was sealed with other credentials. Make the client with those that started the export, or start a new one",
  };
  await expect(job.wait()).rejects.toMatchObject(error);
  await expect(job.refresh()).rejects.toMatchObject(error);
  await expect(job.download()).rejects.toMatchObject(error);
  expect(store.seen).toEqual([]);
});

it("goes on in its own process though a function gives another key", async () => {
  let asked = 0;
  const { start } = await setUp([DENIED], { key: () => `key-${++asked}` });
  const job = await start();
  expect((await job.wait()).state).toBe("succeeded");
});

it("waits out a function for the key that fails", async () => {
  let asked = 0;
  const key = () => {
    asked++;
    if (asked > 1 && asked < 4) throw new Error("the vault is closed");
    return "secret-key";
  };
  const { start, clientOf } = await setUp([], { key });
  const { token } = await start();
  const job = clientOf(key).resume(token);
  expect((await job.wait()).polls).toBe(1); // two were not sent
  expect(asked).toBe(4);
});

it("loses no job where its link cannot be sealed: a function for the key fails just then, or there is no cryptography", async () => {
  const headers = async () => {
    throw new Error("the vault is closed");
  };
  const connection = { vendor: "acme", baseUrl: "https://rest.acme.example", credentials: { headers } };
  const reply = { status: 200, ok: true, headers: new Headers(), body: undefined };
  const { fileUrl } = await sealLink(connection, "exportUsers", reply, "https://files.acme.example/1");
  expect(fileUrl).toMatch(/^[0-9a-f]{32}$/);

  const { start, clientOf } = await setUp([MISSING]);
  const subtle = vi.spyOn(crypto, "subtle", "get").mockReturnValue(undefined as never);
  try {
    const job = await start();
    expect((await job.wait()).state).toBe("succeeded");
    const elsewhere = clientOf("secret-key").resume(job.token);
    await expect(elsewhere.wait()).rejects.toMatchObject({ code: "RESUME_TOKEN" });
  } finally {
    subtle.mockRestore();
  }
});

it("asks `allowUrl` before it takes the file", async () => {
  const { start, link } = await setUp([]);
  const asked: string[] = [];
  const allowUrl = (url: URL) => {
    asked.push(url.href);
    return false;
  };
  const job = await start();
  await expect(job.download({ allowUrl })).rejects.toMatchObject({ code: "URL_NOT_ALLOWED" });
  expect(asked).toEqual([link]);
});

it("ends as expired where the vendor's spec knows the words", async () => {
  const expired = { ...DENIED, body: "<Error><Message>Request has expired</Message></Error>" };
  const { start } = await setUp([expired]);
  const job = await start();
  await expect(job.wait()).rejects.toMatchObject({ code: "JOB_EXPIRED" });
});

it("follows redirects of the file's host, and reports one that leads nowhere", async () => {
  const other = await serve(() => FILE);
  const { start } = await setUp([{ status: 307, location: `${other.origin}/moved` }]);
  const job = await start();
  expect(await (await job.download()).text()).toBe("id\n1\n");
  expect(other.seen).toHaveLength(1);
  const lost = await setUp([{ status: 302 }]);
  const nowhere = await lost.start();
  await expect(nowhere.wait()).rejects.toMatchObject({ code: "API_ERROR", status: 302 });
});

it("waits out what passes: errors of the host, and broken connections", async () => {
  const { start } = await setUp([{ status: 503 }, { status: 500 }, MISSING]);
  const job = await start();
  expect((await job.wait()).polls).toBe(4);
});

it.each([
  ["no link", undefined, "no link"],
  ["a link without https, where the vendor has it", "http://files.acme.example/1", "no https link"],
  ["no address", "https://", "no link"],
])("%s: the start says so, and where to look", async (_, url, says) => {
  const fetch = async () => Response.json({ prefix: "p-17", url });
  const client = createClient(definition, { key: "secret-key", fetch, rateLimit: false });
  await expect(client.start(exportUsers, { segment: "buyers" })).rejects.toMatchObject({
    code: "PROTOCOL_ERROR",
    message: `acme: exportUsers: the vendor accepted the export (200) but gave ${says} to its file. Look for it at the vendor before you start it again`,
  });
});
