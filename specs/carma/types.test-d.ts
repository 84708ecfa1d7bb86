// Compiled by `tsc -p specs`, never run.
import {
  type Carma,
  createCarma,
  type ExportJob,
  type ExportStatisticsStatus,
  type SavedFile,
} from "@outhaul/carma";
import { expectTypeOf } from "vitest";

declare const carma: Carma;
const account = { token: "secret", server: "eu-proxy-1.symplifymail.com", customerId: "5004" };

// The client's options.
createCarma(account);
createCarma({ ...account, token: () => "secret", userAgent: "nightly/1" });
// @ts-expect-error: a token has to be given
createCarma({ server: "eu-proxy-1.symplifymail.com", customerId: "5004" });
// @ts-expect-error: the server has to be given
createCarma({ token: "secret", customerId: "5004" });
// @ts-expect-error: the customer has to be given
createCarma({ token: "secret", server: "eu-proxy-1.symplifymail.com" });
// @ts-expect-error: the customer's id is a text
createCarma({ ...account, customerId: 5004 });
// @ts-expect-error: there is no such option
createCarma({ ...account, username: "ada" });

// The request.
await carma.exportStatistics({ exportType: "OPENS", period: "LAST_2_WEEKS" });
// @ts-expect-error: the word is OPENS
await carma.exportStatistics({ exportType: "OPENED", period: "LAST_DAY" });
// @ts-expect-error: there is no such period
await carma.exportStatistics({ exportType: "OPENS", period: "LAST_MONTH" });
// @ts-expect-error: a period has to be given
await carma.exportStatistics({ exportType: "OPENS" });
// @ts-expect-error: a type has to be given
await carma.exportStatistics({ period: "LAST_DAY" });
// @ts-expect-error: one type for each export
await carma.exportStatistics({ exportType: ["OPENS", "CLICKS"], period: "LAST_DAY" });
// @ts-expect-error: there is no such field
await carma.exportStatistics({ exportType: "OPENS", period: "LAST_DAY", listId: 12 });

// The job.
const job = await carma.exportStatistics({ exportType: "OPENS", period: "LAST_DAY" });
expectTypeOf(job).toEqualTypeOf<ExportJob<ExportStatisticsStatus>>();
expectTypeOf<Awaited<typeof job>>().toEqualTypeOf<typeof job>();
// @ts-expect-error: a job is no promise
job.then;
expectTypeOf(await job.save("out/")).toEqualTypeOf<SavedFile>();
expectTypeOf(await (await job.download()).bytes()).toEqualTypeOf<Uint8Array>();
expectTypeOf(job.snapshot.raw).toEqualTypeOf<ExportStatisticsStatus | undefined>();

// The words of a reply are open, since some come with blanks.
const batch = job.snapshot.raw;
if (batch) {
  batch.status = "FINISHED";
  batch.status = " FINISHED";
  // @ts-expect-error: a status is a text
  batch.status = null;
}
expectTypeOf(batch?.id).toEqualTypeOf<string | number | undefined>();
expectTypeOf(batch?.endTime).toEqualTypeOf<number | null | undefined>();

// The calls.
const params = { path: { batchId: 101111 } };
const { data } = await carma.api.GET("/batches/{batchId}", { params });
expectTypeOf(data?.processed).toEqualTypeOf<number | null | undefined>();
const address = await carma.api.GET("/batches/{batchId}/result/url", { params, parseAs: "text" });
expectTypeOf(address.data).toEqualTypeOf<string | undefined>();
await carma.api.GET("/batches/{batchId}/result", { params: { path: { batchId: "101111" } } });
expectTypeOf((await carma.api.GET("/apiurl")).data?.restUrl).toEqualTypeOf<string | undefined>();
// @ts-expect-error: batches cannot be listed
await carma.api.GET("/batches", {});
// @ts-expect-error: a batch cannot be deleted
await carma.api.DELETE("/batches/{batchId}", { params });
// @ts-expect-error: the path has an id
await carma.api.GET("/batches/{batchId}");
// @ts-expect-error: the path has an id, by this name
await carma.api.GET("/batches/{batchId}", { params: { path: { id: 101111 } } });

// The words of a reply are texts behind the API's client, too.
const { data: seen } = await carma.api.GET("/batches/{batchId}", { params: { path: { batchId: "1" } } });
seen?.status?.trim();
