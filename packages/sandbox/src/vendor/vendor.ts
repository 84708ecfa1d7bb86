import { type Job, stateOf } from "../job/job.js";
import type { VendorSpec } from "../spec/vendor-spec.js";
import type { Store } from "../store/store.js";
import { adminRoutes } from "./admin.js";
import { vendorRoutes } from "./routes.js";
import type { SandboxVendor } from "./sandbox-vendor.js";
import { createVendorState, type VendorOptions } from "./state.js";

/** Makes a vendor from its spec. */
export function createVendor(spec: VendorSpec, store: Store, options: VendorOptions): SandboxVendor {
  const { now } = options;
  const state = createVendorState(spec, store, options);
  const { credentials, faults, jobs, kinds, limits, log, paths } = state;
  const app = vendorRoutes(state);
  const named = (id: string): Job => {
    const job = jobs.byId(id);
    if (!job) throw new RangeError(`${spec.vendor} has no export ${id}`);
    return job;
  };

  const vendor: SandboxVendor = {
    name: spec.vendor,
    async handler(request, connection) {
      if (new URL(request.url).pathname.startsWith("/_sandbox")) return admin.fetch(request);
      const record = log.begin(request, now());
      limits.enter();
      let hasLeft = false;
      const onEnd = (): void => {
        if (!hasLeft) limits.leave();
        hasLeft = true;
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
      if (fault.kind !== "outcome" || !job) return faults.add(fault);
      const { outcome = "failed", failureReason } = fault;
      job.options = { ...job.options, outcome, ...(failureReason !== undefined && { failureReason }) };
    },
    configure: (changes, id) => state.configure(changes, id === undefined ? undefined : named(id)),
    jobs: () =>
      jobs.all().map((job) => {
        const { fileName, mediaType, sizeBytes } = state.fileOf(job);
        return {
          id: job.id,
          ids: Object.fromEntries(job.ids),
          workflow: job.kind.workflow.id,
          state: stateOf(job, now()).name,
          polls: job.polls,
          createdAt: job.createdAt,
          options: job.options,
          file: { fileName, mediaType, sizeBytes },
        };
      }),
    fileOf: (id) => state.fileOf(named(id)),
    requests: () => log.all(),
    maxima: () => limits.maxima(),
    reset: () => state.reset(),
  };
  const admin = adminRoutes(vendor);
  return vendor;
}
