import { readFile } from "node:fs/promises";
import { createOcamba, type OcambaOptions } from "@outhaul/ocamba";
import { describe, expect, it } from "vitest";
import { fastClock } from "../fast-clock.js";
import { quick, useVendor } from "../run-vendor.js";
import { changeJson, watchRequests } from "../watch-requests.js";

const setup = useVendor("ocamba");
const report = { id: "4711", name: "Email campaigns of July", fields: "campaign_name,sent" };

function client(options: Partial<OcambaOptions> = {}) {
  const { baseUrl } = setup.listening;
  return createOcamba({ baseUrl, token: "sandbox-token", rateLimit: false, ...options });
}
const vendor = () => setup.listening.sandbox;
const operations = () =>
  vendor()
    .requests()
    .map(({ operation }) => operation);

describe("the name", () => {
  it("is made unique, so that two exports of one name are told apart", async () => {
    const jobs = [await client().exportQuickReport(report), await client().exportQuickReport(report)];
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(2);
    for (const { id } of jobs) expect(id).toMatch(/^Email campaigns of July [0-9a-f]{12}$/);
    for (const job of jobs) {
      const { path = "" } = await job.save(`${setup.folder}/`, { ...quick, filename: `${job.id}.csv` });
      const file = await new Response(vendor().fileOf(job.id).stream()).text();
      expect(await readFile(path, "utf8")).toBe(file);
    }
  });

  it("is what the record is asked for by, although the start answers an id", async () => {
    const { fetch, sent } = watchRequests();
    const job = await client({ fetch }).exportQuickReport(report);
    await job.wait(quick);
    for (const { url } of sent.slice(1))
      expect(Object.fromEntries(url.searchParams)).toEqual({
        ...{ q: job.id, q_fields: "name" },
        ...{ sort: "-create_time", page: "1,50" },
      });
  });

  it("leads to the export whose start was not answered, and no other one is started", async () => {
    vendor().fault({ kind: "lostReply" });
    const job = await client().exportQuickReport(report);
    const events = [];
    for await (const event of job.events(quick)) events.push(event);
    expect(events[0]).toMatchObject({ type: "created", adopted: true });
    expect(vendor().jobs()).toMatchObject([{ id: job.id, state: "succeeded" }]);
    expect(operations().filter((operation) => operation === "startQuickReportExport")).toHaveLength(1);
  });

  it("is looked for until the record is listed", async () => {
    vendor().configure({ polls: 8 });
    vendor().fault({ kind: "lostReply" });
    const job = await client({ clock: fastClock(50), requestTimeoutMs: 1e7 }).exportQuickReport(report);
    expect(vendor().jobs()).toMatchObject([{ id: job.id }]);
    expect(operations().filter((operation) => operation === "listExports").length).toBeGreaterThan(1);
  });
});

describe("a list that also has records of other exports", () => {
  /** A vendor that does not filter by the name: what was made last comes first. */
  const unfiltered = () =>
    watchRequests(({ url, headers }, pass) => {
      if (!url.searchParams.has("q")) return pass();
      return fetch(`${url.origin}${url.pathname}`, { headers });
    });

  it("never has one of them taken for the own one", async () => {
    vendor().configure({ polls: 0 });
    const ocamba = client({ fetch: unfiltered().fetch });
    const own = await ocamba.exportQuickReport(report);
    const other = await ocamba.exportQuickReport(report);
    expect(await own.refresh()).toMatchObject({
      state: "unknown",
      rawStatus: `not the job named "${own.id}"`,
    });
    expect((await other.refresh()).state).toBe("succeeded");
  });

  it("never has one of them adopted for an export that was not taken", async () => {
    vendor().configure({ polls: 0 });
    const ocamba = client({ fetch: unfiltered().fetch, clock: fastClock(100), requestTimeoutMs: 1e7 });
    await ocamba.exportQuickReport(report);
    vendor().fault({ kind: "dropped", on: "start" });
    await expect(ocamba.exportQuickReport(report)).rejects.toMatchObject({ name: "CreateAmbiguousError" });
  });
});

it("an empty 202 is an accepted export", async () => {
  vendor().fault({ kind: "truncatedBody", on: "start", atByte: 0 });
  const job = await client().exportQuickReport(report);
  expect((await job.wait(quick)).state).toBe("succeeded");
});

it("filters go to the vendor as they are, in `filters` and beside it", async () => {
  const { fetch, sent } = watchRequests();
  const filters = { event_time: "rf:2026-07-01 00:00:00,2026-07-31 23:59:59" };
  await client({ fetch }).exportQuickReport({ ...report, filters, channel_type: "in:push,sms" });
  expect(JSON.parse(sent[0]?.body ?? "")).toMatchObject({ filters, channel_type: "in:push,sms" });
});

describe("an id", () => {
  it.each(["a/b", "../exports", "..\\exports", "4711/export?q=x", "4711#x", "%2e%2e", "ä ö"])(
    "such as %j stays one part of the path",
    async (id) => {
      await client().exportQuickReport({ ...report, id });
      await client().api.GET("/v1/hood/exports/{id}", { params: { path: { id } } });
      expect(vendor().requests()).toMatchObject([
        { operation: "startQuickReportExport", query: [], status: 202 },
        { operation: "viewExport", query: [] },
      ]);
    },
  );

  it.each([".", "..", ""])("such as %j is a TypeError, and nothing is sent", async (id) => {
    await expect(client().exportQuickReport({ ...report, id })).rejects.toThrow(TypeError);
    await expect(
      (async () => client().api.GET("/v1/hood/exports/{id}", { params: { path: { id } } }))(),
    ).rejects.toThrow(TypeError);
    expect(vendor().requests()).toEqual([]);
  });
});

describe("a 429", () => {
  /** How long the limits held the next request back, by a clock that goes fast. */
  async function heldBack({
    retryAfter,
    speed = 200,
  }: {
    retryAfter?: string;
    speed?: number;
  }): Promise<number> {
    const held: number[] = [];
    const { baseUrl } = setup.listening;
    const ocamba = createOcamba({
      ...{ baseUrl, token: "sandbox-token", clock: fastClock(speed), requestTimeoutMs: 1e7 },
      onEvent: (event) => event.type === "request" && held.push(event.limitedMs),
    });
    const fault = { kind: "error", status: 429, operation: "validateApiKey" } as const;
    vendor().fault(retryAfter === undefined ? fault : { ...fault, retryAfter });
    for (let call = 0; call < 2; call++) await ocamba.api.POST("/v2/ocamba/personal-api-keys/validate");
    return held[1] ?? 0;
  }

  it("with Retry-After: -1, for too many at once, holds the next request back for a moment", async () => {
    const ms = await heldBack({ retryAfter: "-1", speed: 5 });
    expect(ms).toBeGreaterThan(500);
    expect(ms).toBeLessThan(30_000);
  });

  it("without Retry-After holds it back for the minute that the vendor counts in", async () => {
    expect(await heldBack({})).toBeGreaterThan(55_000);
  });

  it("with Retry-After: -1 on a start is sent again, and one export is made", async () => {
    vendor().fault({ kind: "error", status: 429, on: "start", retryAfter: "-1" });
    const job = await client({ clock: fastClock(), requestTimeoutMs: 1e7 }).exportQuickReport(report);
    expect(vendor().jobs()).toMatchObject([{ id: job.id }]);
    expect(vendor().requests()).toMatchObject([{ status: 429 }, { status: 202 }]);
  });
});

describe("the record", () => {
  it("has a download_url, which is not followed", async () => {
    const job = await client().exportQuickReport(report);
    await job.save(`${setup.folder}/`, quick);
    expect(JSON.stringify(job.snapshot.raw)).toContain("/v1/hood/customers/exports/");
    expect(vendor().requests().at(-1)).toMatchObject({ path: "/v1/hood/exports/{id}/download", status: 200 });
    expect(operations()).not.toContain(undefined);
  });

  it("may hold a reason for a failure beside `ready`, and is ready all the same", async () => {
    const failure_reason = "Export failed due to an internal error.";
    const change = ({ items, total }: { items: object[]; total: number }) => ({
      ...{ total, items: items.map((item) => ({ ...item, failure_reason })) },
    });
    const { fetch } = watchRequests(changeJson(/exports$/, change));
    const job = await client({ fetch }).exportQuickReport(report);
    expect(await job.wait(quick)).toMatchObject({ state: "succeeded", rawStatus: "ready" });
  });

  it("tells why an export failed", async () => {
    vendor().configure({ outcome: "failed", failureReason: "The report is too large." });
    const job = await client().exportQuickReport(report);
    await expect(job.wait(quick)).rejects.toMatchObject({
      name: "JobFailedError",
      message: expect.stringContaining("failed at the vendor (failed): The report is too large."),
    });
  });

  it("comes in a list of one when it is viewed", async () => {
    await (await client().exportQuickReport(report)).wait(quick);
    const id = String(vendor().jobs()[0]?.ids["poll.outputs.exportId"]);
    const { data } = await client().api.GET("/v1/hood/exports/{id}", { params: { path: { id } } });
    expect(data).toMatchObject({ total: 1, items: [{ id, status: "ready" }] });
  });
});

describe("the file", () => {
  it.each(["csv", "json"] as const)("is of the type that was asked for: %s", async (out) => {
    const job = await client().exportQuickReport({ ...report, out });
    const { path, contentType } = await job.save(`${setup.folder}/`, quick);
    expect(path?.endsWith(`.${out}`)).toBe(true);
    expect(contentType).toMatch(new RegExp(`/${out}$`));
  });

  it("comes in chunks without its length, so that its framing is all that is proved", async () => {
    const job = await client().exportQuickReport(report);
    await job.wait(quick);
    const strict = job.save(`${setup.folder}/`, { ...quick, requireIntegrity: "length" });
    await expect(strict).rejects.toMatchObject({ code: "INCOMPLETE_UNVERIFIABLE" });
    expect(await job.save(`${setup.folder}/`, quick)).toMatchObject({ integrity: "framing" });
  });
});

it("a token is good or not by the code alone: 204 or 401", async () => {
  const validate = async (token: string) =>
    (await client({ token }).api.POST("/v2/ocamba/personal-api-keys/validate")).response.status;
  expect(await validate("sandbox-token")).toBe(204);
  expect(await validate("another-token")).toBe(401);
});

it("an export cannot be stopped, and nothing is sent to try", async () => {
  const job = await client().exportQuickReport(report);
  expect(await job.cancel()).toBe("unsupported");
  expect(operations()).toEqual(["startQuickReportExport"]);
});

it("an export cannot be stopped, so that a wish to cancel it is refused", async () => {
  const job = await client().exportQuickReport(report);
  expect(await job.cancel()).toBe("unsupported");
  await expect(job.wait({ onTimeout: "cancel" })).rejects.toMatchObject({ name: "UnsupportedError" });
  await expect(job.save(`${setup.folder}/`, { onAbort: "cancel" })).rejects.toMatchObject({
    name: "UnsupportedError",
  });
});
