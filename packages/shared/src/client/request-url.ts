import type { RequestParts } from "../workflow/workflow.js";

/**
 * The address of a step's request. Lists in a query are repeated, as OpenAPI's default style says; openapi-fetch, which knows the other styles, need
 * not be loaded for it.
 * @throws {TypeError} for a path parameter that is missing or not allowed, or an object in the query
 */
export function requestUrl(baseUrl: string, path: string, parts: RequestParts): URL {
  const query = Object.entries(parts.query ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((item) => item !== undefined && item !== null)
      .map((item) => {
        if (typeof item === "object") throw new TypeError(`${path}: "${name}" must not be "${item}"`);
        return `${encodeURIComponent(name)}=${encodeURIComponent(String(item))}`;
      }),
  );
  return new URL(baseUrl + fillPath(path, parts.path ?? {}) + (query.length ? `?${query.join("&")}` : ""));
}

/**
 * Fills a path with encoded values; a `/` or `?` in one never changes which path is called.
 * @throws {TypeError} for a value that is missing, that URL parsers read as a step up, or that is half a character
 */
export function fillPath(path: string, parameters: Record<string, unknown>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    if (value === undefined || value === null || value === "")
      throw new TypeError(`${path}: the path needs "${name}"`);
    if (/^\.\.?$|\p{Cs}/u.test(String(value)))
      throw new TypeError(`${path}: "${name}" must not be "${value}"`);
    return encodeURIComponent(String(value));
  });
}
