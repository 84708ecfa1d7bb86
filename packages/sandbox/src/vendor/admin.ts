import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import { Hono } from "hono";
import { checkFault, faultSchema } from "../fault/check-fault.js";
import type { Fault } from "../fault/fault.js";
import { type JobOptions, jobOptionsSchema } from "../job/job-options.js";
import { checkNames } from "../options/check-names.js";
import { limitBody } from "../request/limit-body.js";
import { refuseForeignSites } from "./admin-access.js";
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

/** What may be posted about exports. */
const jobChangeSchema = {
  ...jobOptionsSchema,
  properties: { ...jobOptionsSchema.properties, job: { type: "string" } },
} as const;

/** The longest body of a request to the endpoints, in bytes. */
const MAX_BODY_BYTES = 1024 * 1024;

/** The endpoints through which people and other processes control a vendor of the sandbox. */
export function adminRoutes(vendor: SandboxVendor): Hono {
  let validators: ReturnType<typeof createValidators> | undefined;
  const getValidators = () => {
    validators ??= createValidators();
    return validators;
  };

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
    checkNames("body", body, jobChangeSchema.properties);
    const { isJobChange, describe } = getValidators();
    if (!isJobChange(body)) return c.json(describe(isJobChange.errors), 400);
    const { job, ...options } = body;
    vendor.configure(options, job);
    return c.body(null, 204);
  });
  app.post("/faults", async (c) => {
    const body: unknown = await c.req.json();
    checkFault(body);
    const { isFault, describe } = getValidators();
    if (!isFault(body)) return c.json(describe(isFault.errors), 400);
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

/** Creates the validators of request bodies, on the first one, because compiling them is slow. */
function createValidators() {
  const ajv = new Ajv2020({ allowUnionTypes: true });
  return {
    isFault: ajv.compile<Fault>(faultSchema),
    isJobChange: ajv.compile<JobOptions & { job?: string }>(jobChangeSchema),
    describe: (errors: ErrorObject[] | null | undefined) => ({
      error: ajv.errorsText(errors, { dataVar: "body" }),
    }),
  };
}
