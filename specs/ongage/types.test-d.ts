// Compiled by `tsc -p specs`, never run.
import {
  createOngage,
  type ExportContactActivityStatus,
  type ExportContactsStatus,
  type ExportJob,
  type Ongage,
  type SavedFile,
} from "@outhaul/ongage";
import { expectTypeOf } from "vitest";

declare const ongage: Ongage;
const user = { username: "ada", password: "secret", accountCode: "a1b2" };
const base = { name: "Readers", date_format: "dd/mm/yyyy", file_format: "csv", status: ["active"] } as const;
const contacts = { ...base, status: ["active" as const], segment_id: [77197] };

// The client's options: a user, or an API key.
createOngage(user);
createOngage({ ...user, password: async () => "secret", listId: "23939" });
createOngage({ apiKey: "secret" });
// @ts-expect-error: one of the two has to be given
createOngage({});
// @ts-expect-error: a user has an account code
createOngage({ username: "ada", password: "secret" });
// @ts-expect-error: not both
createOngage({ ...user, apiKey: "secret" });
// @ts-expect-error: not parts of both
createOngage({ apiKey: "secret", username: "ada" });
// @ts-expect-error: the id of a list is a text here
createOngage({ apiKey: "secret", listId: 23939 });

// The request for contacts.
await ongage.exportContacts(contacts);
await ongage.exportContacts({ ...base, status: ["opened", "unjoin-member"], mailing_id: [4452] });
await ongage.exportContacts({ ...base, status: ["active"], list_id: 23940, fields_selected: ["email"] });
// @ts-expect-error: segments, mailings or a suppression list have to be named
await ongage.exportContacts({ ...base, status: ["active"] });
// @ts-expect-error: segments or mailings, not both
await ongage.exportContacts({ ...contacts, mailing_id: [4452] });
// @ts-expect-error: a name has to be given
await ongage.exportContacts({
  date_format: "dd/mm/yyyy",
  file_format: "csv",
  status: ["active"],
  list_id: 1,
});
// @ts-expect-error: a status has to be given
await ongage.exportContacts({ name: "Readers", date_format: "dd/mm/yyyy", file_format: "csv", list_id: 1 });
// @ts-expect-error: there is no such form of dates
await ongage.exportContacts({ ...contacts, date_format: "yyyy-mm-dd" });
// @ts-expect-error: CSV is the only format
await ongage.exportContacts({ ...contacts, file_format: "xls" });
// @ts-expect-error: there is no such status
await ongage.exportContacts({ ...contacts, status: ["asleep"] });
// @ts-expect-error: a status is one of a list
await ongage.exportContacts({ ...contacts, status: "active" });
// @ts-expect-error: ids of segments are a list
await ongage.exportContacts({ ...contacts, segment_id: 77197 });
// @ts-expect-error: ids of segments are numbers
await ongage.exportContacts({ ...contacts, segment_id: ["77197"] });
// @ts-expect-error: there is no such field
await ongage.exportContacts({ ...contacts, type: "behavior" });

// The request for a report, which lets other fields through.
await ongage.exportContactActivity({ title: "Readers", selected_fields: ["email"], time_zone: "GMT" });
await ongage.exportContactActivity({ title: "Readers", filters: { criteria: [{ condition: "and" }] } });
// @ts-expect-error: a title has to be given
await ongage.exportContactActivity({ selected_fields: ["email"] });
// @ts-expect-error: criteria go together by `and` and `or`
await ongage.exportContactActivity({ title: "Readers", filters: { criteria: [{ condition: "not" }] } });
// @ts-expect-error: capitals count or not
await ongage.exportContactActivity({ title: "Readers", filters: { criteria: [{ case_sensitive: 2 }] } });

// The jobs.
const job = await ongage.exportContacts(contacts);
expectTypeOf(job).toEqualTypeOf<ExportJob<ExportContactsStatus>>();
expectTypeOf<Awaited<typeof job>>().toEqualTypeOf<typeof job>();
// @ts-expect-error: a job is no promise
job.then;
expectTypeOf(await job.save("out/")).toEqualTypeOf<SavedFile>();
expectTypeOf(job.snapshot.raw?.payload?.message).toEqualTypeOf<string | null | undefined>();
const report = await ongage.exportContactActivity({ title: "Readers" });
expectTypeOf(report).toEqualTypeOf<ExportJob<ExportContactActivityStatus>>();
expectTypeOf(report.snapshot.raw?.payload?.status).toEqualTypeOf<string | number | undefined>();
// @ts-expect-error: the two kinds of jobs tell different things
expectTypeOf(report).toEqualTypeOf<typeof job>();

// The words of a reply are open.
const { payload } = report.snapshot.raw ?? {};
if (payload) {
  payload.status_desc = "Pending";
  payload.status_desc = "A word that is not documented";
  // @ts-expect-error: a description is a text
  payload.status_desc = 2;
}

// The calls.
const params = { path: { id: 77197 } };
const { data } = await ongage.api.GET("/api/segments/{id}", { params });
expectTypeOf(data?.payload?.name).toEqualTypeOf<string | undefined>();
expectTypeOf(data?.payload?.last_count).toEqualTypeOf<string | number | null | undefined>();
await ongage.api.GET("/api/segments", { params: { query: { order: "DESC", limit: 10 } } });
await ongage.api.POST("/api/reports/query", {
  body: { select: ["mailing_id", ["sum(`sent`)", "sent"]], from: "mailing", list_ids: "all" },
});
// @ts-expect-error: there is no such path
await ongage.api.GET("/api/export/{id}", { params });
// @ts-expect-error: an export cannot be deleted
await ongage.api.DELETE("/api/export/{id}/retrieve", { params });
// @ts-expect-error: the path has an id
await ongage.api.GET("/api/segments/{id}");
// @ts-expect-error: an id is a text or a number
await ongage.api.GET("/api/segments/{id}", { params: { path: { id: true } } });
// @ts-expect-error: there is no such order
await ongage.api.GET("/api/segments", { params: { query: { order: "desc" } } });
// @ts-expect-error: a query selects something
await ongage.api.POST("/api/reports/query", { body: { from: "mailing" } });
// @ts-expect-error: there is no such table
await ongage.api.POST("/api/reports/query", { body: { select: ["sent"], from: "contacts" } });
