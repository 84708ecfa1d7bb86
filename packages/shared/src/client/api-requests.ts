import { type BodyEncoding, writeBody } from "../encoding/request-body.js";
import { followOnOrigin } from "../http/follow-on-origin.js";
import { createSharedTimeLimits } from "../http/shared-time-limits.js";
import { limitReply, parseReply } from "./api-reply.js";
import { type ApiClient, type ApiFetch, createOpenapiFetchClient } from "./openapi-fetch.js";
import type { RequestContext } from "./request-context.js";
import type { RequestDependencies } from "./step-requests.js";

/** Makes the typed client of all operations, whose requests go through the client's pipeline. */
export function createApi<Paths extends {}>(dependencies: RequestDependencies): ApiClient<Paths> {
  const {
    definition,
    baseUrl,
    headers: ownHeaders,
    doFetch,
    pipeline,
    clock,
    requestTimeoutMs,
  } = dependencies;
  const { origin } = new URL(baseUrl);
  const limitTime = createSharedTimeLimits(clock, requestTimeoutMs);

  const send: ApiFetch = async (request, call) => {
    const operation = { id: "", method: call.method, path: call.path };
    const context: RequestContext = {
      kind: "call",
      ...(call.signal ? { signal: call.signal } : { limitTime }),
    };
    const url = new URL(request.url);
    const encoding = definition.bodies?.[`${call.method} ${call.path}`];
    const { body, type } = await readBody(request, encoding);
    const init = { ...requestInit(request), body };
    const isFollowed = request.redirect === "follow";
    return pipeline.request(
      operation,
      context,
      (signal, auth) => {
        // One call may name another base URL, and a middleware another address: the credentials are not for those.
        const isOwn = url.origin === origin;
        const headers = {
          ...Object.fromEntries(request.headers),
          ...(type && { "content-type": type }),
          ...(isOwn && { ...ownHeaders, ...auth }),
        };
        const sent: RequestInit = { ...init, headers, signal, redirect: "manual" };
        return isFollowed ? followOnOrigin(doFetch, url, sent) : doFetch(url.href, sent);
      },
      (response, _afterMs, _holdSlot, signal) =>
        limitReply(dependencies, response, call, operation, context, signal),
    );
  };

  return createOpenapiFetchClient<Paths>(baseUrl, send, (text, response, { path, method }) =>
    parseReply(dependencies, text, response, { id: "", method, path }),
  );
}

/**
 * The body as every `fetch` takes it: text where it is one, so that mocks and logs can read it. openapi-fetch writes every body as JSON;
 * where the operation wants another type, it is written anew, unless the caller has set a type.
 */
async function readBody(
  request: Request,
  encoding: BodyEncoding | undefined,
): Promise<{ body: string | ArrayBuffer | null; type?: string }> {
  if (!request.body) return { body: null };
  const given = request.headers.get("content-type") ?? "";
  if (encoding && given === "application/json")
    return { body: writeBody(JSON.parse(await request.text()), encoding), type: encoding.type };
  const isText = /json|^text\/|urlencoded/.test(given);
  return { body: isText ? await request.text() : await request.arrayBuffer() };
}

/** The options of a request, as every `fetch` takes them that knows an address and options. Those that a runtime lacks, and the defaults, stay out. */
function requestInit({ method, credentials, cache, keepalive, integrity, referrer }: Request): RequestInit {
  return {
    method,
    ...(credentials && credentials !== "same-origin" && { credentials }),
    ...(cache && cache !== "default" && { cache }),
    ...(keepalive && { keepalive }),
    ...(integrity && { integrity }),
    ...(referrer && referrer !== "about:client" && { referrer }),
  };
}
