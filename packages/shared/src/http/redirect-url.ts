import { parseUrl } from "./parse-url.js";

/**
 * The address that a reply redirects to; `undefined` if it has none, or one that nobody can read. Bytes beyond ASCII stand in a header as one character
 * each; they are percent-encoded one by one, as browsers do it, so that raw UTF-8 comes out right.
 */
export function redirectUrl(headers: Headers, base: URL): URL | undefined {
  const location = headers.get("location");
  if (!location) return undefined;
  const escaped = location.replace(
    /[\x80-\xff]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return parseUrl(escaped, base);
}
