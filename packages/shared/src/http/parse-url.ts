/** An address, or `undefined` if the text is none. The platform's error would show the whole address, and what may be secret in it. */
export function parseUrl(address: string | URL, base?: string | URL): URL | undefined {
  return URL.canParse(address, base) ? new URL(address, base) : undefined;
}
