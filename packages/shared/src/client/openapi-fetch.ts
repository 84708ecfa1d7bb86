import createClient, { type Client, createQuerySerializer, defaultPathSerializer } from "openapi-fetch";
import type { Operation, RequestParts } from "../workflow/workflow.js";

/** The typed client of all operations of a vendor: openapi-fetch's, with credentials, limits and timeouts applied. */
export type ApiClient<Paths extends {}> = Client<Paths>;

/** One whose paths are not known here. */
export type OpenapiClient = Client<Record<never, never>>;

const serializeQuery = createQuerySerializer();

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

const METHODS = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"] as const;

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
  for (const name of METHODS) {
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

/** The address of a step's request. @throws {TypeError} for a path parameter that is missing or not allowed */
export function requestUrl(
  baseUrl: string,
  path: string,
  { path: parameters = {}, query = {} }: RequestParts,
): URL {
  const text = serializeQuery(query);
  return new URL(baseUrl + fillPath(path, parameters) + (text && `?${text}`));
}

/**
 * Fills a path with encoded values; a `/` or `?` in one never changes which path is called.
 * @throws {TypeError} for a value that is missing, or that URL parsers read as a step up
 */
function fillPath(path: string, parameters: Record<string, unknown>): string {
  if (!path.includes("{")) return path;
  for (const [, name = ""] of path.matchAll(/\{(\w+)\}/g)) {
    const value = parameters[name];
    if (value === undefined || value === null || value === "")
      throw new TypeError(`${path}: the path needs "${name}"`);
    if (/^\.\.?$/.test(String(value))) throw new TypeError(`${path}: "${name}" must not be "${value}"`);
  }
  return defaultPathSerializer(path, parameters);
}
