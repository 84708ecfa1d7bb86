import { type Context, Hono } from "hono";
import { adminRoutes, type JobView } from "./admin.js";
import { readWorkflows } from "./arazzo.js";
import { type Connection, ConnectionLostError } from "./connection.js";
import { type CredentialValue, createCredentials } from "./credentials.js";
import { deliver } from "./deliver.js";
import { type ErrorWish, errorTemplate } from "./error-reply.js";
import { type ExportFile, exportFile } from "./export-file.js";
import type { EarlyFault, Fault } from "./fault.js";
import { createFaults, type Met } from "./faults.js";
import { type Job, stateOf } from "./job.js";
import { type JobKind, jobKind, templatesOf } from "./job-kind.js";
import type { JobOptions } from "./job-options.js";
import { createJobs, findTarget } from "./jobs.js";
import { createLimits, type Maxima, parsePolicy } from "./limits.js";
import { asObject, asText } from "./narrow.js";
import { type Operation, readApi, successContents } from "./open-api.js";
import { answer } from "./operations.js";
import { seededRandom, seedOf } from "./random.js";
import { type Reply, templateReply } from "./reply.js";
import { requestChecks } from "./request-check.js";
import { createRequestLog, type RequestRecord } from "./request-log.js";
import { serverPaths } from "./server-paths.js";
import type { Store } from "./store.js";
import type { VendorSpec } from "./vendor-spec.js";

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

interface Bindings {
  record: { -readonly [Key in keyof RequestRecord]: RequestRecord[Key] };
  connection: Connection | undefined;
  onEnd: () => void;
}

/** Makes a vendor from its spec. */
export function createVendor(spec: VendorSpec, store: Store, options: VendorOptions): SandboxVendor {
  const { now, delay, seed } = options;
  const api = readApi(spec.openapi);
  const kinds = readWorkflows(spec.arazzo).map((workflow) => jobKind(workflow, api));
  const credentials = createCredentials(api, options.credentials);
  const paths = serverPaths(api);
  const checkOf = requestChecks(api);
  const jobs = createJobs({ now, random: options.random ?? seededRandom(seed ^ seedOf(spec.vendor)) });
  const faults = createFaults();
  const log = createRequestLog();
  const limits = createLimits(
    parsePolicy(asText(api.root["x-ratelimit-policy"]) ?? ""),
    typeof api.root["x-max-concurrent"] === "number" ? api.root["x-max-concurrent"] : undefined,
    now,
  );
  const files = new WeakMap<Job, { options: JobOptions; revision: number; file: ExportFile }>();
  let defaults: JobOptions = options.jobs ?? {};

  function fileOf(job: Job, operation: Operation = job.kind.download): ExportFile {
    const isOwn = operation === job.kind.download;
    const known = files.get(job);
    if (isOwn && known?.options === job.options && known.revision === job.revision) return known.file;
    const documented = job.kind.linksToFile ? storedContents(job.kind) : successContents(operation);
    const file = exportFile(isOwn ? job : { ...job, request: {} }, documented, seed);
    if (isOwn) files.set(job, { options: job.options, revision: job.revision, file });
    return file;
  }

  /** The contents of the call that redirects to the file, where the file's address is answered by another one. */
  function storedContents(kind: JobKind) {
    const redirecting = api.operations.find(
      ({ path, replies }) =>
        kind.paths.some((place) => path.startsWith(`${place.path}/`)) &&
        replies.some(({ status, headers }) => status >= 300 && headers.includes("location")),
    );
    return redirecting ? successContents(redirecting) : [];
  }

  function linkTo(job: Job): Promise<string> {
    const sample = templatesOf(job.kind.download).find(({ value }) => URL.canParse(String(value)))?.value;
    const url = new URL(
      typeof sample === "string" ? sample : `https://store.example/${fileOf(job).fileName}`,
    );
    for (const { source, example } of job.kind.ids) {
      url.pathname = url.pathname.replaceAll(String(example), String(job.ids.get(source)));
    }
    return store.link(url, { job, file: () => fileOf(job), faults, log }, now() + options.linkTtlMs);
  }

  function start(kind: JobKind, request: Readonly<Record<string, unknown>>): Job {
    const ending = faults.outcome();
    return jobs.create(kind, request, {
      ...defaults,
      ...(ending && { outcome: ending.outcome ?? "failed" }),
      ...(ending?.failureReason !== undefined && { failureReason: ending.failureReason }),
    });
  }

  function error(operation: Operation | undefined, wish: ErrorWish): Reply {
    return templateReply(errorTemplate(api, operation, wish));
  }

  function faulted(fault: Extract<EarlyFault, { kind: "error" }>, operation: Operation): Reply {
    const { status = 500, sendAs, retryAfter, message, example } = fault;
    const wish = {
      statuses: [status],
      ...(message !== undefined && { message }),
      ...(example !== undefined && { example }),
    };
    const reply = error(operation, wish);
    if (retryAfter !== undefined) reply.headers.set("retry-after", String(retryAfter));
    return { ...reply, status: sendAs ?? reply.status };
  }

  function partsOf(operation: Operation, job: Job | undefined): Met["parts"] {
    const parts = new Set<"start" | "poll" | "download" | "file">();
    for (const kind of kinds) {
      if (operation === kind.start) parts.add("start");
      if (operation === kind.poll) parts.add("poll");
      if (operation !== kind.download) continue;
      parts.add("download");
      const isThere =
        operation !== kind.poll || (job !== undefined && stateOf(job, now()).name === "succeeded");
      if (!kind.linksToFile && isThere) parts.add("file");
    }
    return parts;
  }

  type Env = { Bindings: Bindings };
  const app = new Hono<Env>();

  function route(operation: Operation): void {
    const check = checkOf(operation);

    async function handle(c: Context<Env>): Promise<Response> {
      const { record, connection, onEnd } = c.env;
      const request = c.req.raw;
      const path = Object.fromEntries(
        Object.entries(c.req.param()).filter(([name]) => !name.startsWith("server_")),
      );
      const query = new URL(request.url).searchParams;
      const target = findTarget(operation, kinds, jobs.all(), path, query);
      const job = target?.kind === "one" ? target.job : target?.isPoll ? target.jobs[0] : undefined;
      record.path = operation.path;
      record.operation = operation.id;
      record.job = job?.id;
      const met = { operation: operation.id, job, parts: partsOf(operation, job) };
      const fault = faults.early(met);
      if (fault?.kind === "hang")
        await new Promise((resolve) => request.signal.addEventListener("abort", resolve));
      if (fault?.kind === "dropped" || fault?.kind === "hang") {
        connection?.destroy();
        throw new ConnectionLostError();
      }
      if (fault?.kind === "changedFile" && job) job.revision += 1;
      const reply = await respond(request, path, query, target, fault, record);
      decorate(reply, operation);
      const late = faults.late({
        ...met,
        job: job ?? jobs.byId(record.job ?? ""),
        parts: reply.isFile ? new Set([...met.parts, "file"]) : met.parts,
      });
      if (late?.kind !== "lostReply") record.status = reply.status;
      return deliver(reply, late, { connection, delay, onEnd, isHead: request.method === "HEAD" });
    }

    async function respond(
      request: Request,
      path: Record<string, string>,
      query: URLSearchParams,
      target: ReturnType<typeof findTarget>,
      fault: EarlyFault | undefined,
      record: Bindings["record"],
    ): Promise<Reply> {
      if (fault?.kind === "error") return faulted(fault, operation);
      if (fault?.kind === "expiredLink")
        return error(operation, { statuses: [410, 404, 400], detail: "the file has expired" });
      if (!credentials.allow(request.headers, operation.security))
        return error(operation, { statuses: [401] });
      const refusal = options.enforceLimits ? limits.refusal() : undefined;
      if (refusal) {
        const reply = error(operation, { statuses: [429] });
        const isDocumented = operation.replies.some(
          ({ status, headers }) => status === 429 && headers.includes("retry-after"),
        );
        if (isDocumented && refusal.retryAfterMs !== undefined) {
          reply.headers.set("retry-after", String(Math.max(1, Math.ceil(refusal.retryAfterMs / 1000))));
        }
        return reply;
      }
      const body = request.body === null ? "" : await request.text();
      const checked = check({ path, query, headers: request.headers, body });
      if ("detail" in checked) return error(operation, checked);
      return answer({
        api,
        operation,
        kinds,
        target,
        request: { ...path, ...Object.fromEntries(query), ...asObject(checked.body) },
        now: now(),
        fault,
        start(kind, fields) {
          const job = start(kind, fields);
          record.job = job.id;
          return job;
        },
        remove: (each) => jobs.remove(each),
        fileOf,
        linkTo,
      });
    }

    for (const base of paths.patterns) {
      app.on(operation.method, base + operation.path.replace(/\{(\w+)\}/g, ":$1"), handle);
    }
  }

  /** Adds the headers that count requests, where the spec has them. */
  function decorate({ status, headers }: Reply, operation: Operation): void {
    const names = operation.replies.find((each) => each.status === status)?.headers ?? [];
    const left = names.some((name) => /ratelimit-/.test(name)) ? limits.left() : undefined;
    if (!left) return;
    const values = { limit: left.limit, remaining: left.remaining, reset: Math.ceil(left.resetMs / 1000) };
    for (const [suffix, value] of Object.entries(values)) {
      const name = names.find((each) => each.endsWith(`ratelimit-${suffix}`));
      if (name !== undefined) headers.set(name, String(value));
    }
  }

  for (const operation of api.operations) route(operation);
  for (const { path } of api.operations) {
    for (const base of paths.patterns) {
      app.all(base + path.replace(/\{(\w+)\}/g, ":$1"), (c) => sent(c, { statuses: [405] }));
    }
  }
  app.notFound((c) => sent(c, { statuses: [404], message: "There is nothing at this path" }));
  app.onError((cause, c) => {
    if (cause instanceof ConnectionLostError) throw cause;
    return sent(c, { statuses: [500], message: `The sandbox itself failed: ${cause.message}` });
  });

  function sent(c: Context<Env>, wish: ErrorWish): Response {
    const reply = error(undefined, wish);
    c.env.record.status = reply.status;
    return deliver(reply, undefined, { connection: c.env.connection, delay, onEnd: c.env.onEnd });
  }

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
    configure(changes, id) {
      if (id === undefined) {
        defaults = { ...defaults, ...changes };
        return;
      }
      const job = jobs.byId(id);
      if (!job) throw new RangeError(`${spec.vendor} has no export ${id}`);
      job.options = { ...job.options, ...changes };
    },
    jobs: () =>
      jobs.all().map((job) => {
        const { fileName, mediaType, sizeBytes } = fileOf(job);
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
    fileOf(id) {
      const job = jobs.byId(id);
      if (!job) throw new RangeError(`${spec.vendor} has no export ${id}`);
      return fileOf(job);
    },
    requests: () => log.all(),
    maxima: () => limits.maxima(),
    reset() {
      jobs.clear();
      faults.clear();
      log.clear();
      limits.clear();
      defaults = options.jobs ?? {};
    },
  };
  const admin = adminRoutes(vendor);
  return vendor;
}
