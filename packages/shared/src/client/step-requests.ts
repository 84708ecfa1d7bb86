import { platform } from "#platform";
import type { Credentials } from "../account/credentials.js";
import { writeBody } from "../encoding/request-body.js";
import { followOnOrigin } from "../http/follow-on-origin.js";
import { readText } from "../http/read-text.js";
import type { RawReply, Transport } from "../http/transport.js";
import type { Clock } from "../time/clock.js";
import { type FullReply, toReply } from "../workflow/reply.js";
import type { Operation, RequestParts } from "../workflow/workflow.js";
import type { ErrorFactory } from "./error-factory.js";
import type { ClientDefinition } from "./options.js";
import type { RequestContext } from "./request-context.js";
import type { RequestPipeline } from "./request-pipeline.js";
import { requestUrl } from "./request-url.js";

const JSON_BODY = { type: "application/json" };

/** What a client's requests are made with. */
export interface RequestDependencies {
  readonly definition: ClientDefinition;
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly requestTimeoutMs: number;
  readonly errors: ErrorFactory;
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly agent: object | undefined;
  /** Sends requests by the user's `fetch` or agent, else by the global `fetch`. */
  readonly doFetch: typeof globalThis.fetch;
  readonly pipeline: RequestPipeline;
  readonly maxReplyBytes: number;
}

/** The requests of a workflow's steps. */
export interface StepRequests {
  /** Sends a step's request and reads the reply. @throws {@link ConnectionError}; `signal.reason` */
  send(operation: Operation, parts: RequestParts, context: RequestContext): Promise<FullReply>;
  /** Sends a step's request and leaves the reply to `receive`, within the time of the request. @throws {@link ConnectionError}; `signal.reason` */
  open<Result extends { status: number }>(
    operation: Operation,
    parts: RequestParts,
    context: RequestContext,
    receive: (reply: RawReply, afterMs: number | undefined, holdSlot: () => () => void) => Promise<Result>,
  ): Promise<Result>;
}

export function createStepRequests({
  baseUrl,
  headers,
  fetch,
  agent,
  doFetch,
  pipeline,
  maxReplyBytes,
}: RequestDependencies): StepRequests {
  let transport: Transport | undefined;

  return {
    async send(operation, parts, context) {
      const url = requestUrl(baseUrl, operation.path, parts);
      const { method, body: encoding = JSON_BODY, accept = JSON_BODY.type } = operation;
      const body = parts.body === undefined ? null : writeBody(parts.body, encoding);
      const contentType = body === null ? {} : { "content-type": encoding.type };
      const fixed = { ...headers, accept, ...contentType, ...parts.headers };
      return pipeline.request(
        operation,
        context,
        (signal, auth) =>
          followOnOrigin(doFetch, url, {
            method,
            body,
            headers: { ...fixed, ...auth },
            ...uncached(),
            signal,
          }),
        async (response, afterMs, _, signal) =>
          toReply(
            response.status,
            response.headers,
            await readText(response, maxReplyBytes, signal),
            afterMs,
          ),
      );
    },
    async open(operation, parts, context, receive) {
      const url = requestUrl(baseUrl, operation.path, parts);
      transport ??= platform.createTransport(agent, fetch) ?? (await loadFetchTransport(doFetch));
      const send = transport;
      const fixed = { ...headers, accept: "*/*", "accept-encoding": "identity", ...parts.headers };
      return pipeline.request(
        operation,
        context,
        (signal, auth) => send(url, { headers: { ...fixed, ...auth }, ...uncached(), signal }),
        receive,
      );
    },
  };
}

/** Asks for no cache, because frameworks answer requests out of one of their own; older Workers throw at the option. */
function uncached(): { cache?: RequestCache } {
  return "cache" in Request.prototype ? { cache: "no-store" } : {};
}

/** Few vendors need it: those whose poll is the download. */
async function loadFetchTransport(fetch: typeof globalThis.fetch): Promise<Transport> {
  return (await import("../http/fetch-transport.js")).fetchTransport(fetch, platform.watchConnection);
}
