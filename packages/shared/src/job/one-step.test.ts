import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { ClientDefinition } from "../client/options.js";
import { createOneStepClient } from "../one-step.js";
import { encodeToken } from "../record/resume-token.js";
import { FakeClock } from "../testing/fake-clock.js";
import { testFolder } from "../testing/folder.js";
import { soon } from "../testing/poll.js";
import { emptyExport } from "./empty-export.js";
import type { ExportJob } from "./export-job.js";
import { oneStep } from "./one-step.js";

interface Request {
  from: string;
  to?: string;
  event?: string[];
}

const exportEvents = oneStep<Request>({
  name: "exportEvents",
  operation: { id: "exportEvents", method: "GET", path: "/export" },
  request: ({ from, to, event }) => ({ query: { from, to, event, format: "csv" } }),
  file: { "text/csv": "" },
  empty: { when: (reply) => reply.status === 404, file: emptyExport },
});

const definition: ClientDefinition = {
  vendor: "acme",
  createName: "createAcme",
  version: "1.0.0",
  servers: [{ url: "https://api.acme.test/v1" }],
  variables: {},
  auth: [[{ option: "token", env: "OUTHAUL_ACME_TOKEN", in: "bearer" }]],
  errors: {
    when: (reply) => (reply.body as { error?: unknown } | undefined)?.error !== undefined,
    message: (reply) => (reply.body as { error?: unknown } | undefined)?.error,
  },
  workflows: [exportEvents] as unknown as ClientDefinition["workflows"],
};

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const CSV = "id,name\n1,a\n2,b\n";
const file: Answer = (_, response) => response.writeHead(200, { "content-type": "text/csv" }).end(CSV);
const noData: Answer = (_, response) =>
  response.writeHead(404, { "content-type": "text/plain" }).end("no data");

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A vendor that gives these answers, the last one again and again. */
async function vendor(...answers: Answer[]) {
  const seen: { url: string; authorization: string | undefined; range: string | undefined }[] = [];
  server = createServer((request, response) => {
    const { url = "", headers } = request;
    seen.push({ url, authorization: headers.authorization, range: headers.range });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.(request, response);
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connect = (options: object = {}) =>
    createOneStepClient(definition, { token: "secret", baseUrl, ...options });
  return { seen, connect, client: connect(), baseUrl };
}

const folder = async () => (await testFolder()).path;
const quick = { retry: { minDelayMs: 1, maxDelayMs: 2 } };

describe("a workflow of one step", () => {
  it("starts and waits without a request, and sends one with the credentials for the file", async () => {
    const { client, seen } = await vendor(file);
    const job = await client.start(exportEvents, { from: "2026-11-01", event: ["a", "b c"] });
    expect((await job.wait()).state).toBe("succeeded");
    expect((await job.refresh()).polls).toBe(0);
    expect(job.snapshot.nextPollAt).toBeUndefined();
    expect(seen).toEqual([]);
    const saved = await job.save(`${await folder()}/events.csv`);
    expect(readFileSync(saved.path ?? "", "utf8")).toBe(CSV);
    expect(seen).toEqual([
      {
        url: "/v1/export?from=2026-11-01&event=a&event=b%20c&format=csv",
        authorization: "Bearer secret",
        range: undefined,
      },
    ]);
    expect(await (await job.download()).text()).toBe(CSV);
  });

  it("goes on in another process with a token that holds the request and no secret", async () => {
    const { client, connect, seen } = await vendor(file);
    const { token, id } = await client.start(exportEvents, { from: "2026-11-01", event: ["a"] });
    expect(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).not.toContain("secret");
    const job = connect().resume(token);
    expect([job.id, job.token]).toEqual([id, token]);
    await job.save(`${await folder()}/`);
    expect(seen.map(({ url }) => url)).toEqual(["/v1/export?from=2026-11-01&event=a&format=csv"]);
  });

  it("keeps nothing of a request but what is sent", async () => {
    const { client } = await vendor(file);
    const request = { from: "2026-11-01", password: "hunter2" };
    const { token } = await client.start(exportEvents, request);
    expect(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).not.toContain("hunter2");
  });

  it.each([
    ["holds no request", { id: "1" }],
    ["holds something else", { id: "1", request: "3" }],
    ["has no id", { request: "{}" }],
  ])("refuses a token that %s", async (_, job) => {
    const { client } = await vendor(file);
    const { token } = await client.start(exportEvents, { from: "2026-11-01" });
    const [vendorName, workflow, account, createdAt] = JSON.parse(
      Buffer.from(token.split(".")[1] ?? "", "base64url").toString(),
    );
    const forged = encodeToken({ vendor: vendorName, workflow, account, createdAt, job });
    expect(() => client.resume(forged)).toThrow("cannot resume: the token was altered or cut");
  });

  it("refuses at once what is no request, an option that it has not, and an aborted signal", async () => {
    const { client } = await vendor(file);
    await expect(client.start(exportEvents, undefined as never)).rejects.toThrow("expects an object");
    await expect(client.start(exportEvents, { from: {} as never })).rejects.toThrow('"from" must not be');
    await expect(client.start(exportEvents, { from: "1" }, { timeout: 1 } as never)).rejects.toThrow(
      TypeError,
    );
    const reason = new Error("stop");
    await expect(
      client.start(exportEvents, { from: "1" }, { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });

  it("has nothing to cancel", async () => {
    const { client } = await vendor(file);
    const job = await client.start(exportEvents, { from: "2026-11-01" });
    expect(await job.cancel()).toBe("unsupported");
    await expect(job.wait({ onTimeout: "cancel" })).rejects.toMatchObject({ code: "UNSUPPORTED" });
  });

  it("tells of its end to who listens", async () => {
    const { client } = await vendor(file);
    const job = await client.start(exportEvents, { from: "2026-11-01" });
    const types: string[] = [];
    for await (const { type } of job.events()) types.push(type);
    expect(types).toEqual(["created", "end"]);
  });

  it("waits as long as the vendor asks after a 429, and sends the request again after a 503", async () => {
    const refused =
      (status: number): Answer =>
      (_, response) =>
        response.writeHead(status, { "retry-after-ms": "5" }).end();
    const { client, seen } = await vendor(refused(429), refused(503), file);
    const job = await client.start(exportEvents, { from: "2026-11-01" });
    expect(await job.save(`${await folder()}/`, quick)).toMatchObject({ attempts: 3, sizeBytes: CSV.length });
    expect(seen).toHaveLength(3);
  });

  it("asks for the credentials again when they are refused", async () => {
    const { connect, seen } = await vendor((_, response) => response.writeHead(401).end(), file);
    const tokens = ["old", "new"];
    const job = await connect({ token: () => tokens.shift() }).start(exportEvents, { from: "1" });
    await job.save(`${await folder()}/`);
    expect(seen.map(({ authorization }) => authorization)).toEqual(["Bearer old", "Bearer new"]);
  });

  it("takes an error in a 200, and another type, for no file", async () => {
    const { client } = await vendor(
      (_, response) =>
        response.writeHead(200, { "content-type": "application/json" }).end('{"error":"too many days"}'),
      (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<p>Sign in</p>"),
    );
    const job = await client.start(exportEvents, { from: "2026-11-01" });
    const to = await folder();
    await expect(job.save(`${to}/`)).rejects.toMatchObject({
      token: job.token,
      message: expect.stringContaining("too many days"),
    });
    await expect(job.save(`${to}/`)).rejects.toMatchObject({ code: "UNEXPECTED_TYPE" });
    expect(readdirSync(to)).toEqual([]);
  });
});

describe("the file of a workflow of one step", () => {
  const half = CSV.slice(0, 8);
  const cut =
    (etag: string): Answer =>
    (_, response) => {
      response.writeHead(200, { "content-type": "text/csv", "content-length": CSV.length, etag });
      response.write(half, () => setTimeout(() => response.destroy(), 5));
    };
  const rest =
    (etag: string): Answer =>
    ({ headers }, response) => {
      const isSame = headers["if-range"] === etag;
      const from = isSame ? Number(/\d+/.exec(headers.range ?? "")?.[0] ?? 0) : 0;
      response.writeHead(from ? 206 : 200, {
        "content-type": "text/csv",
        etag,
        ...(from ? { "content-range": `bytes ${from}-${CSV.length - 1}/${CSV.length}` } : {}),
      });
      response.end((isSame ? CSV : CSV.toUpperCase()).slice(from));
    };

  it("goes on where the connection broke, where the answer is the same", async () => {
    const { client, seen } = await vendor(cut('"1"'), rest('"1"'));
    const job = await client.start(exportEvents, { from: "2026-11-01" });
    const saved = await job.save(`${await folder()}/`, quick);
    expect(saved).toMatchObject({ resumed: 1, restarted: 0 });
    expect(readFileSync(saved.path ?? "", "utf8")).toBe(CSV);
    expect(seen[1]?.range).toBe("bytes=8-");
  });

  it("begins anew where the answer is another one: two are never joined", async () => {
    const { client } = await vendor(cut('"1"'), rest('"2"'));
    const job = await client.start(exportEvents, { from: "2026-11-01" });
    const saved = await job.save(`${await folder()}/`, quick);
    expect(saved).toMatchObject({ resumed: 0, restarted: 1 });
    expect(readFileSync(saved.path ?? "", "utf8")).toBe(CSV.toUpperCase());
  });

  it("goes on with a partial file of the same request only, whatever the validator says", async () => {
    const { client, connect, seen } = await vendor(cut('"1"'), cut('"1"'), rest('"1"'));
    const to = `${await folder()}/events.csv`;
    const options = { keepPartial: true, retry: { attempts: 1 } };
    const first = await client.start(exportEvents, { from: "2026-11-01" });
    await expect(first.save(to, options)).rejects.toMatchObject({ code: "INCOMPLETE" });
    const other = await client.start(exportEvents, { from: "2026-11-02" });
    await expect(other.save(to, options)).rejects.toMatchObject({ code: "INCOMPLETE" });
    await connect().resume(other.token).save(to, options);
    expect(seen.map(({ range }) => range)).toEqual([undefined, undefined, "bytes=8-"]);
    expect(readFileSync(to, "utf8")).toBe(CSV);
  });

  it("may begin after minutes of silence, or within the time that the download gives it", async () => {
    const clock = new FakeClock();
    const answers: (() => void)[] = [];
    const fetch: typeof globalThis.fetch = (_, init) =>
      new Promise((resolve, reject) => {
        answers.push(() => resolve(new Response(CSV, { headers: { "content-type": "text/csv" } })));
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      });
    const client = createOneStepClient(definition, { token: "secret", clock, fetch });
    const job = await client.start(exportEvents, { from: "2026-11-01" });
    const text = job.download().then((download) => download.text());
    await soon(() => answers.length).toBe(1);
    await clock.advance(590);
    answers[0]?.();
    expect(await text).toBe(CSV);
    const short = job.download({ timeouts: { headersMs: 1000 } });
    short.catch(() => {});
    await soon(() => answers.length).toBe(2);
    await clock.advance(1);
    await expect(short).rejects.toMatchObject({ code: "TIMEOUT", phase: "headers", token: job.token });
  });
});

describe("a workflow of one step that finds nothing", () => {
  const start = async (...answers: Answer[]) => {
    const world = await vendor(...answers);
    return { ...world, job: await world.client.start(exportEvents, { from: "2026-11-01" }) };
  };

  it("writes nothing, says so, and does not ask again", async () => {
    const { job, seen } = await start(noData);
    const to = await folder();
    writeFileSync(`${to}/events.csv`, "yesterday");
    const options = { overwrite: "replace" } as const;
    expect(await job.save(`${to}/events.csv`, options)).toMatchObject({ empty: true, sizeBytes: 0 });
    expect([readdirSync(to), readFileSync(`${to}/events.csv`, "utf8")]).toEqual([
      ["events.csv"],
      "yesterday",
    ]);
    expect(job.snapshot.state).toBe("empty");
    expect(await job.save(`${to}/events.csv`, options)).toMatchObject({ empty: true });
    expect(seen).toHaveLength(1);
  });

  it("writes an empty file, or fails, where that is asked for", async () => {
    const { job, connect } = await start(noData);
    const to = `${await folder()}/events.csv`;
    const error = { code: "JOB_EMPTY", jobId: job.id, token: job.token };
    await expect(job.save(to, { ifEmpty: "error" })).rejects.toMatchObject(error);
    await expect(connect().resume(job.token).download()).rejects.toMatchObject(error);
    expect(await connect().resume(job.token).save(to, { ifEmpty: "file" })).toMatchObject({ empty: true });
    expect(readFileSync(to, "utf8")).toBe("");
  });

  const cases: [what: string, answers: Answer[]][] = [
    [
      "the file has begun",
      [
        (_, response) => {
          response.writeHead(200, { "content-type": "text/csv", "content-length": CSV.length });
          response.write("id", () => setTimeout(() => response.destroy(), 5));
        },
        noData,
      ],
    ],
    [
      "the server that it redirects to has no such file",
      [
        (request, response) =>
          request.url === "/elsewhere"
            ? noData(request, response)
            : response.writeHead(302, { location: "/elsewhere" }).end(),
      ],
    ],
    ["the reply is another one", [(_, response) => response.writeHead(400).end("no such project")]],
  ];
  it.each(cases)("is a failure where %s", async (_, answers) => {
    const { job } = await start(...answers);
    const save = async (one: ExportJob) => one.save(`${await folder()}/`, quick);
    await expect(save(job)).rejects.toMatchObject({ code: "HTTP_STATUS", token: job.token });
    expect(job.snapshot.state).toBe("succeeded");
  });
});
