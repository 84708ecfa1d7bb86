import { platform } from "#platform";
import { deepestMessage, describeFailure, errorCode, RequestTimedOut } from "../errors/failure.js";
import { ApiError, ConnectionError, ProtocolError } from "../errors/request-errors.js";
import { plainText, short } from "../errors/text.js";
import { parseUrl } from "../http/parse-url.js";
import { showUrl } from "../http/show-url.js";
import { type FullReply, isTransient } from "../workflow/reply.js";
import type { Operation } from "../workflow/workflow.js";
import type { ClientDefinition } from "./options.js";
import type { RequestContext } from "./request-context.js";

/** Makes the errors of a client's requests: what was asked of whom, what came back, and what to do. */
export interface ErrorFactory {
  /** The error that a reply is. */
  api(operation: Operation, reply: FullReply, context: RequestContext): ApiError;
  /** The error for a reply that is not what the vendor's documents promise. */
  protocol(operation: Operation, reply: FullReply, problem: string, context: RequestContext): ProtocolError;
  /** The error for a request that was not sent, because the user's function gave no credentials. */
  credentials(operation: Operation, cause: unknown, context: RequestContext): ConnectionError;
  /** The error for a request without a whole reply. */
  connection(
    operation: Operation,
    cause: unknown,
    context: RequestContext,
    answered: boolean,
  ): ConnectionError;
}

/** @param redact removes the credentials from a text */
export function createErrorFactory(
  { vendor, errors }: Pick<ClientDefinition, "vendor" | "errors">,
  redact: (text: string) => string,
): ErrorFactory {
  const about = ({ method, path }: Operation, { workflow, jobId }: RequestContext): string =>
    `${vendor}: ${workflow ? `${workflow}${jobId ? ` ${short(jobId)}` : ""}: ` : ""}${method} ${path}`;
  const details = ({ jobId, token }: RequestContext) => ({ vendor, jobId, token });
  const quote = (text: string): string => `: ${short(redact(plainText(text)))}`;

  return {
    api(operation, reply, context) {
      const { status, body, retryAfterMs } = reply;
      const message = typeof body === "string" ? wordsOf(body) : errors?.message?.(reply);
      const hint = hintFor(reply);
      const id = errors?.requestId?.(reply);
      return new ApiError(
        `${about(operation, context)} answered ${status}${reply.ok ? " with an error" : ""}${hint && ` (${hint})`}${message ? quote(String(message)) : ""}`,
        {
          ...details(context),
          status,
          body,
          retryAfterMs,
          requestId: id ? short(redact(String(id))) : undefined,
          isRetryable: isTransient(reply),
        },
      );
    },
    protocol(operation, { status, body }, problem, context) {
      const words = wordsOf(body);
      const text = words === undefined ? shapeOf(body) : quote(words);
      return new ProtocolError(
        `${about(operation, context)} answered ${status} with ${problem}${text}`,
        details(context),
      );
    },
    credentials(operation, cause, context) {
      return new ConnectionError(
        `${about(operation, context)}: no credentials: ${redact(describeFailure(cause))}`,
        { ...details(context), requestSent: false, cause: platform.cleanCause?.(cause, redact) },
      );
    },
    connection(operation, cause, context, answered) {
      const what = answered ? "the reply broke off" : "no reply";
      return new ConnectionError(`${about(operation, context)}: ${what}: ${redact(describeFailure(cause))}`, {
        ...details(context),
        ...(cause instanceof RequestTimedOut ? { code: "REQUEST_TIMEOUT" } : {}),
        requestSent: answered || !wasNotSent(cause),
        cause: platform.cleanCause?.(cause, redact),
      });
    },
  };
}

/** True if it is certain that nothing of the failed request was sent. */
function wasNotSent(error: unknown): boolean {
  const code = errorCode(error);
  // fetch refuses some ports without asking the network, and gives no code.
  return code === undefined ? deepestMessage(error) === "bad port" : platform.notSent?.test(code) === true;
}

/** The body, where it is text: it says what is wrong. Half of a JSON document is data, whose values are nobody's business. */
function wordsOf(body: unknown): string | undefined {
  return typeof body === "string" && !/^\s*[[{]/.test(body) ? body : undefined;
}

/** What kind of data a body is, without the data. */
function shapeOf(body: unknown): string {
  if (body === undefined) return ": an empty body";
  if (typeof body === "string") return `: ${body.length} characters that begin like JSON`;
  if (typeof body !== "object" || body === null || Array.isArray(body)) return "";
  return `; there is ${short(Object.keys(body).join(", ")) || "an empty object"}`;
}

/** What to do about a status. */
function hintFor({ status, headers, retryAfterMs }: FullReply): string {
  if (status === 401) return "check the credentials";
  if (status === 403) return "the account or its plan does not allow this";
  if (status === 429)
    return `rate limited${retryAfterMs === undefined ? "" : `; retry in ${Math.ceil(retryAfterMs / 1000)} s`}`;
  if (status >= 300 && status < 400) {
    const next = parseUrl(headers.get("location") ?? "");
    return `a redirect to ${next ? short(showUrl(next)) : "another place"}, which is not followed with credentials`;
  }
  return "";
}
