import type { Fault } from "../fault/fault.js";
import type { ExportFile } from "../job/export-file.js";
import { type Job, stateOf } from "../job/job.js";
import type { JobOptions } from "../job/options.js";
import type { Connection } from "../reply/connection.js";
import type { Maxima } from "../request/limits.js";
import type { RequestRecord } from "../request/log.js";
import type { VendorSpec } from "../spec/vendor-spec.js";
import type { Store } from "../store/store.js";
import { adminRoutes, type JobView } from "./admin.js";
import { vendorRoutes } from "./routes.js";
import { createVendorState, type VendorOptions } from "./state.js";

/** One vendor of the sandbox. */
export interface SandboxVendor {
  /** The name of its folder in the specs. */
  readonly name: string;
  /** Answers a request as the vendor would. */
  handler(request: Request, connection?: Connection): Promise<Response>;
  /** The options of the vendor's client that are taken as good credentials: the first alternative of the spec. */
  readonly credentials: Readonly<Record<string, string>>;
  /** All alternatives. */
  readonly credentialAlternatives: readonly Readonly<Record<string, string>>[];
  /** Samples of the options that a client has to be given to know its server. */
  readonly variables: Readonly<Record<string, string>>;
  /** The path of the vendor's server, with the samples in it. */
  readonly basePath: string;
  /** A complete request of each workflow, without the credentials. */
  readonly examples: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Lets something go wrong. */
  fault(fault: Fault): void;
  /** Sets how exports behave: the one named, or those that are started from now on. */
  configure(options: JobOptions, job?: string): void;
  jobs(): readonly JobView[];
  /** The file of an export, made anew: its size, its bytes. */
  fileOf(job: string): ExportFile;
  requests(): readonly RequestRecord[];
  maxima(): Maxima;
  /** Forgets all exports, faults, requests and counts. */
  reset(): void;
}

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
