import type { Bump } from "../changes/change.js";

// biome-ignore lint/suspicious/noExplicitAny: the table edits parsed YAML, of which there are no types on purpose
export type Yaml = any;

/** A change of a fixture's spec, how it has to be classified, and a program that shows it. */
export interface Case {
  readonly what: string;
  readonly vendor: "acme" | "globex";
  readonly bump: Bump;
  /** What a sentence of the report has to say. */
  readonly says?: string;
  /** How many sentences say it. */
  readonly sentences?: number;
  /** Grave, but the compiler cannot see it. */
  readonly atRunTime?: true;
  /** What the fixture has to have before. */
  readonly given?: (openapi: Yaml, arazzo: Yaml) => void;
  readonly edit: (openapi: Yaml, arazzo: Yaml) => void;
  /** Lines that use what changes, beside {@link programs}; they compile against the old package, or, for what is new, against the new one only. */
  readonly uses?: string;
  readonly usesNew?: string;
}

/** What a user of each vendor writes; compiled against every version. */
export const programs = {
  acme: `
import { createAcme, type ExportOrdersRequest, type ExportOrdersStatus, type components } from "./index.js";
const client = createAcme({ token: "t", accountId: "1", region: "us" });
const request: ExportOrdersRequest = { shop: "1", name: "n", from: "2026-01-01", columns: ["id"], "dry-run": true };
const job = await client.exportOrders(request);
const status: ExportOrdersStatus | undefined = job.snapshot.raw;
const word: string | undefined = status?.items?.[0]?.status;
const reason: string | null | undefined = status?.items?.[0]?.reason;
const done: number | undefined = status?.items?.[0]?.rows?.done;
const idOf = (item: components["schemas"]["Export"]): string | number | undefined => item.id;
const { data, error } = await client.api.GET("/exports", { params: { query: { name: "n" } } });
const id: string | number | undefined = data?.items?.[0]?.id;
const message: string | undefined = error?.message;
const started = await client.api.POST("/shops/{shop}/exports", {
  params: { path: { shop: "1" } }, body: { name: "n", kind: "orders", from: "2026-01-01" },
});
const ticket: string | undefined = started.data?.ticket;
await job.cancel();
export { done, id, idOf, message, reason, ticket, word };
`,
  globex: `
import { createGlobex, type ExportReportRequest } from "./index.js";
const client = createGlobex({ username: "u", password: "p" });
const other = createGlobex({ apiKey: "k" });
const request: ExportReportRequest = { title: "Sales" };
const job = await client.exportReport(request);
const percent: number | undefined = job.snapshot.raw?.percent;
await other.api.DELETE("/reports/{id}", { params: { path: { id: "1" } } });
export { percent };
`,
};

export const start = (openapi: Yaml): Yaml => openapi.paths["/shops/{shop}/exports"].post;
export const body = (openapi: Yaml): Yaml => start(openapi).requestBody.content["application/json"].schema;
export const report = (openapi: Yaml): Yaml =>
  openapi.paths["/reports"].post.requestBody.content["application/json"].schema;
export const exported = (openapi: Yaml): Yaml => openapi.components.schemas.Export;
export const steps = (arazzo: Yaml): Yaml => arazzo.workflows[0].steps;
export const example = (arazzo: Yaml): Yaml => arazzo.workflows[0].inputs.examples[0];
export const post = (rest: string): string =>
  `await client.api.POST("/shops/{shop}/exports", { params: { path: { shop: "1" } }, body: { name: "n", kind: "orders", from: "f"${rest} } });`;
/** Objects inside of a request: `parts[].params` and `notice`. */
export function nested(openapi: Yaml): void {
  const params = { type: "object", additionalProperties: false, properties: { limit: { type: "integer" } } };
  const part = { type: "object", additionalProperties: false, properties: { params } };
  body(openapi).properties.parts = { type: "array", items: part };
  body(openapi).properties.notice = {
    type: "object",
    additionalProperties: false,
    properties: { target: { type: "string" } },
  };
}
export const acme = "acme" as const;
export const globex = "globex" as const;

export function notYet(openapi: Yaml): Yaml {
  return openapi.paths["/reports/{id}"].get.responses["412"].content["application/json"].schema;
}

export function narrowIds(openapi: Yaml): void {
  const examples = openapi.paths["/exports"].get.responses["200"].content["application/json"].examples;
  for (const example of Object.values<Yaml>(examples))
    for (const item of example.value.items) item.id = String(item.id);
}

export function addExample(openapi: Yaml): void {
  const examples = openapi.paths["/exports"].get.responses["200"].content["application/json"].examples;
  examples.expired = { value: { items: [{ id: 7, name: "Orders", status: "expired" }] } };
}
