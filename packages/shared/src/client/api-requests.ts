import { followOnOrigin } from "../http/follow-on-origin.js";
import { limitReply, parseReply } from "./api-reply.js";
import { type ApiClient, type ApiFetch, createOpenapiFetchClient } from "./openapi-fetch.js";
import type { RequestContext } from "./request-context.js";
import type { RequestDependencies } from "./step-requests.js";

/** Makes the typed client of all operations, whose requests go through the client's pipeline. */
export function createApi<Paths extends {}>(dependencies: RequestDependencies): ApiClient<Paths> {
  const { baseUrl, headers: ownHeaders, doFetch, pipeline } = dependencies;
  const { origin } = new URL(baseUrl);

  const send: ApiFetch = async (request, call) => {
    const operation = { id: "", method: call.method, path: call.path };
    const context: RequestContext = { kind: "call", signal: call.signal };
    const url = new URL(request.url);
    const init = { ...requestInit(request), body: await readBody(request) };
    const isFollowed = request.redirect === "follow";
    return pipeline.request(
      operation,
      context,
      (signal, auth) => {
        // One call may name another base URL, and a middleware another address: the credentials are not for those.
        const isOwn = url.origin === origin;
        const headers = { ...Object.fromEntries(request.headers), ...(isOwn && { ...ownHeaders, ...auth }) };
        const sent: RequestInit = { ...init, headers, signal, redirect: "manual" };
        return isFollowed ? followOnOrigin(doFetch, url, sent) : doFetch(url.href, sent);
      },
      (response) => limitReply(dependencies, response, call, operation, context),
    );
  };

  return createOpenapiFetchClient<Paths>(baseUrl, send, (text, response, { path, method }) =>
    parseReply(dependencies, text, response, { id: "", method, path }),
  );
}

/** The body as every `fetch` takes it: text where it is one, so that mocks and logs can read it. */
async function readBody(request: Request): Promise<string | ArrayBuffer | null> {
  if (!request.body) return null;
  const isText = /json|^text\/|urlencoded/.test(request.headers.get("content-type") ?? "");
  return isText ? request.text() : request.arrayBuffer();
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
