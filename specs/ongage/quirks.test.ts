import { readdir, readFile } from "node:fs/promises";
import { ApiError, createOngage, type OngageSettings, ResumeTokenError, TimeoutError } from "@outhaul/ongage";
import { sha256Of } from "@outhaul/sandbox/node";
import { describe, expect, it } from "vitest";
import { quick, useVendor } from "../run-vendor.js";
import { changeJson, watchRequests } from "../watch-requests.js";

const setup = useVendor("ongage");
const user = {
  username: "sandbox-username",
  password: "sandbox-password",
  accountCode: "sandbox-account-code",
};
const contacts = {
  name: "Readers",
  date_format: "dd/mm/yyyy",
  file_format: "csv",
  segment_id: [77197],
  status: ["active"],
} satisfies Parameters<ReturnType<typeof createOngage>["exportContacts"]>[0];
const { segment_id: _, ...withoutSegments } = contacts;

function client(settings: OngageSettings = {}) {
  const { baseUrl } = setup.listening;
  return createOngage({ baseUrl, rateLimit: false, ...user, ...settings });
}
const vendor = () => setup.listening.sandbox;
const seen = () =>
  vendor()
    .requests()
    .map(({ operation, status }) => `${operation} ${status}`);
/** What the client would send, with nothing sent. */
const unsent = () => watchRequests(() => Response.json({ metadata: { error: false }, payload: [] }));

describe("an export that has no status", () => {
  it("is asked for until the reply is the file, which is fetched by this very request", async () => {
    vendor().configure({ polls: 3 });
    const job = await client().exportContacts(contacts);
    const { sha256, attempts } = await job.save(`${setup.folder}/`, { ...quick, sha256: true });
    const waiting = Array(3).fill("retrieveExport 412");
    expect(seen()).toEqual(["createExport 200", ...waiting, "retrieveExport 200"]);
    expect(attempts).toBe(1);
    expect(sha256).toBe(sha256Of(vendor().fileOf(job.id)));
  });

  it("that answers 412 for ever ends by the deadline, with a token to go on with", async () => {
    vendor().configure({ polls: 1e6 });
    const job = await client().exportContacts(contacts);
    const saving = job.save(`${setup.folder}/`, { schedule: () => 5, timeoutMs: 40 });
    const error = await saving.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({
      token: job.token,
      message: expect.stringMatching(/still running .*412: \d/),
    });
    expect(await readdir(setup.folder)).toEqual([]);

    vendor().configure({ polls: 0 }, job.id);
    const { path = "" } = await client().resume(job.token).save(`${setup.folder}/`, quick);
    expect((await readFile(path)).length).toBe(vendor().fileOf(job.id).sizeBytes);
  });

  it("is not taken for finished when an error comes with the code 200", async () => {
    const job = await client().exportContacts(contacts);
    vendor().fault({ kind: "error", status: 500, sendAs: 200, on: "poll", times: 2 });
    const { path = "" } = await job.save(`${setup.folder}/`, quick);
    expect((await readFile(path)).subarray(0, 2).toString()).toBe("PK");
  });

  it.each([
    ["nothing", "", {}],
    ["nothing, called a ZIP", "", { "content-type": "application/zip" }],
    ["nothing, called a CSV", "", { "content-type": "text/csv" }],
    ["a plain text", "Service busy", { "content-type": "text/plain" }],
    ["a plain text that is called a ZIP", "Service busy", { "content-type": "application/zip" }],
    ["an XML error", "<Error><Code>SlowDown</Code></Error>", { "content-type": "application/xml" }],
    ["an XML text", "<Error/>", { "content-type": "text/xml; charset=utf-8" }],
    ["JSON that says nothing", "{}", { "content-type": "application/json" }],
    ["a page", "<html>log in</html>", { "content-type": "text/html" }],
  ])("1.8 is not taken for finished when it is answered by %s", async (_what, body, headers) => {
    let others = 3;
    const { fetch } = watchRequests(({ url }, pass) =>
      url.pathname.endsWith("/retrieve") && others-- > 0 ? new Response(body, { headers }) : pass(),
    );
    vendor().configure({ polls: 0 });
    const job = await client({ fetch }).exportContacts(contacts);
    const states = new Set<string>();
    const { path = "" } = await job.save(`${setup.folder}/`, {
      ...quick,
      schedule() {
        states.add(job.snapshot.state);
        return 1;
      },
    });
    expect((await readFile(path)).subarray(0, 2).toString()).toBe("PK");
    expect(states).not.toContain("succeeded");
    expect(others).toBeLessThan(0);

    others = Infinity;
    const waited = client({ fetch })
      .resume(job.token)
      .wait({ ...quick, tolerance: { unknownMs: 5, failuresMs: 5 } });
    await expect(waited).rejects.toMatchObject({ name: /Unknown|PollFailed/, token: job.token });
  });

  it("1.8 nor by Node's own requests, and once it is, a later attempt brings the same kind of thing", async () => {
    const target = { on: "file", times: 2 } as const;
    vendor().fault({ kind: "html", body: "Service busy", ...target });
    vendor().fault({ kind: "headers", headers: { "content-type": "text/plain" }, ...target });
    vendor().configure({ polls: 0 });
    const job = await client().exportContacts(contacts);
    const { path = "" } = await job.save(`${setup.folder}/`, quick);
    expect((await readFile(path)).subarray(0, 2).toString()).toBe("PK");
    expect(seen()).toEqual(["createExport 200", ...Array(5).fill("retrieveExport 200")]);

    vendor().fault({ kind: "cutConnection", on: "file" });
    vendor().fault({ kind: "html", on: "file", times: "always" });
    await expect(client().resume(job.token).save(`${setup.folder}/again.zip`, quick)).rejects.toMatchObject({
      code: "UNEXPECTED_TYPE",
    });
    expect(await readdir(setup.folder)).toEqual([path.slice(setup.folder.length + 1)]);
  });

  it.each([
    ["zip", "zip"],
    ["csv", "csv"],
  ] as const)("may be a %s file, and is named by what it is", async (format, extension) => {
    vendor().configure({ format });
    const job = await client().exportContacts(contacts);
    const { path } = await job.save(`${setup.folder}/`, quick);
    expect(path).toBe(`${setup.folder}/ongage-${job.id}.${extension}`);
  });

  it("can be fetched again", async () => {
    vendor().configure({ polls: 0 });
    const ongage = client();
    const job = await ongage.exportContacts(contacts);
    const first = await (await job.download(quick)).bytes();
    const again = await (await job.download(quick)).bytes();
    expect(Buffer.compare(first, again)).toBe(0);
    expect(seen()).toEqual(["createExport 200", "retrieveExport 200", "retrieveExport 200"]);
  });
});

describe("a request that Ongage does not take", () => {
  it.each([
    ["both segments and mailings", { ...contacts, mailing_id: [4452] }],
    ["neither of them, and no suppression list", withoutSegments],
    ["a status for segments only", { ...withoutSegments, mailing_id: [4452], status: ["bounced" as const] }],
  ])("is a 412, which is not waited out at a start: %s", async (_, request) => {
    const error = await client()
      .exportContacts(request as typeof contacts) // the types know it too
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 412, message: expect.stringContaining("Invalid data") });
    expect(seen()).toEqual(["createExport 412"]);
  });

  it("is an ApiError also when the code is 200", async () => {
    const fault = { kind: "error", status: 412, sendAs: 200, message: "No such segment" } as const;
    vendor().fault({ ...fault, operation: "listSegments" });
    await expect(client().api.GET("/api/segments")).rejects.toMatchObject({ name: "ApiError", status: 200 });
    expect((await client().api.GET("/api/segments")).data?.metadata?.error).toBe(false);
  });
});

describe("the list", () => {
  it("stands first in the path of every request", async () => {
    const { fetch, sent } = watchRequests();
    const ongage = client({ fetch, listId: "23939" });
    const job = await ongage.exportContacts(contacts);
    await job.save(`${setup.folder}/`, quick);
    await ongage.api.GET("/api/segments");
    expect([...new Set(sent.map(({ url }) => url.pathname))]).toEqual([
      "/23939/api/export",
      `/23939/api/export/${job.id}/retrieve`,
      "/23939/api/segments",
    ]);
    expect(seen().every((line) => !line.startsWith("undefined"))).toBe(true);
  });

  it.each([
    [{}, "/api/segments"],
    [{ listId: "" }, "/api/segments"],
    [{ listId: "a/b" }, "/a%2Fb/api/segments"],
  ])("%j makes the path %s", async (settings, path) => {
    const { fetch, sent } = unsent();
    await client({ ...settings, fetch }).api.GET("/api/segments");
    expect(sent[0]?.url.pathname).toBe(path);
  });

  it("must not be a step up in the path", () => {
    expect(() => client({ listId: ".." })).toThrow(
      new TypeError('createOngage: the option "listId" must not be ".."'),
    );
  });

  it("tells one account from another: a token of one list is refused by the client of another", async () => {
    const { token } = await client({ listId: "23939" }).exportContacts(contacts);
    expect(() => client({ listId: "23940" }).resume(token)).toThrow(ResumeTokenError);
    expect(client({ listId: "23939" }).resume(token).token).toBe(token);
  });

  it("is named in the body where it is a suppression list, which needs no segments", async () => {
    const job = await client().exportContacts({ ...withoutSegments, list_id: 23940 });
    expect((await job.wait(quick)).state).toBe("succeeded");
  });
});

describe("credentials", () => {
  const userHeaders = ["x_username", "x_password", "x_account_code"];

  it.each([
    ["a user's go to api.ongage.net", user, "api.ongage.net", userHeaders],
    ["an API key goes to api.ongage.com", { apiKey: "sandbox-api-key" }, "api.ongage.com", ["x-api-key"]],
  ])("%s, and nothing else goes along", async (_, credentials, host, names) => {
    const { fetch, sent } = unsent();
    const ongage = createOngage({ ...(credentials as typeof user), fetch, listId: "23939" }); // one of the two
    await ongage.api.GET("/api/segments");
    expect(sent[0]?.url.href).toBe(`https://${host}/23939/api/segments`);
    const shown = [...userHeaders, "x-api-key"].filter((name) => sent[0]?.headers.has(name));
    expect(shown).toEqual(names);
  });

  it("as an API key run an export, too", async () => {
    const { baseUrl } = setup.listening;
    const ongage = createOngage({ apiKey: "sandbox-api-key", baseUrl, listId: "23939" });
    const job = await ongage.exportContacts(contacts);
    await job.wait(quick);
    for (const { headers } of vendor().requests()) {
      expect(headers).toContain("x-api-key");
      expect(headers).not.toContain("x_username");
    }
  });

  it("keep the path of the server when baseUrl leads to a proxy", async () => {
    const { fetch, sent } = unsent();
    const options = { apiKey: "sandbox-api-key", fetch, listId: "23939" };
    await createOngage({ ...options, baseUrl: "https://proxy.example/ongage/" }).api.GET("/api/segments");
    expect(sent[0]?.url.href).toBe("https://proxy.example/ongage/23939/api/segments");
  });

  it.each([
    [{ ...user, apiKey: "key" }, 'give either "username", "password", "accountCode" or "apiKey", not both'],
    [{ username: "ada" }, 'the option "password" is missing'],
    [{}, 'the option "username" is missing.*\\(or use "apiKey"\\)'],
  ])("that are not one of the two are a TypeError", (credentials, message) => {
    const make = () => createOngage(credentials as typeof user); // what the types forbid
    expect(make).toThrow(TypeError);
    expect(make).toThrow(new RegExp(message));
  });

  it("that are refused in the other server's own words are told in these", async () => {
    const call = () => client().exportContacts(contacts);
    vendor().fault({ kind: "error", status: 401, example: "invalid-key", on: "start" });
    await expect(call()).rejects.toMatchObject({
      status: 401,
      message: expect.stringMatching(/: Invalid API key$/),
    });
  });
});

describe("numbers", () => {
  it.each([5001, "5001"])("such as an id may be numbers or texts: %j", async (id) => {
    const { fetch } = watchRequests(
      changeJson(/export$/, () => ({ metadata: { error: false }, payload: { id } })),
    );
    expect((await client({ fetch }).exportContacts(contacts)).id).toBe("5001");
  });

  it.each([
    [1, "running"],
    ["1", "running"],
    [2, "succeeded"],
    ["2", "succeeded"],
    [3, "unknown"],
    ["Completed", "unknown"],
  ])("such as the status %j of a report mean %s", async (status, state) => {
    const body = { metadata: { error: false }, payload: { id: 1, status } };
    const { fetch } = watchRequests(changeJson(/contact_activity\/\d+$/, () => body));
    const job = await client({ fetch }).exportContactActivity({ title: "Readers" });
    expect(await job.refresh()).toMatchObject({ state, rawStatus: String(status) });
  });
});

describe("a report of contact activity", () => {
  it("has a status of its own, then a file", async () => {
    vendor().configure({ polls: 2 });
    const job = await client().exportContactActivity({
      title: "Readers",
      selected_fields: ["email", "opens"],
    });
    const { path = "" } = await job.save(`${setup.folder}/`, quick);
    const polls = Array(3).fill("getContactActivity 200");
    expect(seen()).toEqual(["createContactActivity 200", ...polls, "downloadContactActivity 200"]);
    expect(await readFile(path, "utf8")).toMatch(/^email,opens\n/);
  });

  it("has a detailed file besides, and can be deleted, by the job's id", async () => {
    const { api, exportContactActivity } = client();
    const job = await exportContactActivity({ title: "Readers" });
    await job.wait(quick);
    const params = { path: { id: job.id } };
    const { data } = await api.GET("/api/contact_activity/{id}/export_detailed", { params, parseAs: "text" });
    expect(data).toMatch(/^email,action,date\n/);
    expect((await api.DELETE("/api/contact_activity/{id}", { params })).response.status).toBe(200);
    expect((await api.GET("/api/contact_activity/{id}", { params })).response.status).toBe(404);
  });
});

describe("the other reports", () => {
  it("a search for contacts is started, waited for and saved", async () => {
    vendor().configure({ polls: 2 });
    const filters = {
      criteria: [{ field_name: "email", type: "email", operator: "LIKE", operand: ["@gmail.com"] }],
    };
    const job = await client().exportContactSearch({ title: "Readers", selected_fields: ["email"], filters });
    const { path = "", sha256 } = await job.save(`${setup.folder}/`, { ...quick, sha256: true });
    const polls = Array(3).fill("getContactSearch 200");
    expect(seen()).toEqual(["createContactSearch 200", ...polls, "downloadContactSearch 200"]);
    expect(path).toMatch(/\.csv$/);
    expect(sha256).toBe(sha256Of(vendor().fileOf(job.id)));
  });

  it("a report of aggregate activity is, too, and sends what to group by", async () => {
    vendor().configure({ polls: 0 });
    const { fetch, sent } = watchRequests();
    const job = await client({ fetch }).exportAggregateActivity({
      title: "By mailing",
      selected_fields: ["sent"],
      group_fields: ["mailing_id"],
    });
    const { sha256 } = await job.save(`${setup.folder}/`, { ...quick, sha256: true });
    expect(seen()).toEqual([
      "createAggregateActivity 200",
      "getAggregateActivity 200",
      "downloadAggregateActivity 200",
    ]);
    expect(JSON.parse(sent[0]?.body ?? "")).toEqual({
      title: "By mailing",
      selected_fields: ["sent"],
      group_fields: ["mailing_id"],
    });
    expect(sha256).toBe(sha256Of(vendor().fileOf(job.id)));
  });

  it("a job of one report is not taken for one of another", async () => {
    const job = await client().exportContactSearch({ title: "Readers" });
    expect(job.workflow).toBe("exportContactSearch");
    expect(client().resume(job.token).workflow).toBe("exportContactSearch");
  });
});

it("an id such as `../export` stays one part of the path", async () => {
  const { api } = client({ listId: "23939" });
  for (const id of ["../export", "a/b", "1?list_id=2"])
    await api.GET("/api/segments/{id}", { params: { path: { id } } });
  expect(vendor().requests()).toMatchObject(Array(3).fill({ operation: "getSegment", query: [] }));
});

it("no more than ten requests are open at once", async () => {
  vendor().configure({ polls: 0, sizeBytes: 2000 });
  const ongage = createOngage({ ...user, baseUrl: setup.listening.baseUrl });
  const jobs = await Promise.all(
    Array.from({ length: 15 }, (_, at) => ongage.exportContactActivity({ title: `Report ${at}` })),
  );
  vendor().fault({ kind: "slowBody", bytesPerSecond: 8_000, times: "always" });
  await Promise.all(jobs.map(async (job) => (await job.download(quick)).bytes()));
  expect(vendor().maxima().concurrent).toBe(10);
});

it("a start that is answered with an error and the code 200 is refused, and no job is made of it", async () => {
  vendor().fault({ kind: "error", status: 412, sendAs: 200, message: "No such segment", on: "start" });
  const error = await client()
    .exportContacts(contacts)
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "ApiError", status: 200 });
  expect((error as Error).message).toContain("answered 200 with an error: No such segment");
});

it("an error that comes with the code 200 in place of the file is not saved as the file", async () => {
  const job = await client().exportContactActivity({ title: "Readers" });
  await job.wait(quick);
  vendor().fault({
    kind: "error",
    status: 412,
    sendAs: 200,
    message: "Gone",
    operation: "downloadContactActivity",
    times: "always",
  });
  const error = await job.save(`${setup.folder}/`, quick).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "ApiError", status: 200, jobId: job.id });
  expect(await readdir(setup.folder)).toEqual([]);
});

it("no more than ten files that come with the poll are open at once", async () => {
  vendor().configure({ polls: 0, sizeBytes: 2000 });
  const ongage = createOngage({ ...user, baseUrl: setup.listening.baseUrl });
  const jobs = await Promise.all(Array.from({ length: 15 }, () => ongage.exportContacts(contacts)));
  vendor().fault({ kind: "slowBody", bytesPerSecond: 20_000, on: "file", times: "always" });
  await Promise.all(jobs.map(async (job) => (await job.download(quick)).bytes()));
  expect(vendor().maxima().concurrent).toBeLessThanOrEqual(10);
});

it("no more than ten calls are open at once, their bodies included", async () => {
  vendor().fault({ kind: "slowBody", operation: "listSegments", bytesPerSecond: 20_000, times: "always" });
  const { api } = client({ rateLimit: { maxConcurrent: 10 } });
  await Promise.all(Array.from({ length: 25 }, () => api.GET("/api/segments")));
  expect(vendor().maxima().concurrent).toBe(10);
});

it("a start whose reply was lost cannot be looked for, so that the user is told", async () => {
  vendor().fault({ kind: "lostReply" });
  await expect(client().exportContacts(contacts)).rejects.toMatchObject({ name: "CreateAmbiguousError" });
  expect(seen()).toEqual(["createExport undefined"]);
});
