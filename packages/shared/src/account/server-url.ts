import { parseUrl } from "../http/parse-url.js";

/** The servers of a vendor, and the options that fill their addresses. */
export interface ServerDefinition {
  readonly servers: readonly { readonly url: string; readonly auth?: readonly string[] }[];
  /** Without a default the option is required. */
  readonly variables: Readonly<Record<string, { readonly default?: string; readonly account?: true }>>;
}

/**
 * The address under which the paths of a spec hang, without a slash at its end. `baseUrl` replaces scheme and host; the path of the vendor's server stays.
 * @throws {TypeError} naming the option that is missing or makes no address
 */
export function serverUrl(
  createName: string,
  { servers, variables }: ServerDefinition,
  credentials: readonly string[],
  options: Readonly<Record<string, unknown>>,
): string {
  const server =
    servers.find(({ auth }) => !auth || auth.some((option) => credentials.includes(option))) ?? servers[0];
  const [, origin = "", path = ""] = /^(\w+:\/\/[^/]+)(.*)$/.exec(server?.url ?? "") ?? [];

  const fill = (template: string, encode: (value: string, name: string) => string): string =>
    template.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = options[name] ?? variables[name]?.default;
      if (value === undefined || (options[name] === "" && variables[name]?.default !== "")) {
        throw new TypeError(
          `${createName}: the option "${name}" is ${value === undefined ? "missing" : "empty"}`,
        );
      }
      const text = String(value);
      if (/^\.\.?$/.test(text))
        throw new TypeError(`${createName}: the option "${name}" must not be "${text}"`);
      return encode(text, name);
    });

  /** A host, or what stands before a dot in one; a label may follow it as the first part of the path. */
  const hostPart = (value: string, name: string): string => {
    if (/^[\w.-]+(:\d+)?(\/[\w.-]+)*$/.test(value) && !value.includes("..")) return value;
    throw new TypeError(
      `${createName}: the option "${name}" is no name of a host; give it without https://, user and query`,
    );
  };

  const { baseUrl } = options;
  let base: string;
  if (baseUrl === undefined) base = fill(origin, hostPart);
  else if (/^https?:\/\/[^/]/i.test(String(baseUrl))) base = String(baseUrl).replace(/\/+$/, "");
  else base = ""; // refused below

  const url = parseUrl(base + fill(path, encodeURIComponent));
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
    throw new TypeError(
      `${createName}: the option "baseUrl" is no http(s) address without user, query and fragment`,
    );
  return url.href.replace(/\/+$/, "");
}
