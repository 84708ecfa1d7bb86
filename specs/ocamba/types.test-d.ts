// Compiled by `tsc -p specs`, never run.
import {
  createOcamba,
  type ExportJob,
  type ExportQuickReportStatus,
  type Ocamba,
  type SavedFile,
} from "@outhaul/ocamba";
import { expectTypeOf } from "vitest";

declare const ocamba: Ocamba;
const report = { id: "4711", name: "Email campaigns of July" };

// The client's options.
createOcamba({ token: "secret" });
createOcamba({ token: async () => "secret", requestTimeoutMs: 1000, rateLimit: false });
// @ts-expect-error: a token has to be given
createOcamba({});
// @ts-expect-error: a token is a text
createOcamba({ token: 4711 });
// @ts-expect-error: there is no such option
createOcamba({ token: "secret", apiKey: "secret" });

// The request.
await ocamba.exportQuickReport({ ...report, out: "json", resolution: "hour", precision: 2 });
await ocamba.exportQuickReport({ ...report, filters: { channel_type: "in:push,sms" } });
await ocamba.exportQuickReport({ ...report, channel_type: "in:push,sms" }); // any other filter is let through
await ocamba.exportQuickReport(report, { signal: AbortSignal.timeout(1000), visibilityMs: 5000 });
// @ts-expect-error: the id stands in the path
await ocamba.exportQuickReport({ name: "Email campaigns of July" });
// @ts-expect-error: the record is found by its name
await ocamba.exportQuickReport({ id: "4711" });
// @ts-expect-error: an id is a text
await ocamba.exportQuickReport({ ...report, id: 4711 });
// @ts-expect-error: there is no such format
await ocamba.exportQuickReport({ ...report, out: "xlsx" });
// @ts-expect-error: there is no such resolution
await ocamba.exportQuickReport({ ...report, resolution: "week" });
// @ts-expect-error: fields are one text, with commas
await ocamba.exportQuickReport({ ...report, fields: ["sent"] });
// @ts-expect-error: a filter is a text
await ocamba.exportQuickReport({ ...report, filters: { sent: 5 } });
// @ts-expect-error: the number of decimals is a number
await ocamba.exportQuickReport({ ...report, precision: "2" });
// @ts-expect-error: there is no such option
await ocamba.exportQuickReport(report, { timeoutMs: 5000 });

// The job.
const job = await ocamba.exportQuickReport(report);
expectTypeOf(job).toEqualTypeOf<ExportJob<ExportQuickReportStatus>>();
expectTypeOf<Awaited<typeof job>>().toEqualTypeOf<typeof job>();
// @ts-expect-error: a job is no promise
job.then;
expectTypeOf(await job.save("out/")).toEqualTypeOf<SavedFile>();
expectTypeOf(job.snapshot.raw).toEqualTypeOf<ExportQuickReportStatus | undefined>();
expectTypeOf(ocamba.resume("token")).toEqualTypeOf<ExportJob>();
for await (const event of job.events())
  expectTypeOf(event.snapshot.raw).toEqualTypeOf<ExportQuickReportStatus | undefined>();

// The words of a reply are open.
const record = job.snapshot.raw?.items?.[0];
if (record) {
  record.status = "ready";
  record.status = "a word that is not documented";
  // @ts-expect-error: a status is a text
  record.status = 1;
}
expectTypeOf(record?.id).toEqualTypeOf<string | number | undefined>();
expectTypeOf(record?.failure_reason).toEqualTypeOf<string | null | undefined>();

// The calls.
const params = { path: { id: "1000000" } };
const { data } = await ocamba.api.GET("/v1/hood/exports/{id}", { params });
expectTypeOf(data?.total).toEqualTypeOf<number | undefined>();
expectTypeOf(data?.items?.[0]?.size).toEqualTypeOf<number | null | undefined>();
await ocamba.api.GET("/v1/hood/exports", { params: { query: { status: "ready", view: "full" } } });
await ocamba.api.POST("/v1/hood/exports/{id}/retry", { params });
await ocamba.api.POST("/v2/ocamba/personal-api-keys/validate");
// @ts-expect-error: there is no such path
await ocamba.api.GET("/v1/hood/customers/exports/{id}/download", { params });
// @ts-expect-error: an export cannot be deleted
await ocamba.api.DELETE("/v1/hood/exports/{id}", { params });
// @ts-expect-error: the path has an id
await ocamba.api.GET("/v1/hood/exports/{id}");
// @ts-expect-error: the path has an id, by this name
await ocamba.api.GET("/v1/hood/exports/{id}", { params: { path: { exportId: "1000000" } } });
// @ts-expect-error: there is no such view
await ocamba.api.GET("/v1/hood/exports", { params: { query: { view: "some" } } });
// @ts-expect-error: there is no such field to filter by
await ocamba.api.GET("/v1/hood/exports", { params: { query: { colour: "red" } } });
