import { Hono } from "hono";
import { checkFault } from "../fault/check-fault.js";
import type { JobOptions } from "../job/job-options.js";
import { checkNames } from "../options/check-names.js";
import { limitBody } from "../request/limit-body.js";
import { getValidate } from "../schema/get-validate.js";
import type { NamedSchema } from "../schema/validate.js";
import { refuseForeignSites } from "./admin-access.js";
import { jobChangeSchema, postedFaultSchema } from "./admin-schemas.js";
import { NoSuchExportError } from "./no-such-export.js";
import type { SandboxVendor } from "./sandbox-vendor.js";

const HELP = {
  "GET /_sandbox": "this list, and the credentials to use",
  "GET /_sandbox/jobs": "the exports",
  "POST /_sandbox/jobs":
    'how exports behave: { "polls": 3, "sizeBytes": 200000000 }; with "job", only that one',
  "GET /_sandbox/jobs/{id}/file": "the file of an export, without any fault",
  "GET /_sandbox/faults": "the faults that are still to come",
  "DELETE /_sandbox/faults": "removes them all; with /{id} only that one",
  "POST /_sandbox/faults": 'lets something go wrong: { "kind": "cutConnection", "atByte": 50000 }',
  "GET /_sandbox/requests":
    "the requests that came in, with the names of their headers, and the most at once",
  "POST /_sandbox/reset": "forgets exports, faults, requests and counts",
};

/** The longest body of a request to the endpoints, in bytes. */
const MAX_BODY_BYTES = 1024 * 1024;

/** The endpoints through which people and other processes control a vendor of the sandbox. */
export function adminRoutes(vendor: SandboxVendor): Hono {
  const app = new Hono().basePath("/_sandbox");
  app.use(refuseForeignSites);
  app.use(
    limitBody(MAX_BODY_BYTES, (c) =>
      c.json({ error: `a body has at most ${MAX_BODY_BYTES} bytes here` }, 413),
    ),
  );
  app.get("/", (c) => c.json({ vendor: vendor.name, credentials: vendor.credentials, endpoints: HELP }));
  app.get("/jobs", (c) => c.json({ jobs: vendor.jobs() }));
  app.get("/jobs/:id/file", (c) => {
    const file = vendor.fileOf(c.req.param("id"));
    return new Response(file.stream(), {
      headers: { "content-type": file.mediaType, "content-length": String(file.sizeBytes), etag: file.etag },
    });
  });
  app.post("/jobs", async (c) => {
    const body: unknown = await c.req.json();
    checkNames("body", body, jobChangeSchema.schema.properties);
    const error = await problemOf(body, jobChangeSchema);
    if (error !== undefined) return c.json({ error }, 400);
    const { job, ...options } = body as JobOptions & { job?: string }; // the schema says so
    vendor.configure(options, job);
    return c.body(null, 204);
  });
  app.post("/faults", async (c) => {
    const body: unknown = await c.req.json();
    checkFault(body);
    const error = await problemOf(body, postedFaultSchema);
    if (error !== undefined) return c.json({ error }, 400);
    vendor.fault(body);
    return c.body(null, 204);
  });
  app.get("/faults", (c) => c.json({ faults: vendor.faults() }));
  app.delete("/faults/:id?", (c) => {
    const id = c.req.param("id");
    vendor.clearFaults(id === undefined ? undefined : Number(id));
    return c.body(null, 204);
  });
  app.get("/requests", (c) => c.json({ requests: vendor.requests(), maxima: vendor.maxima() }));
  app.post("/reset", (c) => {
    vendor.reset();
    return c.body(null, 204);
  });
  app.notFound((c) => c.json({ error: "there is no such page", endpoints: HELP }, 404));
  app.onError((cause, c) => c.json({ error: cause.message }, cause instanceof NoSuchExportError ? 404 : 400));
  return app;
}

/** Describes what is wrong with a body, or returns undefined for a valid one. */
async function problemOf(body: unknown, schema: NamedSchema): Promise<string | undefined> {
  const validate = await getValidate(schema);
  if (validate(body)) return undefined;
  return (validate.errors ?? [])
    .map(({ instancePath, message }) => `body${instancePath} ${message}`)
    .join(", ");
}
