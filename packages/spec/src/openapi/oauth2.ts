import type { OAuthFlow, OpenApi, SecurityScheme } from "./openapi.js";

/** The way in which a client gets tokens by itself. */
export interface OAuth2 {
  readonly grant: "client_credentials" | "refresh_token";
  /** The absolute address, with `{names}` of server variables. */
  readonly tokenUrl: string;
  /** What each request for a token says beside the grant. */
  readonly fields: Readonly<Record<string, string>>;
  readonly clientIn: "body" | "basic" | "query";
  /** The header of the token, in lower case. */
  readonly header: string;
}

/** The flow of an `oauth2` scheme by which a client gets tokens; `undefined` where the scheme has none that a client can go alone. */
export function readOAuth2(document: OpenApi, name: string): OAuth2 | undefined {
  const scheme: SecurityScheme | undefined = document.components?.securitySchemes?.[name];
  if (scheme?.type !== "oauth2") return undefined;
  const { clientCredentials, authorizationCode } = scheme.flows ?? {};
  const flow: OAuthFlow | undefined = clientCredentials ?? authorizationCode;
  const url = clientCredentials ? clientCredentials.tokenUrl : authorizationCode?.refreshUrl;
  if (!flow || url === undefined) return undefined;
  // RFC 6749 asks for no scope where tokens are renewed: they keep theirs.
  const scopes = clientCredentials ? scopesOf(document, name) : [];
  return {
    grant: clientCredentials ? "client_credentials" : "refresh_token",
    tokenUrl: url.startsWith("/") ? originFor(document, name) + url : url,
    fields: { ...(scopes.length > 0 && { scope: scopes.join(" ") }), ...flow["x-token-fields"] },
    clientIn: flow["x-client-in"] ?? "body",
    header: scheme["x-token-header"]?.toLowerCase() ?? "authorization",
  };
}

/** The scopes that the root's security asks for. */
function scopesOf({ security = [] }: OpenApi, name: string): string[] {
  return [...new Set(security.flatMap((alternative) => alternative[name] ?? []))];
}

/** Scheme and host of the server that takes the credentials of a scheme. */
function originFor({ servers }: OpenApi, name: string): string {
  const server = servers.find(({ "x-auth": auth }) => !auth || auth.includes(name)) ?? servers[0];
  return /^\w+:\/\/[^/]+/.exec(server?.url ?? "")?.[0] ?? "";
}
