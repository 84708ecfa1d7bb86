import { parseUrl } from "./parse-url.js";

const MAX_REDIRECTS = 5;

/** Sends a request and follows its redirects while they stay on its origin, because it carries credentials. A redirect to elsewhere is returned as the reply. */
export async function followOnOrigin(
  fetch: typeof globalThis.fetch,
  url: URL,
  init: RequestInit,
): Promise<Response> {
  let at = url;
  for (let hops = 0; ; hops++) {
    const response = await fetch(at.href, { ...init, redirect: "manual" });
    const location = /^30[12378]$/.test(String(response.status)) && response.headers.get("location");
    if (!location || init.method !== "GET" || hops === MAX_REDIRECTS) return response;
    const next = parseUrl(location, at);
    if (next?.origin !== at.origin) return response;
    await response.body?.cancel();
    at = next;
  }
}
