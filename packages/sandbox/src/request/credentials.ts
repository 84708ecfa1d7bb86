import type { Api, SecurityScheme } from "../spec/open-api.js";
import { createTokenServer, type TokenOptions, type TokenServer } from "./token-server.js";

/** The value of one security scheme; for HTTP Basic, a name and a password. */
export type CredentialValue = string | { readonly username: string; readonly password: string };

/** Where a request carries credentials. */
export interface Presented {
  readonly headers: Headers;
  readonly query: URLSearchParams;
}

/** The credentials that a vendor of the sandbox accepts. */
export interface Credentials {
  /** For each alternative of the spec, the options of the vendor's client. */
  readonly alternatives: readonly Readonly<Record<string, string>>[];
  /** The names of the headers that carry credentials, in lower case. */
  readonly headers: ReadonlySet<string>;
  /** True if a request has the credentials of one of the alternatives. */
  allow(request: Presented, alternatives: readonly (readonly string[])[]): boolean;
  /** Where clients get tokens by themselves. */
  readonly tokens:
    | { readonly url: string; readonly method: string; readonly server: TokenServer }
    | undefined;
}

/** Creates the credentials of a vendor: the given ones, and samples for the other schemes. */
export function createCredentials(
  api: Api,
  given: Readonly<Record<string, CredentialValue>> = {},
  now: () => number = Date.now,
  tokenOptions: TokenOptions = {},
): Credentials {
  const credentialOf = (scheme: string): CredentialValue =>
    given[scheme] ?? sampleOf(scheme, api.schemes.get(scheme));
  const alternatives = new Map(
    api.operations.flatMap(({ security }) => security).map((schemes) => [schemes.join(), schemes]),
  );
  const sample = (name: string): string => String(credentialOf(name));
  const oauth2 = [...api.schemes.values()].flatMap((scheme) => scheme.oauth2 ?? [])[0];
  const client = {
    clientId: sample("clientId"),
    clientSecret: sample("clientSecret"),
    refreshToken: sample("refreshToken"),
  };
  const { refreshToken, ...withoutRefresh } = client;
  const server = oauth2 && createTokenServer(oauth2, client, now, tokenOptions);
  return {
    alternatives: [
      ...[...alternatives.values()].map((schemes) =>
        Object.assign({}, ...schemes.map((scheme) => clientOptions(scheme, credentialOf(scheme)))),
      ),
      ...(oauth2 ? [oauth2.grant === "refresh_token" ? client : withoutRefresh] : []),
    ],
    tokens:
      oauth2 && server
        ? { url: oauth2.tokenUrl, method: oauth2.clientIn === "query" ? "GET" : "POST", server }
        : undefined,
    headers: new Set([...api.schemes.values()].map(headerOf)),
    allow: (request, required) =>
      required.length === 0 ||
      required.some((schemes) =>
        schemes.every((name) => {
          const scheme = api.schemes.get(name);
          if (scheme === undefined) return false;
          const isToken = (text: string) => scheme.oauth2 !== undefined && server?.accepts(text) === true;
          return matches(scheme, credentialOf(name), request, isToken);
        }),
      ),
  };
}

function sampleOf(name: string, scheme: SecurityScheme | undefined): CredentialValue {
  if (scheme?.kind === "basic") return { username: "sandbox-user", password: "sandbox-password" };
  return `sandbox-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function clientOptions(scheme: string, value: CredentialValue): Record<string, string> {
  return typeof value === "string" ? { [scheme]: value } : { ...value };
}

function headerOf(scheme: SecurityScheme): string {
  return scheme.kind === "header" ? scheme.name : "authorization";
}

function matches(
  scheme: SecurityScheme,
  value: CredentialValue,
  { headers, query }: Presented,
  isToken: (text: string) => boolean,
): boolean {
  if (scheme.kind === "query") return query.get(scheme.name) === value;
  const header = headers.get(headerOf(scheme));
  if (header === null) return false;
  if (scheme.kind === "header") return header === value || isToken(header);
  const [, kind = "", text = ""] = /^(\S+)\s+(.*)$/.exec(header) ?? [];
  if (kind.toLowerCase() !== scheme.kind) return false;
  if (typeof value === "string") return text === value || isToken(text);
  const bytes = new TextEncoder().encode(`${value.username}:${value.password}`);
  return text === btoa(String.fromCharCode(...bytes));
}
