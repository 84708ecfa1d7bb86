import { type Job, stateOf } from "../job/job.js";
import { withOutcome } from "../job/job-options.js";
import type { VendorSpec } from "../spec/vendor-spec.js";
import type { Store } from "../store/store.js";
import { adminRoutes } from "./admin.js";
import { vendorRoutes } from "./routes.js";
import type { JobView, SandboxVendor } from "./sandbox-vendor.js";
import { createVendorState, type VendorOptions, type VendorState } from "./vendor-state.js";

/** Creates a vendor from its spec. */
export function createVendor(spec: VendorSpec, store: Store, options: VendorOptions): SandboxVendor {
  const state = createVendorState(spec, store, options);
  const { credentials, faults, jobs, kinds, limits, log, operationLimits, paths } = state;
  const app = vendorRoutes(state);
  const jobOf = (id: string): Job => {
    const job = jobs.byId(id);
    if (!job) throw new RangeError(`${spec.vendor} has no export ${id}`);
    return job;
  };

  const vendor: SandboxVendor = {
    name: spec.vendor,
    async handler(request, connection) {
      if (new URL(request.url).pathname.startsWith("/_sandbox")) return admin.fetch(request);
      const record = log.append(request, options.now());
      limits.begin();
      let hasEnded = false;
      const onEnd = (): void => {
        if (!hasEnded) limits.end();
        hasEnded = true;
      };
      try {
        return await app.fetch(request, { record, connection, onEnd });
      } catch (cause) {
        onEnd();
        throw cause;
      }
    },
    credentials: credentials.alternatives[0] ?? {},
    credentialAlternatives: credentials.alternatives,
    variables: paths.variables,
    basePath: paths.sample,
    examples: Object.fromEntries(kinds.map(({ workflow }) => [workflow.id, workflow.example])),
    fault(fault) {
      const job = fault.job === undefined ? undefined : jobs.byId(fault.job);
      if (fault.kind === "outcome" && job) job.options = withOutcome(job.options, fault);
      else faults.add(fault);
    },
    configure: (changes, id) => state.configure(changes, id === undefined ? undefined : jobOf(id)),
    jobs: () => jobs.all().map((job) => viewOf(job, state)),
    fileOf: (id) => state.fileOf(jobOf(id)),
    requests: () => log.all(),
    maxima: () => ({
      ...limits.maxima(),
      ...(state.openJobs && { openJobs: state.openJobs.most }),
      ...(operationLimits.size > 0 && {
        operations: Object.fromEntries([...operationLimits].map(([id, own]) => [id, own.maxima().windows])),
      }),
    }),
    reset: () => state.reset(),
  };
  const admin = adminRoutes(vendor);
  return vendor;
}

function viewOf(job: Job, { fileOf, options }: VendorState): JobView {
  const { fileName, mediaType, sizeBytes } = fileOf(job);
  return {
    id: job.id,
    ids: Object.fromEntries(job.ids),
    workflow: job.kind.workflow.id,
    state: stateOf(job, options.now()).name,
    polls: job.polls,
    createdAt: job.createdAt,
    options: job.options,
    file: { fileName, mediaType, sizeBytes },
  };
}
