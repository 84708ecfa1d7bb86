import { createFaults, type Faults } from "../fault/faults.js";
import { seededRandom, seedOf } from "../file/random.js";
import { type ExportFile, exportFile } from "../job/export-file.js";
import type { Job } from "../job/job.js";
import { createJobs, type Jobs } from "../job/jobs.js";
import { type JobKind, jobKind, templatesOf } from "../job/kind.js";
import type { JobOptions } from "../job/options.js";
import { type Credentials, type CredentialValue, createCredentials } from "../request/credentials.js";
import { createLimits, type Limits, parsePolicy } from "../request/limits.js";
import { createRequestLog, type RequestLog } from "../request/log.js";
import { readWorkflows } from "../spec/arazzo.js";
import { asText, type JsonObject } from "../spec/narrow.js";
import { type Api, type Content, type Operation, readApi, successContents } from "../spec/open-api.js";
import type { VendorSpec } from "../spec/vendor-spec.js";
import type { Store } from "../store/store.js";
import { type ServerPaths, serverPaths } from "./server-paths.js";

/** What a vendor is made with. */
export interface VendorOptions {
  readonly credentials?: Readonly<Record<string, CredentialValue>> | undefined;
  readonly jobs?: JobOptions | undefined;
  readonly enforceLimits: boolean;
  readonly linkTtlMs: number;
  readonly seed: number;
  readonly now: () => number;
  readonly random?: (() => number) | undefined;
  delay(ms: number): Promise<void>;
}

/** What a vendor is and has: its spec, read, and its exports. */
export interface VendorState {
  readonly options: VendorOptions;
  readonly api: Api;
  readonly kinds: readonly JobKind[];
  readonly credentials: Credentials;
  readonly paths: ServerPaths;
  readonly jobs: Jobs;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly limits: Limits;
  start(kind: JobKind, request: JsonObject): Job;
  /** The file that a call answers; that of the download unless another call is named. */
  fileOf(job: Job, operation?: Operation): ExportFile;
  /** A new link to a job's file in the store. */
  linkTo(job: Job): Promise<string>;
  /** Changes how a job behaves, or those that are started from now on. */
  configure(changes: JobOptions, job?: Job): void;
  reset(): void;
}

/** Reads a vendor's spec, and makes the state that its exports live in. */
export function createVendorState(spec: VendorSpec, store: Store, options: VendorOptions): VendorState {
  const { now, seed } = options;
  const api = readApi(spec.openapi);
  const kinds = readWorkflows(spec.arazzo).map((workflow) => jobKind(workflow, api));
  const random = options.random ?? seededRandom(seed ^ seedOf(spec.vendor));
  const concurrent = api.root["x-max-concurrent"];
  const policy = parsePolicy(asText(api.root["x-ratelimit-policy"]) ?? "");
  const jobs = createJobs({ now, random });
  const faults = createFaults();
  const log = createRequestLog();
  const limits = createLimits(policy, typeof concurrent === "number" ? concurrent : undefined, now);
  const files = new WeakMap<Job, { options: JobOptions; revision: number; file: ExportFile }>();
  let defaults: JobOptions = options.jobs ?? {};

  function fileOf(job: Job, operation: Operation = job.kind.download): ExportFile {
    const isOwn = operation === job.kind.download;
    const known = files.get(job);
    if (isOwn && known?.options === job.options && known.revision === job.revision) return known.file;
    const documented = job.kind.linksToFile ? storedContents(job.kind, api) : successContents(operation);
    const file = exportFile(isOwn ? job : { ...job, request: {} }, documented, seed);
    if (isOwn) files.set(job, { options: job.options, revision: job.revision, file });
    return file;
  }

  return {
    options,
    api,
    kinds,
    credentials: createCredentials(api, options.credentials),
    paths: serverPaths(api),
    jobs,
    faults,
    log,
    limits,
    fileOf,
    start(kind, request) {
      const ending = faults.outcome();
      return jobs.create(kind, request, {
        ...defaults,
        ...(ending && { outcome: ending.outcome ?? "failed" }),
        ...(ending?.failureReason !== undefined && { failureReason: ending.failureReason }),
      });
    },
    linkTo(job) {
      const samples = templatesOf(job.kind.download).map(({ value }) => String(value));
      const sample = samples.find((each) => URL.canParse(each));
      const url = new URL(sample ?? `https://store.example/${fileOf(job).fileName}`);
      for (const { source, example } of job.kind.ids) {
        url.pathname = url.pathname.replaceAll(String(example), String(job.ids.get(source)));
      }
      return store.link(url, { job, file: () => fileOf(job), faults, log }, now() + options.linkTtlMs);
    },
    configure(changes, job) {
      if (job) job.options = merged(job.options, changes);
      else defaults = merged(defaults, changes);
    },
    reset() {
      jobs.clear();
      faults.clear();
      log.clear();
      limits.clear();
      defaults = options.jobs ?? {};
    },
  };
}

/** A duration takes the place of a number of polls. */
function merged({ polls, ...rest }: JobOptions, changes: JobOptions): JobOptions {
  const keepsPolls = polls !== undefined && changes.durationMs === undefined;
  return { ...(keepsPolls && { polls }), ...rest, ...changes };
}

/** The contents of the call that redirects to the file, where the file's address is answered by another one. */
function storedContents(kind: JobKind, api: Api): readonly Content[] {
  const redirecting = api.operations.find(
    ({ path, replies }) =>
      kind.paths.some((place) => path.startsWith(`${place.path}/`)) &&
      replies.some(({ status, headers }) => status >= 300 && headers.includes("location")),
  );
  return redirecting ? successContents(redirecting) : [];
}
