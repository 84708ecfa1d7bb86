import { readdir, readFile } from "node:fs/promises";
import { type ConnhexOptions, type CreateExportRequest, createConnhex, JobGoneError } from "@outhaul/connhex";
import { describe, expect, it } from "vitest";
import { fastClock } from "../fast-clock.js";
import { quick, useVendor } from "../run-vendor.js";
import { changeJson, watchRequests } from "../watch-requests.js";

const setup = useVendor("connhex");
const messages: CreateExportRequest = {
  format: { filename: "cold-room", extension: "csv", columns: [{ id: "time", label: "Time" }] },
  type: "oneTime",
  items: [{ params: { target: { value: "urn:cpt:T100" }, channelId: "c1", subtopic: "events.data" } }],
  notification: { messages: [] },
};

function client(options: Partial<ConnhexOptions> = {}) {
  const { baseUrl } = setup.listening;
  return createConnhex({ baseUrl, token: "sandbox-token", ...options });
}
const vendor = () => setup.listening.sandbox;
const seen = () =>
  vendor()
    .requests()
    .map(({ operation, status }) => `${operation} ${status}`);
/** A client to whom the status of every export is this. */
function told(body: string, type = "application/json") {
  const { fetch } = watchRequests(({ url }, pass) =>
    url.pathname.endsWith("/status") ? new Response(body, { headers: { "content-type": type } }) : pass(),
  );
  return client({ fetch });
}

describe("the body of a status", () => {
  it.each([
    ["a word", "word"],
    ["an object", "object"],
    ["a list of jobs", "jobs"],
  ])("may be %s, and the file is fetched when it is done", async (_, form) => {
    vendor().configure({ form, polls: 3 });
    const job = await client().createExport(messages);
    const { path = "" } = await job.save(`${setup.folder}/`, quick);
    const polls = Array(4).fill("getExportStatus 200");
    expect(seen()).toEqual(["createExport 201", ...polls, "downloadExport 200"]);
    expect((await readFile(path)).length).toBe(vendor().fileOf(job.id).sizeBytes);
  });

  it.each([
    ['"done"', "succeeded"],
    ["done\n", "succeeded"],
    [{ status: "done" }, "succeeded"],
    [{ exportStatus: "done", deliveryStatus: "failed" }, "succeeded"],
    [{ data: { jobs: [{ exportStatus: "done" }] } }, "succeeded"],
    [[{ status: "expired" }, { status: "done" }], "succeeded"],
    [[{ status: "done" }, { status: "notProcessed" }], "queued"],
    [[{ status: "done" }, { status: "notProcessed" }, { status: "inProgress" }], "running"],
    [[{ status: "done" }, { status: "failed" }], "failed"],
    [{ status: "failed", reason: "done" }, "failed"],
    [[{ status: "expired" }], "expired"],
    ['"expired"', "expired"],
  ])("%j means %s", async (body, state) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const job = await told(text, text === "done\n" ? "text/plain" : undefined).createExport(messages);
    expect((await job.refresh()).state).toBe(state);
  });

  it.each([
    [{ status: "inProgress", message: "done" }, "running"],
    [{ status: "inProgress", items: [{ filename: "done" }] }, "running"],
    [{ status: "inProgress", log: '"status":"done"' }, "running"],
    [{ status: "notProcessed", done: true }, "queued"],
    [{ message: "done" }, "unknown"],
    [{ lastStatus: "done" }, "unknown"],
    [{ status: { label: "done" } }, "unknown"],
    [["done"], "unknown"],
    [{ status: "not done" }, "unknown"],
    ['"half done"', "unknown"],
    ['"Done"', "unknown"],
  ])("is not done because the word is in it elsewhere: %j means %s", async (body, state) => {
    const job = await told(typeof body === "string" ? body : JSON.stringify(body)).createExport(messages);
    expect((await job.refresh()).state).toBe(state);
  });
});

describe("cancelling", () => {
  it("deletes the export, which ends the job at once", async () => {
    vendor().configure({ polls: 1000 });
    const job = await client().createExport(messages);
    const waiting = job.wait({ schedule: () => 1e6 });
    expect(await job.cancel()).toBe("cancelled");
    await expect(waiting).rejects.toMatchObject({ name: "JobCancelledError" });
    await expect(job.wait()).rejects.toMatchObject({ name: "JobCancelledError" });
    expect(job.snapshot.state).toBe("cancelled");
    expect(vendor().jobs()).toEqual([]);

    expect(await job.cancel()).toBe("cancelled");
    expect(seen()).toEqual(["createExport 201", "deleteExport 204"]);
  });

  it("an export that Connhex does not know says that it is gone", async () => {
    const job = await client().createExport(messages);
    await job.refresh(); // a job that was never seen may not be visible yet
    vendor().reset();
    expect(await job.cancel()).toBe("gone");
    await expect(job.wait()).rejects.toThrow(JobGoneError);
    expect(seen()).toEqual(["deleteExport 404"]);
  });

  it("an export that is done comes too late, and its file is not deleted", async () => {
    const job = await client().createExport(messages);
    await job.wait(quick);
    expect(await job.cancel()).toBe("tooLate");
    expect(vendor().jobs()).toHaveLength(1);
  });

  it("happens by itself at the deadline, when it is wished", async () => {
    vendor().configure({ polls: 1e6 });
    const job = await client().createExport(messages);
    const waiting = job.wait({ ...quick, timeoutMs: 20, onTimeout: "cancel" });
    await expect(waiting).rejects.toMatchObject({ name: "JobCancelledError" });
    expect(vendor().jobs()).toEqual([]);
  });
});

describe("a 429 on the start, which is a queue that is full", () => {
  const full = { kind: "error", status: 429, on: "start", example: "queue-full" } as const;

  it("is waited out, and one export is made", async () => {
    vendor().fault({ ...full, times: 3 });
    const clock = fastClock();
    const before = clock.now();
    const job = await client({ clock, requestTimeoutMs: 1e7 }).createExport(messages);
    expect(clock.now() - before).toBeGreaterThanOrEqual(70_000);
    expect(seen()).toEqual([...Array(3).fill("createExport 429"), "createExport 201"]);
    expect(vendor().jobs()).toMatchObject([{ id: job.id }]);
  });

  it("is told in the words of Connhex when it lasts", async () => {
    vendor().fault({ ...full, times: "always" });
    const starting = client({ clock: fastClock(2000), requestTimeoutMs: 1e8 }).createExport(messages);
    await expect(starting).rejects.toMatchObject({
      ...{ name: "ApiError", status: 429, isRetryable: true },
      message: expect.stringMatching(/: Maximum number of queued exports reached$/),
    });
    expect(seen().length).toBeGreaterThan(1);
    expect(vendor().jobs()).toEqual([]);
  });
});

describe("the file", () => {
  it.each([
    ["csv", "Time\n"],
    ["xlsx", "PK\x03\x04"],
    ["pdf", "%PDF-"],
  ] as const)("as %s has the right extension and begins as it should", async (extension, head) => {
    const request = { ...messages, format: { ...messages.format, extension } };
    const job = await client().createExport(request);
    const { path = "" } = await job.save(`${setup.folder}/`, quick);
    expect(path).toBe(`${setup.folder}/connhex-${job.id}.${extension}`);
    expect((await readFile(path, "latin1")).slice(0, head.length)).toBe(head);
  });

  it("of several items may be a ZIP, whatever was asked for", async () => {
    vendor().configure({ format: "zip", files: 2 });
    const job = await client().createExport(messages);
    const { path } = await job.save(`${setup.folder}/`, quick);
    expect(path).toMatch(/\.zip$/);
  });

  it("of an export that has expired is not asked for", async () => {
    vendor().configure({ outcome: "expired" });
    const job = await client().createExport(messages);
    await expect(job.save(`${setup.folder}/`, quick)).rejects.toMatchObject({ name: "JobExpiredError" });
    expect(seen().some((line) => line.startsWith("downloadExport"))).toBe(false);
  });

  it("that has expired since is an error of the download, and nothing is left", async () => {
    const job = await client().createExport(messages);
    await job.wait(quick);
    vendor().fault({ kind: "expiredLink" });
    const saving = job.save(`${setup.folder}/`, quick);
    await expect(saving).rejects.toMatchObject({ name: "DownloadError", status: 404, jobId: job.id });
    expect(await readdir(setup.folder)).toEqual([]);
  });
});

describe("an export that was just started", () => {
  it.each([404, 403])("may be refused once with %i, until its permissions are set", async (status) => {
    const job = await client().createExport(messages);
    vendor().fault({ kind: "error", status, on: "poll" });
    expect((await job.wait(quick)).state).toBe("succeeded");
  });

  it("has its id in the reply, without a status", async () => {
    const { data } = await client().api.POST("/exports", { body: messages });
    expect(data).toMatchObject({ id: vendor().jobs()[0]?.id, deletedAt: null });
    expect(data).not.toHaveProperty("status");
  });

  it("cannot be looked for when the reply was lost, so that the user is told", async () => {
    vendor().fault({ kind: "lostReply" });
    await expect(client().createExport(messages)).rejects.toMatchObject({ name: "CreateAmbiguousError" });
    expect(seen()).toEqual(["createExport undefined"]);
  });
});

describe("a session token", () => {
  it("that a function gives is asked for again when Connhex refuses it", async () => {
    const tokens = ["old-token", "sandbox-token"];
    const job = await client({ token: async () => tokens.shift() ?? "" }).createExport(messages);
    expect((await job.wait(quick)).state).toBe("succeeded");
    expect(seen().slice(0, 2)).toEqual(["createExport 401", "createExport 201"]);
    expect(tokens).toEqual([]);
  });

  it("that stands for no user is a 400 in the words of Connhex", async () => {
    vendor().fault({ kind: "error", status: 400, on: "start", example: "no-identity" });
    await expect(client().createExport(messages)).rejects.toThrow(/answered 400: Missing user identity id$/);
  });
});

describe("an error", () => {
  it.each([
    [{ errors: [{ detail: "Too many columns" }] }, "Too many columns"],
    [{ error: { message: "Too many columns" } }, "Too many columns"],
    [{ message: "Too many columns" }, "Too many columns"],
    ["Too many columns", "Too many columns"],
  ])("is told in its own words, where they are: %j", async (body, words) => {
    const reply = () =>
      typeof body === "string" ? new Response(body, { status: 400 }) : Response.json(body, { status: 400 });
    const { fetch } = watchRequests(() => reply());
    const starting = client({ fetch }).createExport(messages);
    await expect(starting).rejects.toThrow(`connhex: createExport: POST /exports answered 400: ${words}`);
  });

  it.each(["x-request-id", "x-correlation-id", "request-id"])(
    "has the id of the request: %s",
    async (name) => {
      const headers = { [name]: "r-1" };
      const { fetch } = watchRequests(() => Response.json({}, { status: 500, headers }));
      await expect(client({ fetch }).createExport(messages)).rejects.toMatchObject({ requestId: "r-1" });
    },
  );
});

describe("the domain", () => {
  it.each([
    [{}, "https://apis.connhex.com/exports"],
    [{ domain: "acme.connhex.com" }, "https://apis.acme.connhex.com/exports"],
  ])("%j makes the address %s", async (options, address) => {
    const { fetch, sent } = watchRequests(() => Response.json({ results: [] }));
    await createConnhex({ token: "secret", fetch, ...options }).api.GET("/exports");
    expect(sent[0]?.url.href).toBe(address);
  });
});

it("a list in a query repeats its name", async () => {
  const { fetch, sent } = watchRequests();
  const query = { status: ["done" as const, "failed" as const], type: "oneTime" as const };
  const { response } = await client({ fetch }).api.GET("/exports", { params: { query } });
  expect(response.status).toBe(200);
  expect(sent[0]?.url.search).toBe("?status=done&status=failed&type=oneTime");
});

it.each(["a/status", "../exports", "a?b"])("an id such as %j stays one part of the path", async (id) => {
  await client().api.DELETE("/exports/{id}", { params: { path: { id } } });
  expect(vendor().requests()).toMatchObject([{ operation: "deleteExport", query: [], status: 404 }]);
});

it("an id in a reply with a `/` in it stays one part of the path", async () => {
  const change = changeJson(/exports$/, (body: object) => ({ ...body, id: "a/b?c" }));
  const asked = new AbortController();
  const { fetch } = watchRequests(async (sent, pass) => {
    const reply = await change(sent, pass);
    if (sent.method === "DELETE") asked.abort(); // the cancel would be sent again: a new job may not be visible yet
    return reply;
  });
  const job = await client({ fetch }).createExport(messages);
  await expect(job.cancel({ signal: asked.signal })).rejects.toMatchObject({ name: "AbortError" });
  expect(seen()).toEqual(["createExport 201", "deleteExport 404"]);
});
