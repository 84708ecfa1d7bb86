import { parseUrl } from "./parse-url.js";

const MAX_REDIRECTS = 5;

/**
 * Sends a request and follows its redirects while they stay on its origin, because it carries credentials. What is no GET is followed once, and only
 * where the redirect keeps method and body (307, 308): else it might do something twice, or something else. Any other redirect is returned as the reply.
 */
export async function followOnOrigin(
  fetch: typeof globalThis.fetch,
  url: URL,
  init: RequestInit,
): Promise<Response> {
  const isGet = init.method === "GET";
  const maxRedirects = isGet ? MAX_REDIRECTS : 1;
  const followed = isGet ? /^30[12378]$/ : /^30[78]$/;
  let at = url;
  for (let hops = 0; ; hops++) {
    const response = await fetch(at.href, { ...init, redirect: "manual" });
    const location = followed.test(String(response.status)) && response.headers.get("location");
    if (!location || hops === maxRedirects) return response;
    const next = parseUrl(location, at);
    if (next?.origin !== at.origin) return response;
    await response.body?.cancel();
    at = next;
  }
}
