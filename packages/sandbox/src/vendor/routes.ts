import { type Context, Hono } from "hono";
import type { EarlyFault } from "../fault/fault.js";
import type { Met } from "../fault/faults.js";
import { type Job, stateOf } from "../job/job.js";
import { findTarget, type Target } from "../job/jobs.js";
import { aborted } from "../reply/aborted.js";
import { type Connection, ConnectionLostError } from "../reply/connection.js";
import { deliver } from "../reply/deliver.js";
import { type ErrorWish, errorTemplate } from "../reply/error-reply.js";
import { type Reply, templateReply } from "../reply/reply.js";
import { requestChecks } from "../request/check.js";
import type { Limits } from "../request/limits.js";
import type { OpenRecord } from "../request/log.js";
import { asObject } from "../spec/narrow.js";
import type { Operation } from "../spec/open-api.js";
import { answer } from "./operations.js";
import type { VendorState } from "./state.js";

/** What comes with a request. */
export interface Bindings {
  readonly record: OpenRecord;
  readonly connection: Connection | undefined;
  readonly onEnd: () => void;
}

type Env = { Bindings: Bindings };

/** A request to an operation, read. */
interface Asked {
  readonly request: Request;
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly target: Target | undefined;
  readonly fault: EarlyFault | undefined;
  readonly record: OpenRecord;
}

/** Routes the calls of a vendor's API. */
export function vendorRoutes(state: VendorState): Hono<Env> {
  const { api, kinds, jobs, faults, limits, paths, options } = state;
  const { now, delay } = options;
  const checkOf = requestChecks(api);
  const app = new Hono<Env>();
  const patternsOf = (path: string): string[] =>
    paths.patterns.map((base) => base + path.replace(/\{([^{}]+)\}/g, ":$1"));

  for (const operation of api.operations) {
    const check = checkOf(operation);

    const respond = async (asked: Asked): Promise<Reply> => {
      const { request, path, query, target, fault, record } = asked;
      if (fault?.kind === "error") return faultReply(state, fault, operation);
      if (fault?.kind === "expiredLink") {
        return errorReply(state, operation, { statuses: [410, 404, 400], detail: "the file has expired" });
      }
      if (!state.credentials.allow(request.headers, operation.security)) {
        return errorReply(state, operation, { statuses: [401] });
      }
      const refusal = options.enforceLimits ? limits.refusal() : undefined;
      if (refusal) return refusalReply(state, operation, refusal.retryAfterMs);
      const body = request.body === null ? "" : await request.text();
      const checked = check({ path, query, headers: request.headers, body });
      if ("detail" in checked) return errorReply(state, operation, checked);
      return answer({
        api,
        operation,
        kinds,
        target,
        request: { ...path, ...Object.fromEntries(query), ...asObject(checked.body) },
        now: now(),
        fault,
        start(kind, fields) {
          const job = state.start(kind, fields);
          record.job = job.id;
          return job;
        },
        remove: (job) => jobs.remove(job),
        fileOf: state.fileOf,
        linkTo: state.linkTo,
      });
    };

    app.on(operation.method, patternsOf(operation.path), async (c) => {
      const { record, connection, onEnd } = c.env;
      const request = c.req.raw;
      const parameters = Object.entries<string>(c.req.param());
      const path = Object.fromEntries(parameters.filter(([name]) => !name.startsWith("server_")));
      const query = new URL(request.url).searchParams;
      const target = findTarget(operation, kinds, jobs, path, query);
      const job = target?.kind === "one" ? target.job : target?.isPoll ? target.jobs[0] : undefined;
      Object.assign(record, { path: operation.path, operation: operation.id, job: job?.id });
      const met: Met = { operation: operation.id, job, parts: partsOf(state, operation, job) };
      const fault = faults.early(met);
      if (fault?.kind === "hang") await aborted(request.signal);
      if (fault?.kind === "dropped" || fault?.kind === "hang") {
        connection?.destroy();
        throw new ConnectionLostError();
      }
      if (fault?.kind === "changedFile" && job) job.revision += 1;

      const reply = await respond({ request, path, query, target, fault, record });
      countHeaders(reply, operation, limits);
      const late = faults.late({
        ...met,
        job: job ?? jobs.byId(record.job ?? ""),
        parts: reply.isFile ? new Set([...met.parts, "file"]) : met.parts,
      });
      if (late?.kind !== "lostReply") record.status = reply.status;
      return deliver(reply, late, { connection, delay, onEnd, isHead: request.method === "HEAD" });
    });
  }

  const sent = (c: Context<Env>, wish: ErrorWish): Response => {
    const { record, connection, onEnd } = c.env;
    const reply = errorReply(state, undefined, wish);
    record.status = reply.status;
    return deliver(reply, undefined, { connection, delay, onEnd });
  };
  for (const { path } of api.operations) {
    for (const pattern of patternsOf(path)) app.all(pattern, (c) => sent(c, { statuses: [405] }));
  }
  app.notFound((c) => sent(c, { statuses: [404], message: "There is nothing at this path" }));
  app.onError((cause, c) => {
    if (cause instanceof ConnectionLostError) throw cause;
    return sent(c, { statuses: [500], message: `The sandbox itself failed: ${cause.message}` });
  });
  return app;
}

function errorReply({ api }: VendorState, operation: Operation | undefined, wish: ErrorWish): Reply {
  return templateReply(errorTemplate(api, operation, wish));
}

function faultReply(
  state: VendorState,
  { status = 500, sendAs, retryAfter, message, example }: Extract<EarlyFault, { kind: "error" }>,
  operation: Operation,
): Reply {
  const reply = errorReply(state, operation, {
    statuses: [status],
    ...(message !== undefined && { message }),
    ...(example !== undefined && { example }),
  });
  if (retryAfter !== undefined) reply.headers.set("retry-after", String(retryAfter));
  return { ...reply, status: sendAs ?? reply.status };
}

function refusalReply(state: VendorState, operation: Operation, retryAfterMs: number | undefined): Reply {
  const reply = errorReply(state, operation, { statuses: [429] });
  const documented = operation.replies.find(({ status }) => status === 429)?.headers ?? [];
  if (documented.includes("retry-after") && retryAfterMs !== undefined) {
    reply.headers.set("retry-after", String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
  }
  return reply;
}

function partsOf({ kinds, options }: VendorState, operation: Operation, job: Job | undefined): Met["parts"] {
  const parts = new Set<"start" | "poll" | "download" | "file">();
  for (const kind of kinds) {
    if (operation === kind.start) parts.add("start");
    if (operation === kind.poll) parts.add("poll");
    if (operation !== kind.download) continue;
    parts.add("download");
    const isReady = job !== undefined && stateOf(job, options.now()).name === "succeeded";
    if (!kind.linksToFile && (isReady || operation !== kind.poll)) parts.add("file");
  }
  return parts;
}

/** Adds the headers that count requests, where the spec has them. */
function countHeaders({ status, headers }: Reply, operation: Operation, limits: Limits): void {
  const names = operation.replies.find((each) => each.status === status)?.headers ?? [];
  const left = names.some((name) => /ratelimit-/.test(name)) ? limits.left() : undefined;
  if (!left) return;
  const values = { limit: left.limit, remaining: left.remaining, reset: Math.ceil(left.resetMs / 1000) };
  for (const [suffix, value] of Object.entries(values)) {
    const name = names.find((each) => each.endsWith(`ratelimit-${suffix}`));
    if (name !== undefined) headers.set(name, String(value));
  }
}
