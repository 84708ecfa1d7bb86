import createOpenapiClient, {
  type Client,
  createQuerySerializer,
  defaultPathSerializer,
} from "openapi-fetch";
import type { RequestParts } from "./workflow.js";

/** The typed client of all operations of a vendor: openapi-fetch's, with credentials, limits and time-outs taken care of. */
export type ApiClient<Paths extends {}> = Client<Paths>;

const serializeQuery = createQuerySerializer();

/** What an API client sends with: `path` is the template of the operation's path. */
export type ApiFetch = (request: Request, path: string) => Promise<Response>;

/** The only place that makes an openapi-fetch client. */
export function createApiClient<Paths extends {}>(baseUrl: string, send: ApiFetch): ApiClient<Paths> {
  // The serializer runs in the same tick as the fetch that it belongs to.
  let template: string | undefined;
  return createOpenapiClient<Paths>({
    baseUrl,
    redirect: "manual",
    pathSerializer(path, parameters) {
      template = path.slice(baseUrl.length);
      return fillPath(path, parameters);
    },
    fetch(request) {
      const path = template ?? request.url.slice(baseUrl.length).replace(/\?.*$/, "");
      template = undefined;
      return send(request, path);
    },
  });
}

/** The address of a step's request. */
export function requestUrl(
  baseUrl: string,
  path: string,
  { path: parameters = {}, query = {} }: RequestParts,
): URL {
  const text = serializeQuery(query);
  return new URL(baseUrl + fillPath(path, parameters) + (text && `?${text}`));
}

/**
 * Puts the values in their places, encoded; a `/` or `?` in one never changes which path is called.
 * @throws {TypeError} for a value that is missing, or that every URL parser takes for a step up
 */
function fillPath(path: string, parameters: Record<string, unknown>): string {
  for (const [, name = ""] of path.matchAll(/\{(\w+)\}/g)) {
    const value = parameters[name];
    if (value === undefined || value === null || value === "")
      throw new TypeError(`${path}: the path needs "${name}"`);
    if (/^\.\.?$/.test(String(value))) throw new TypeError(`${path}: "${name}" must not be "${value}"`);
  }
  return defaultPathSerializer(path, parameters);
}
