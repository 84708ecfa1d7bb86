import createClient, { type Client } from "openapi-fetch";
import type { Operation } from "../workflow/workflow.js";
import { API_METHODS } from "./api-methods.js";
import { fillPath } from "./request-url.js";

/** The typed client of all operations of a vendor: openapi-fetch's, with credentials, limits and timeouts applied. */
export type ApiClient<Paths extends {}> = Client<Paths>;

/** One whose paths are not known here. */
export type OpenapiClient = Client<Record<never, never>>;

/** What was called; openapi-fetch's request does not have it. */
export interface ApiCall {
  readonly method: Operation["method"];
  /** The template of the operation's path. */
  readonly path: string;
  /** The caller's own signal, if there is one. */
  readonly signal?: AbortSignal | undefined;
  /** How the caller wants the reply to be read; JSON is parsed if nothing is said. */
  readonly parseAs?: string | undefined;
}

/** Sends a request of the client. */
export type ApiFetch = (request: Request, call: ApiCall) => Promise<Response>;

/** The part of the options of openapi-fetch's methods that is used here. */
type Init = { signal?: AbortSignal; parseAs?: string; middleware?: unknown[]; call?: ApiCall };
type Result = { data?: unknown; error?: unknown; response: Response };
type Method = (path: string, init?: Init) => Promise<Result>;

/** Parses the text of a good reply. */
export type ApiParse = (text: string, response: Response, call: ApiCall) => unknown;

/** Makes an openapi-fetch client; this is the only place that does. */
export function createOpenapiFetchClient<Paths extends {}>(
  baseUrl: string,
  sendRequest: ApiFetch,
  parse: ApiParse,
): ApiClient<Paths> {
  let currentCall: ApiCall | undefined;
  let hasMiddleware = false;
  const client = createClient<Paths>({
    baseUrl,
    redirect: "manual",
    pathSerializer: fillPath,
    fetch(request) {
      const call = currentCall ?? (request as Request & Init).call; // see below; neither when a middleware has made another request
      const { url, signal } = request;
      return sendRequest(
        request,
        call ?? {
          method: request.method as Operation["method"],
          path: url.slice(baseUrl.length).replace(/\?.*$/, ""),
          signal,
        },
      );
    },
  });

  async function send(result: Promise<Result>, call: ApiCall): Promise<Result> {
    const { data, response, ...rest } = await result;
    const isText = call.parseAs === "json" && typeof data === "string";
    return { ...rest, ...(response.ok && { data: isText ? parse(data, response, call) : data }), response };
  }

  // Without middleware, fetch runs in the tick of the call. With it, openapi-fetch puts members that a request does not know on the request, which takes longer.
  const methods = client as unknown as Record<string, Method>; // apart from their types they are all alike
  for (const name of API_METHODS) {
    const method = methods[name] as Method; // is in the list
    methods[name] = (path, init) => {
      const { signal, parseAs = "json", middleware } = init ?? {};
      const call: ApiCall = { method: name as Operation["method"], path, signal, parseAs };
      // openapi-fetch would parse every reply as JSON, whatever its type.
      const options: Init = parseAs === "json" ? { ...init, parseAs: "text" } : { ...init };
      if (hasMiddleware || middleware) return send(method(path, { ...options, call }), call);
      currentCall = call;
      try {
        return send(method(path, options), call);
      } finally {
        currentCall = undefined;
      }
    };
  }
  client.request = ((method: string, path: string, init?: Init) =>
    methods[method.toUpperCase()]?.(path, init)) as typeof client.request; // as openapi-fetch does it
  const { use } = client;
  client.use = (...middleware) => {
    hasMiddleware ||= middleware.length > 0;
    use(...middleware);
  };
  return client;
}
