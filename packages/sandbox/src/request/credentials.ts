import type { Api, SecurityScheme } from "../spec/open-api.js";

/** The value of one security scheme; for HTTP Basic, a name and a password. */
export type CredentialValue = string | { readonly username: string; readonly password: string };

/** What the sandbox takes as good credentials. */
export interface Credentials {
  /** For each alternative of the spec, the options of the vendor's client. */
  readonly alternatives: readonly Readonly<Record<string, string>>[];
  /** The names of the headers that carry them, in lower case. */
  readonly headers: ReadonlySet<string>;
  /** Whether a request shows what one of the alternatives asks for. */
  allow(headers: Headers, alternatives: readonly (readonly string[])[]): boolean;
}

/** Makes credentials for a vendor's schemes: those that are given, and samples for the rest. */
export function createCredentials(
  api: Api,
  given: Readonly<Record<string, CredentialValue>> = {},
): Credentials {
  const credential = (scheme: string): CredentialValue =>
    given[scheme] ??
    (api.schemes.get(scheme)?.kind === "basic"
      ? { username: "sandbox-user", password: "sandbox-password" }
      : `sandbox-${scheme.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  const alternatives = new Map(
    api.operations.flatMap(({ security }) => security).map((schemes) => [schemes.join(), schemes]),
  );
  return {
    alternatives: [...alternatives.values()].map((schemes) =>
      Object.assign({}, ...schemes.map((scheme) => optionsOf(scheme, credential(scheme)))),
    ),
    headers: new Set([...api.schemes.values()].map(headerOf)),
    allow: (headers, wanted) =>
      wanted.length === 0 ||
      wanted.some((schemes) =>
        schemes.every((name) => {
          const scheme = api.schemes.get(name);
          return scheme !== undefined && isShown(scheme, credential(name), headers);
        }),
      ),
  };
}

function optionsOf(scheme: string, value: CredentialValue): Record<string, string> {
  return typeof value === "string" ? { [scheme]: value } : { ...value };
}

function headerOf(scheme: SecurityScheme): string {
  return scheme.kind === "header" ? scheme.name : "authorization";
}

function isShown(scheme: SecurityScheme, value: CredentialValue, headers: Headers): boolean {
  const shown = headers.get(headerOf(scheme));
  if (shown === null) return false;
  if (scheme.kind === "header") return shown === value;
  const [, kind = "", text = ""] = /^(\S+)\s+(.*)$/.exec(shown) ?? [];
  if (kind.toLowerCase() !== scheme.kind) return false;
  if (typeof value === "string") return text === value;
  const bytes = new TextEncoder().encode(`${value.username}:${value.password}`);
  return text === btoa(String.fromCharCode(...bytes));
}
