import { parseRateLimit, valueAt } from "@outhaul/spec";
import { createFaultQueue, type FaultQueue } from "../fault/fault-queue.js";
import { GZIP_TYPE } from "../file/media-type.js";
import { seededRandom, seedOf } from "../file/random.js";
import { type ExportFile, exportFile } from "../job/export-file.js";
import { type Job, stateOf } from "../job/job.js";
import { createJobKind, type JobKind } from "../job/job-kind.js";
import { type JobOptions, withOutcome } from "../job/job-options.js";
import { createJobs, type Jobs } from "../job/jobs.js";
import { templatesOf } from "../job/reply-template.js";
import { checkNames } from "../options/check-names.js";
import type { Connection } from "../reply/connection.js";
import { type Credentials, type CredentialValue, createCredentials } from "../request/credentials.js";
import { createLimits, type Limits } from "../request/limits.js";
import { createRequestLog, type RequestLog } from "../request/request-log.js";
import type { TokenOptions } from "../request/token-server.js";
import { asText, type JsonObject } from "../spec/narrow.js";
import { type Api, type Content, type Operation, readApi, successContents } from "../spec/open-api.js";
import type { VendorSpec } from "../spec/vendor-spec.js";
import { readWorkflows } from "../spec/workflow.js";
import { polledLink } from "../store/polled-link.js";
import type { Store } from "../store/store.js";
import { type Changes, createChanges } from "./changes.js";
import { type ServerPaths, serverPaths } from "./server-paths.js";

/** The path below which the files are that only those with credentials get. */
export const GUARDED_FILES = "/_files";

/** The options of a vendor. */
export interface VendorOptions {
  /** The name under which the build compiled the schemas of the spec. Undefined for a spec of the user's own. */
  readonly compiledAs: string | undefined;
  readonly credentials?: Readonly<Record<string, CredentialValue>> | undefined;
  readonly tokens?: TokenOptions | undefined;
  readonly jobs?: JobOptions | undefined;
  readonly enforceLimits: boolean;
  readonly linkTtlMs: number;
  readonly seed: number;
  readonly now: () => number;
  readonly random?: (() => number) | undefined;
  delay(ms: number): Promise<void>;
}

/** A vendor's parsed spec, and all that its requests change. */
export interface VendorState {
  readonly options: VendorOptions;
  readonly api: Api;
  readonly kinds: readonly JobKind[];
  readonly credentials: Credentials;
  readonly paths: ServerPaths;
  readonly jobs: Jobs;
  readonly faults: FaultQueue;
  readonly log: RequestLog;
  readonly limits: Limits;
  readonly changes: Changes;
  /** The limits of the operations that have some of their own, by `operationId`. */
  readonly operationLimits: ReadonlyMap<string, Limits>;
  start(kind: JobKind, request: JsonObject): Job;
  /** The exports that may be open at once, and how many are and were. Undefined if the vendor documents no limit. */
  readonly openJobs: { readonly max: number; count(): number; most: number } | undefined;
  /** The file that an operation answers, or a part of it, from 0 on. @default the download, the first part */
  fileOf(job: Job, operation?: Operation, part?: number): ExportFile;
  /**
   * Creates a link to a job's file, or to a part of it: in the store, or, where it is for those with credentials only, below the vendor's own origin.
   */
  linkTo(job: Job, origin: string, part?: number): Promise<string>;
  /** Answers a request for a file below the vendor's own origin, which has shown its credentials. */
  fetchGuarded(request: Request, connection: Connection | undefined): Promise<Response>;
  /** Changes the options of a job, or of all jobs that start later. */
  configure(changes: JobOptions, job?: Job): void;
  reset(): void;
}

/** Parses a vendor's spec and creates its state. */
export function createVendorState(spec: VendorSpec, store: Store, options: VendorOptions): VendorState {
  const { now, seed } = options;
  const api = readApi(spec.openapi);
  const kinds = readWorkflows(spec.arazzo).map((workflow) => createJobKind(workflow, api));
  const random = options.random ?? seededRandom(seed ^ seedOf(spec.vendor));
  const jobs = createJobs({ now, random });
  const faults = createFaultQueue();
  const log = createRequestLog();
  const limits = limitsOf(api, now);
  const changes = createChanges();
  const operationLimits = new Map(
    api.operations.flatMap(({ id, quotas }) =>
      quotas.length > 0 ? [[id, createLimits(quotas, undefined, now)] as const] : [],
    ),
  );
  const fileOf = fileCache(api, seed);
  const schemes = Object.fromEntries([...api.schemes.keys()].map((scheme) => [scheme, {}]));
  checkNames(`the credentials of ${spec.vendor}`, options.credentials, schemes);
  const credentials = createCredentials(api, options.credentials, now, options.tokens);
  const maxOpenJobs = api.root["x-max-open-jobs"];
  const isOpen = (job: Job): boolean => ["queued", "running"].includes(stateOf(job, now()).name);
  const openJobs =
    typeof maxOpenJobs === "number"
      ? { max: maxOpenJobs, count: () => jobs.all().filter(isOpen).length, most: 0 }
      : undefined;
  let defaults: JobOptions = options.jobs ?? {};
  return {
    options,
    api,
    kinds,
    credentials,
    paths: serverPaths(api),
    jobs,
    faults,
    log,
    limits,
    changes,
    operationLimits,
    fileOf,
    openJobs,
    start(kind, request) {
      const fault = faults.nextOutcome();
      const job = jobs.create(kind, request, fault ? withOutcome(defaults, fault) : defaults);
      if (openJobs) openJobs.most = Math.max(openJobs.most, openJobs.count());
      return job;
    },
    async linkTo(job, origin, part = 0) {
      const expiresAt = now() + options.linkTtlMs;
      const file = (): ExportFile => fileOf(job, undefined, part);
      const link = await store.link(
        sampleLink(job, file(), part),
        {
          job,
          file,
          faults,
          log,
          ...(job.kind.workflow.poll.isLink && { polled: polledLink(job, now) }),
          onRequest: (record) => changes.emit({ kind: "request", record }),
        },
        expiresAt,
      );
      if (!job.kind.workflow.download.isFileGuarded) return link;
      const { pathname, search } = new URL(link);
      return origin + GUARDED_FILES + pathname + search;
    },
    fetchGuarded(request, connection) {
      const { pathname, search } = new URL(request.url);
      const headers = new Headers(request.headers);
      for (const name of credentials.headers) headers.delete(name);
      const url = store.origin + pathname.slice(GUARDED_FILES.length) + search;
      const { method, signal } = request;
      return store.handler(new Request(url, { method, headers, signal }), connection);
    },
    configure(wanted, job) {
      if (job) job.options = mergeOptions(job.options, wanted);
      else defaults = mergeOptions(defaults, wanted);
    },
    reset() {
      jobs.clear();
      faults.remove();
      log.clear();
      limits.clear();
      if (openJobs) openJobs.most = 0;
      for (const own of operationLimits.values()) own.clear();
      credentials.tokens?.server.clear();
      defaults = options.jobs ?? {};
    },
  };
}

function limitsOf({ root }: Api, now: () => number): Limits {
  const concurrent = root["x-max-concurrent"];
  const quotas = parseRateLimit(asText(root["x-ratelimit-policy"]) ?? "") ?? [];
  return createLimits(quotas, typeof concurrent === "number" ? concurrent : undefined, now);
}

/** Creates a function that returns the file of a job, and creates it again only after the job's options or its file changed. */
function fileCache(api: Api, seed: number): VendorState["fileOf"] {
  const files = new WeakMap<Job, { options: JobOptions; revision: number; parts: Map<number, ExportFile> }>();
  return (job, operation = job.kind.download, part = 0) => {
    const { options, revision } = job;
    const isDownload = operation === job.kind.download;
    const found = files.get(job);
    const cached = found?.options === options && found.revision === revision ? found.parts : new Map();
    const file = isDownload ? cached.get(part) : undefined;
    if (file) return file;
    const documented = job.kind.fileUrl ? filesAtAddress(job.kind, api) : successContents(operation);
    // Only the download has the columns and the name that the request asks for.
    const made = exportFile(isDownload ? job : { ...job, request: {} }, documented, seed, part);
    if (isDownload) files.set(job, { options, revision, parts: cached.set(part, made) });
    return made;
  };
}

/** The contents that a file at an address may have: gzip where the spec says so, else those of the operation that redirects to it. */
function filesAtAddress(kind: JobKind, api: Api): readonly Content[] {
  const { gzip } = kind.workflow.download;
  return gzip && isSaidToBeGzip(kind)
    ? [{ mediaType: GZIP_TYPE, schema: {}, inside: gzip.inside, examples: [] }]
    : storedContents(kind, api);
}

/** True unless the example of the reply with the file's address says that the file is not gzip. */
function isSaidToBeGzip({ workflow, download }: JobKind): boolean {
  const compression = workflow.download.outputs.get("compression");
  if (compression?.kind !== "body") return true;
  return templatesOf(download).some(({ value }) => /gzip/i.test(String(valueAt(value, compression.pointer))));
}

/** The contents of the operation that redirects to the file, if the download answers only the file's address. */
function storedContents(kind: JobKind, api: Api): readonly Content[] {
  const redirect = api.operations.find(
    ({ path, replies }) =>
      kind.paths.some((jobPath) => path.startsWith(`${jobPath.path}/`)) &&
      replies.some(({ status, headers }) => status >= 300 && headers.includes("location")),
  );
  return redirect ? successContents(redirect) : [];
}

/** The documented link to a file, with the ids of a job. */
function sampleLink({ kind, ids }: Job, file: ExportFile, part: number): URL {
  const { fileUrl } = kind;
  const documented = (kind.workflow.poll.isLink ? [kind.accepted] : templatesOf(kind.download))
    .map(({ value }) => String(fileUrl?.kind === "body" ? valueAt(value, fileUrl.pointer) : value))
    .find((value) => URL.canParse(value));
  const url = new URL(documented ?? `https://store.example/${file.fileName}`);
  for (const { source, example } of kind.ids)
    url.pathname = url.pathname.replaceAll(String(example), String(ids.get(source)));
  if (part > 0) url.pathname = url.pathname.replace(/(\.\w+)*$/, (ending) => `-${part + 1}${ending}`);
  return url;
}

/** Merges options. A new duration replaces a number of polls. */
function mergeOptions({ polls, ...rest }: JobOptions, changes: JobOptions): JobOptions {
  const keepsPolls = polls !== undefined && changes.durationMs === undefined;
  return { ...(keepsPolls && { polls }), ...rest, ...changes };
}
