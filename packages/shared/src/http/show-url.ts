/** An address as a message may show it: without the query, which often holds a signature. */
export function showUrl(url: URL): string {
  return url.origin + url.pathname + (url.search && "?…");
}
