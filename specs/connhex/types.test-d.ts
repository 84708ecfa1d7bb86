// Compiled by `tsc -p specs`, never run.
import {
  type Connhex,
  type CreateExportRequest,
  type CreateExportStatus,
  createConnhex,
  type ExportJob,
  type SavedFile,
} from "@outhaul/connhex";
import { expectTypeOf } from "vitest";

declare const connhex: Connhex;
const messages: CreateExportRequest = {
  format: { extension: "csv" },
  type: "oneTime",
  items: [{ params: { target: { value: "urn:cpt:T100" }, channelId: "c1", subtopic: "events.data" } }],
  notification: { messages: [] },
};

// The client's options.
createConnhex({ token: "secret" });
createConnhex({ token: async () => "secret", domain: "acme.connhex.com" });
// @ts-expect-error: a token has to be given
createConnhex({ domain: "acme.connhex.com" });
// @ts-expect-error: the domain is a text
createConnhex({ token: "secret", domain: new URL("https://acme.connhex.com") });
// @ts-expect-error: there is no such option
createConnhex({ token: "secret", server: "acme.connhex.com" });

// The request.
await connhex.createExport(messages);
await connhex.createExport({ ...messages, type: "recurring", periodicity: "P1D", periodStart: 1793491200 });
await connhex.createExport({ ...messages, items: [{ params: { include: "installation", sort: "serial" } }] });
await connhex.createExport({
  ...messages,
  notification: { messages: [{ policy: "onFailure", medium: "a medium that is not documented" }] },
});
const { format, type, items, notification } = messages;
// @ts-expect-error: a format has to be given
await connhex.createExport({ type, items, notification });
// @ts-expect-error: a type has to be given
await connhex.createExport({ format, items, notification });
// @ts-expect-error: items have to be given
await connhex.createExport({ format, type, notification });
// @ts-expect-error: a notification has to be given, if an empty one
await connhex.createExport({ format, type, items });
// @ts-expect-error: a format has an extension
await connhex.createExport({ ...messages, format: { filename: "cold-room" } });
// @ts-expect-error: there is no such extension
await connhex.createExport({ ...messages, format: { extension: "xls" } });
// @ts-expect-error: there is no such layout
await connhex.createExport({ ...messages, format: { extension: "csv", template: "wide" } });
// @ts-expect-error: a time zone is a text
await connhex.createExport({ ...messages, format: { extension: "csv", timezone: {} } });
// @ts-expect-error: a column has a label
await connhex.createExport({ ...messages, format: { extension: "csv", columns: [{ id: "time" }] } });
// @ts-expect-error: there is no such field of a format
await connhex.createExport({ ...messages, format: { extension: "csv", delimiter: ";" } });
// @ts-expect-error: there is no such type
await connhex.createExport({ ...messages, type: "once" });
// @ts-expect-error: an item has parameters
await connhex.createExport({ ...messages, items: [{ filename: "cold-room" }] });
// @ts-expect-error: a step of time has a function
await connhex.createExport({ ...messages, items: [{ params: { decimation: { ds: "15m" } } }] });
// @ts-expect-error: there is no such function
await connhex.createExport({ ...messages, items: [{ params: { decimation: { ds: "1h", dsf: "mean" } } }] });
// @ts-expect-error: times are Unix seconds here
await connhex.createExport({ ...messages, items: [{ params: { from: "2026-11-01T00:00:00Z" } }] });
// @ts-expect-error: a message has a medium
await connhex.createExport({ ...messages, notification: { messages: [{ policy: "onSuccess" }] } });
// @ts-expect-error: there is no such field
await connhex.createExport({ ...messages, name: "cold-room" });

// The job.
const job = await connhex.createExport(messages);
expectTypeOf(job).toEqualTypeOf<ExportJob<CreateExportStatus>>();
expectTypeOf<Awaited<typeof job>>().toEqualTypeOf<typeof job>();
// @ts-expect-error: a job is no promise
job.then;
expectTypeOf(await job.save("out/")).toEqualTypeOf<SavedFile>();
expectTypeOf(await job.cancel()).toEqualTypeOf<
  "cancelled" | "requested" | "refused" | "tooLate" | "gone" | "unsupported"
>();
expectTypeOf(job.snapshot.raw).toEqualTypeOf<CreateExportStatus | undefined>();

// A status has three forms, and its words are open.
const statuses: CreateExportStatus[] = ["done", "a word that is not documented"];
statuses.push({ status: "done" }, { status: "another word" }, [{ status: "inProgress" }]);
// @ts-expect-error: a status is no number
statuses.push(2);
const raw = job.snapshot.raw;
if (typeof raw === "string") expectTypeOf(raw).toExtend<string>();
else if (Array.isArray(raw)) expectTypeOf(raw[0]?.status).toExtend<string | undefined>();
else expectTypeOf(raw?.status).toExtend<string | undefined>();

// The calls.
const params = { path: { id: "6f1c2a53" } };
const { data } = await connhex.api.GET("/exports", { params: { query: { status: ["done"], pageSize: 10 } } });
expectTypeOf(data?.results?.[0]?.id).toEqualTypeOf<string | undefined>();
expectTypeOf((await connhex.api.DELETE("/exports/{id}", { params })).data).toEqualTypeOf<undefined>();
const created = await connhex.api.POST("/exports", { body: messages });
expectTypeOf(created.data?.deletedAt).toEqualTypeOf<string | null | undefined>();
// @ts-expect-error: there is no such path
await connhex.api.GET("/exports/{id}", { params });
// @ts-expect-error: the path has an id
await connhex.api.GET("/exports/{id}/status");
// @ts-expect-error: an id is a text
await connhex.api.GET("/exports/{id}/status", { params: { path: { id: 5 } } });
// @ts-expect-error: there is no such state
await connhex.api.GET("/exports", { params: { query: { status: ["ready"] } } });
// @ts-expect-error: states are a list
await connhex.api.GET("/exports", { params: { query: { status: "done" } } });
// @ts-expect-error: a body has to be given
await connhex.api.POST("/exports");
