import { faultKinds, type RequestFault } from "../fault/fault-kinds.js";
import { requestedFields, type Target } from "../job/target.js";
import { errorTemplate, type VendorError } from "../reply/error-reply.js";
import { type Reply, templateReply } from "../reply/reply.js";
import type { OpenRecord } from "../request/request-log.js";
import type { RequestValidator } from "../request/validate.js";
import { asObject } from "../spec/narrow.js";
import type { Operation } from "../spec/open-api.js";
import { handleOperation } from "./handle-operation.js";
import type { VendorState } from "./vendor-state.js";

/** A request to an operation of the vendor. */
export interface VendorRequest {
  readonly request: Request;
  readonly operation: Operation;
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly target: Target | undefined;
  readonly fault: RequestFault | undefined;
  readonly record: OpenRecord;
}

/** Handles a request: its fault, its credentials, the rate limits and its fields are checked before the operation. */
export async function handleRequest(
  state: VendorState,
  received: VendorRequest,
  validate: RequestValidator,
): Promise<Reply> {
  const { request, operation, path, query, target, fault, record } = received;
  if (fault?.kind === "error") return faultReply(state, operation, fault);
  if (fault?.kind === "expiredLink")
    return errorReply(state, operation, { statuses: [410, 404, 400], detail: "the file has expired" });
  if (!state.credentials.allow({ headers: request.headers, query }, operation.security))
    return errorReply(state, operation, { statuses: [401] });
  const limits = state.options.enforceLimits
    ? [state.limits, state.operationLimits.get(operation.id)].filter((each) => each !== undefined)
    : [];
  const exceeded = limits.map((each) => each.exceeded()).filter((each) => each !== undefined);
  if (exceeded.length > 0) return tooManyRequests(state, operation, longestOf(exceeded));
  for (const each of limits) each.allow();
  const body = request.body === null ? "" : await request.text();
  const result = await validate({ path, query, headers: request.headers, body });
  if ("detail" in result) return errorReply(state, operation, result);
  const fields = { ...requestedFields({ path, query }), ...asObject(result.body) };
  return handleOperation(state, {
    operation,
    target,
    fields,
    fault,
    origin: new URL(request.url).origin,
    onStart(job) {
      record.job = job.id;
    },
  });
}

/** The reply with an error in the vendor's format. */
export function errorReply(
  { api }: VendorState,
  operation: Operation | undefined,
  error: VendorError,
): Reply {
  return templateReply(errorTemplate(api, operation, error));
}

function faultReply(
  state: VendorState,
  operation: Operation,
  {
    status = faultKinds.error.fields.status.default,
    sendAs,
    retryAfter,
    message,
    example,
  }: Extract<RequestFault, { kind: "error" }>,
): Reply {
  const reply = errorReply(state, operation, {
    statuses: [status],
    ...(message !== undefined && { message }),
    ...(example !== undefined && { example }),
  });
  if (retryAfter !== undefined) reply.headers.set("retry-after", String(retryAfter));
  return { ...reply, status: sendAs ?? reply.status };
}

/** The time after which all limits allow a request, if one of them says a time. */
function longestOf(exceeded: readonly { readonly retryAfterMs: number | undefined }[]): number | undefined {
  const times = exceeded.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  return times.length > 0 ? Math.max(...times) : undefined;
}

function tooManyRequests(state: VendorState, operation: Operation, retryAfterMs: number | undefined): Reply {
  const reply = errorReply(state, operation, { statuses: [429] });
  const documented = operation.replies.find(({ status }) => status === 429)?.headers ?? [];
  if (documented.includes("retry-after") && retryAfterMs !== undefined)
    reply.headers.set("retry-after", String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
  return reply;
}
