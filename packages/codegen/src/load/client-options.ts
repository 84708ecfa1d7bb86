import {
  type OAuth2,
  type OpenApi,
  readOAuth2,
  type SecurityScheme,
  type ServerVariable,
} from "@outhaul/spec";
import { snakeCase } from "../text/names.js";

/** A credential that the client takes. */
export interface CredentialOption {
  readonly name: string;
  readonly description: string;
  /** The environment variable that examples read it from. */
  readonly env: string;
  readonly account: boolean;
  /** Where a request carries it; a `field` is one of the request for a token. */
  readonly location: "bearer" | "header" | "query" | "basicUser" | "basicPassword" | "field";
  /** The name of the header, in lower case, or of the query parameter; of a `field`, the header that carries the token. */
  readonly header: string;
  /** The name of a `field`. */
  readonly field?: string;
}

/** A server variable that the client takes. */
export interface VariableOption {
  readonly name: string;
  readonly description: string;
  readonly env: string;
  readonly account: boolean;
  readonly default?: string;
  readonly enum?: readonly string[];
}

/** The options of a vendor's client, beside those that every client has. */
export interface VendorOptions {
  /** The alternatives of authentication. An alternative needs all its credentials. */
  readonly credentials: readonly (readonly CredentialOption[])[];
  readonly variables: readonly VariableOption[];
  /** The way to sign in that the client goes by itself, and the option that takes a token in its place. */
  readonly oauth2?: OAuth2 & { readonly option: string };
}

/** The names of the options that every client has. A vendor's option must not have one of them. */
export const sharedOptions = [
  "baseUrl",
  "fetch",
  "userAgent",
  "requestTimeoutMs",
  "rateLimit",
  "clock",
  "onEvent",
];

/** Reads the client's options from the security schemes and server variables of a document. */
export function readOptions(vendor: string, document: OpenApi): VendorOptions {
  const schemes = document.components?.securitySchemes ?? {};
  const env = (name: string): string => `OUTHAUL_${snakeCase(vendor)}_${snakeCase(name)}`;
  const credentials = (document.security ?? []).flatMap((alternative) => {
    const keys = Object.keys(alternative);
    const options = keys.flatMap((key) => (schemes[key] ? optionsOf(key, schemes[key]) : []));
    const [key = ""] = keys;
    const flow = keys.length === 1 ? readOAuth2(document, key) : undefined;
    return [...(flow ? [flowOptions(flow, schemes[key])] : []), options].map((way) =>
      way.map((option) => ({ ...option, env: env(option.name) })),
    );
  });
  const variables = new Map(document.servers.flatMap(({ variables = {} }) => Object.entries(variables)));
  const option = Object.keys(schemes).find((key) => readOAuth2(document, key));
  const oauth2 = option === undefined ? undefined : readOAuth2(document, option);
  return {
    credentials,
    variables: [...variables].map(([name, variable]) => ({
      ...variableOption(name, variable),
      env: env(name),
    })),
    ...(option !== undefined && oauth2 && { oauth2: { ...oauth2, option } }),
  };
}

/** The names of the options that a security scheme stands for. */
export function optionNames(document: OpenApi, key: string): string[] {
  const scheme = document.components?.securitySchemes?.[key];
  const flow = readOAuth2(document, key);
  return [...(flow ? flowOptions(flow, scheme) : []), ...(scheme ? optionsOf(key, scheme) : [])].map(
    ({ name }) => name,
  );
}

/** What the client asks for tokens with. */
function flowOptions(
  { grant, header }: OAuth2,
  scheme: SecurityScheme | undefined,
): Omit<CredentialOption, "env">[] {
  const option = (name: string, field: string, description: string) =>
    ({ name, field, description, header, account: false, location: "field" }) as const;
  return [
    option("clientId", "client_id", scheme?.description?.trim() ?? ""),
    option("clientSecret", "client_secret", "The secret of `clientId`. It goes to the token address only."),
    ...(grant === "refresh_token"
      ? [
          option(
            "refreshToken",
            "refresh_token",
            "What a user's sign-in gave you; it goes to the token address only. `onRefreshToken` gets the one that takes its place.",
          ),
        ]
      : []),
  ];
}

function optionsOf(key: string, scheme: SecurityScheme): Omit<CredentialOption, "env">[] {
  const description = scheme.description?.trim() ?? "";
  const account = scheme["x-account"] ?? false;
  if (scheme.type === "apiKey" && scheme.in === "query")
    return [{ name: key, description, account, location: "query", header: scheme.name ?? "" }];
  if (scheme.type === "apiKey") {
    return [
      { name: key, description, account, location: "header", header: scheme.name?.toLowerCase() ?? "" },
    ];
  }
  if (scheme.type === "oauth2") {
    const header = scheme["x-token-header"]?.toLowerCase();
    const location = header === undefined ? "bearer" : "header";
    const about = "A token that you get by yourself, in place of the above.";
    return [{ name: key, description: about, account, location, header: header ?? "authorization" }];
  }
  if (scheme.scheme?.toLowerCase() !== "basic") {
    return [{ name: key, description, account, location: "bearer", header: "authorization" }];
  }
  return [
    { name: "username", description, account, location: "basicUser", header: "authorization" },
    {
      name: "password",
      description: "The password of `username`.",
      account: false,
      location: "basicPassword",
      header: "authorization",
    },
  ];
}

function variableOption(name: string, variable: ServerVariable): Omit<VariableOption, "env"> {
  return {
    name,
    description: variable.description?.trim() ?? "",
    account: variable["x-account"] ?? false,
    ...(variable["x-required"] || variable.default === undefined ? {} : { default: variable.default }),
    ...(variable.enum ? { enum: variable.enum } : {}),
  };
}

/** True if a credential goes into the query of every request. */
export function hasKeyInQuery({ credentials }: VendorOptions): boolean {
  return credentials.flat().some(({ location }) => location === "query");
}
