import { checkFault } from "../fault/check-fault.js";
import { type Job, stateOf } from "../job/job.js";
import { jobOptionsSchema, withOutcome } from "../job/job-options.js";
import { checkNames } from "../options/check-names.js";
import type { VendorSpec } from "../spec/vendor-spec.js";
import type { Store } from "../store/store.js";
import { adminRoutes } from "./admin.js";
import { NoSuchExportError } from "./no-such-export.js";
import { vendorRoutes } from "./routes.js";
import type { JobView, SandboxVendor } from "./sandbox-vendor.js";
import { createVendorState, type VendorOptions, type VendorState } from "./vendor-state.js";

/** Creates a vendor from its spec. */
export function createVendor(spec: VendorSpec, store: Store, options: VendorOptions): SandboxVendor {
  const state = createVendorState(spec, store, options);
  const { changes, credentials, faults, jobs, kinds, limits, log, operationLimits, paths } = state;
  const app = vendorRoutes(state);
  const jobOf = (id: string): Job => {
    const job = jobs.byId(id);
    if (!job) throw new NoSuchExportError(`${spec.vendor} has no export ${id}`);
    return job;
  };

  const vendor: SandboxVendor = {
    name: spec.vendor,
    spec,
    async handler(request, connection) {
      if (new URL(request.url).pathname.startsWith("/_sandbox")) return admin.fetch(request);
      const record = log.append(request, options.now());
      changes.emit({ kind: "request", record });
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
      } finally {
        record.endedAt = options.now();
        changes.emit({ kind: "request", record });
      }
    },
    credentials: credentials.alternatives[0] ?? {},
    credentialAlternatives: credentials.alternatives,
    variables: paths.variables,
    basePath: paths.sample,
    examples: Object.fromEntries(kinds.map(({ workflow }) => [workflow.id, workflow.example])),
    fault(fault) {
      checkFault(fault);
      const job = fault.job === undefined ? undefined : jobs.byId(fault.job);
      if (fault.kind === "outcome" && job) job.options = withOutcome(job.options, fault);
      else faults.add(fault);
      changes.emit({ kind: "faults" });
    },
    faults: () => faults.all(),
    clearFaults(id) {
      faults.remove(id);
      changes.emit({ kind: "faults" });
    },
    configure(wanted, id) {
      checkNames("configure", wanted, jobOptionsSchema.properties);
      state.configure(wanted, id === undefined ? undefined : jobOf(id));
      changes.emit({ kind: "exports" });
    },
    jobs: (latest = Number.POSITIVE_INFINITY) =>
      jobs
        .all()
        .slice(-latest)
        .map((job) => viewOf(job, state)),
    fileOf: (id, part) => state.fileOf(jobOf(id), undefined, part),
    requests: (latest) => log.all(latest),
    maxima: () => ({
      ...limits.maxima(),
      ...(state.openJobs && { openJobs: state.openJobs.most }),
      ...(operationLimits.size > 0 && {
        operations: Object.fromEntries([...operationLimits].map(([id, own]) => [id, own.maxima().windows])),
      }),
    }),
    reset() {
      state.reset();
      changes.emit({ kind: "reset" });
    },
    watch: (onChange) => changes.watch(onChange),
  };
  const admin = adminRoutes(vendor);
  return vendor;
}

function viewOf(job: Job, { fileOf, options }: VendorState): JobView {
  const file = fileOf(job);
  const { name, fraction } = stateOf(job, options.now());
  return {
    id: job.id,
    ids: Object.fromEntries(job.ids),
    workflow: job.kind.workflow.id,
    state: name,
    fraction,
    polls: job.polls,
    createdAt: job.createdAt,
    options: job.options,
    file: {
      fileName: file.fileName,
      mediaType: file.mediaType,
      // Making the file's first block takes time, so that its size is found when it is asked for.
      get sizeBytes() {
        return file.sizeBytes;
      },
    },
  };
}
