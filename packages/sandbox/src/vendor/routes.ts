import { type Context, Hono } from "hono";
import type { FaultCandidate, Part } from "../fault/fault-queue.js";
import { type Job, stateOf } from "../job/job.js";
import { findTarget, namesJobInBody, type Target } from "../job/target.js";
import { type Connection, ConnectionLostError } from "../reply/connection.js";
import { deliver } from "../reply/deliver.js";
import type { VendorError } from "../reply/error-reply.js";
import { type Reply, textReply } from "../reply/reply.js";
import { untilAborted } from "../reply/until-aborted.js";
import { limitBody } from "../request/limit-body.js";
import type { Limits } from "../request/limits.js";
import { contentTypeOf, parseBody } from "../request/parse-body.js";
import type { OpenRecord } from "../request/request-log.js";
import { type RequestValidator, requestValidators } from "../request/validate.js";
import type { Operation } from "../spec/open-api.js";
import { errorReply, handleRequest } from "./handle-request.js";
import { GUARDED_FILES, type VendorState } from "./vendor-state.js";

/** The values that come with each request. */
export interface Bindings {
  readonly record: OpenRecord;
  readonly connection: Connection | undefined;
  /** Called when the reply is sent. */
  readonly onEnd: () => void;
}

/** The longest body of a request, in bytes. No vendor documents one, and no request of an export comes near it. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

type Env = { Bindings: Bindings };

/** The prefix of path parameters that are part of the server's address. */
const SERVER_PARAMETER = "server_";

/** Creates the router of a vendor's API. */
export function vendorRoutes(state: VendorState): Hono<Env> {
  const { api, paths, options } = state;
  const validatorOf = requestValidators(api, options.compiledAs);
  const app = new Hono<Env>();
  const patternsOf = (path: string): string[] =>
    paths.patterns.map((base) => base + path.replace(/\{([^{}]+)\}/g, ":$1"));

  const sendError = (c: Context<Env>, error: VendorError): Response => {
    const { record, connection, onEnd } = c.env;
    const reply = errorReply(state, undefined, error);
    record.status = reply.status;
    return deliver(reply, undefined, { connection, delay: options.delay, onEnd });
  };
  app.use(limitBody<Env>(MAX_BODY_BYTES, (c) => sendError(c, { statuses: [413, 400] })));
  const { tokens } = state.credentials;
  if (tokens) {
    const path = tokens.url.replace(/^\w+:\/\/[^/]+/, "");
    app.on(tokens.method, path.replace(/\{([^{}]+)\}/g, ":$1"), async (c) => {
      const { record, connection, onEnd } = c.env;
      Object.assign(record, { path, operation: "token" });
      const { status, body } = await tokens.server.answer(c.req.raw);
      record.status = status;
      const reply = textReply(status, "application/json", JSON.stringify(body));
      return deliver(reply, undefined, { connection, delay: options.delay, onEnd });
    });
  }
  const guarded = state.kinds.find(({ workflow }) => workflow.download.isFileGuarded);
  if (guarded)
    app.get(`${GUARDED_FILES}/*`, async (c) => {
      const { record, connection, onEnd } = c.env;
      const { url, headers } = c.req.raw;
      Object.assign(record, { path: GUARDED_FILES, operation: "file" });
      const query = new URL(url).searchParams;
      if (!state.credentials.allow({ headers, query }, guarded.download.security))
        return sendError(c, { statuses: [401] });
      const response = await state.fetchGuarded(c.req.raw, connection);
      record.status = response.status;
      onEnd();
      return response;
    });
  for (const operation of api.operations)
    app.on(
      operation.method,
      patternsOf(operation.path),
      operationHandler(state, operation, validatorOf(operation)),
    );

  for (const { path } of api.operations)
    for (const pattern of patternsOf(path)) app.all(pattern, (c) => sendError(c, { statuses: [405] }));
  app.notFound((c) => sendError(c, { statuses: [404], message: "There is nothing at this path" }));
  app.onError((cause, c) => {
    if (cause instanceof ConnectionLostError) throw cause;
    return sendError(c, { statuses: [500], message: `The sandbox itself failed: ${cause.message}` });
  });
  return app;
}

/** Creates the handler of an operation: it finds the request's jobs and faults, and sends the reply. */
function operationHandler(
  state: VendorState,
  operation: Operation,
  validate: RequestValidator,
): (c: Context<Env>) => Promise<Response> {
  const { kinds, jobs, faults, limits, options } = state;
  return async (c) => {
    const { record, connection, onEnd } = c.env;
    const request = c.req.raw;
    state.operationLimits.get(operation.id)?.begin();
    const parameters = Object.entries<string>(c.req.param());
    const path = Object.fromEntries(parameters.filter(([name]) => !name.startsWith(SERVER_PARAMETER)));
    const query = new URL(request.url).searchParams;
    const body = namesJobInBody(operation, kinds) ? await peekBody(request) : undefined;
    const target = findTarget(operation, kinds, jobs, { path, query, body });
    const job = jobOf(target);
    Object.assign(record, { path: operation.path, operation: operation.id, job: job?.id });
    const candidate: FaultCandidate = { operation: operation.id, job, parts: partsOf(state, operation, job) };
    const fault = faults.nextForRequest(candidate);
    record.fault = fault?.kind;
    if (fault?.kind === "hang") await untilAborted(request.signal);
    if (fault?.kind === "dropped" || fault?.kind === "hang") {
      connection?.destroy();
      throw new ConnectionLostError();
    }
    if (fault?.kind === "changedFile" && job) job.revision += 1;

    const received = { request, operation, path, query, target, fault, record };
    const reply = await handleRequest(state, received, validate);
    addRateLimitHeaders(reply, operation, limits);
    const replyFault = faults.nextForReply({
      operation: operation.id,
      job: job ?? jobs.byId(record.job ?? ""),
      parts: reply.isFile ? new Set([...candidate.parts, "file"]) : candidate.parts,
    });
    if (replyFault?.kind !== "lostReply") record.status = reply.status;
    record.fault ??= replyFault?.kind;
    const isHead = request.method === "HEAD";
    return deliver(reply, replyFault, { connection, delay: options.delay, onEnd, isHead });
  };
}

/** Reads the body of a request that is read again later. A body that cannot be parsed names no job. */
async function peekBody(request: Request): Promise<unknown> {
  try {
    return parseBody(contentTypeOf(request.headers), await request.clone().text());
  } catch {
    return undefined;
  }
}

/** The job that a request is about. A poll that answers a list is about the latest one. */
function jobOf(target: Target | undefined): Job | undefined {
  if (target?.kind === "one") return target.job;
  return target?.isPoll ? target.jobs[0] : undefined;
}

/** The parts of workflows that an operation is. It is `file` as well if its reply will be the file. */
function partsOf({ kinds, options }: VendorState, operation: Operation, job: Job | undefined): Set<Part> {
  const parts = new Set<Part>();
  for (const kind of kinds) {
    const { isOneStep } = kind.workflow;
    if (operation === kind.start && !isOneStep) parts.add("start");
    if (operation === kind.poll && !isOneStep) parts.add("poll");
    if (operation !== kind.download) continue;
    parts.add("download");
    if (isOneStep) parts.add("file");
    const isReady = job !== undefined && stateOf(job, options.now()).name === "succeeded";
    if (!kind.fileUrl && (isReady || operation !== kind.poll)) parts.add("file");
  }
  return parts;
}

/** Adds the documented headers with the remaining quota. */
function addRateLimitHeaders({ status, headers }: Reply, operation: Operation, limits: Limits): void {
  const names = operation.replies.find((each) => each.status === status)?.headers ?? [];
  const quota = names.some((name) => /ratelimit-/.test(name)) ? limits.remaining() : undefined;
  if (!quota) return;
  const values = { limit: quota.limit, remaining: quota.remaining, reset: Math.ceil(quota.resetMs / 1000) };
  for (const [suffix, value] of Object.entries(values)) {
    const name = names.find((each) => each.endsWith(`ratelimit-${suffix}`));
    if (name !== undefined) headers.set(name, String(value));
  }
}
