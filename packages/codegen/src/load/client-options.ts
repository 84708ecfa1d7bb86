import type { OpenApi, SecurityScheme, ServerVariable } from "@outhaul/spec";
import { snakeCase } from "../text/names.js";

/** A credential that the client takes. */
export interface CredentialOption {
  readonly name: string;
  readonly description: string;
  /** The environment variable that examples take it from. */
  readonly env: string;
  readonly account: boolean;
  readonly place: "bearer" | "header" | "basicUser" | "basicPassword";
  /** The header's name, in lower case. */
  readonly header: string;
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

/** What a client has to be told, beside the options that every client has. */
export interface VendorOptions {
  /** The ways to sign in; of each all credentials are needed. */
  readonly credentials: readonly (readonly CredentialOption[])[];
  readonly variables: readonly VariableOption[];
}

/** The options of every client, which a vendor's may not be called like. */
export const sharedOptions = [
  "baseUrl",
  "fetch",
  "userAgent",
  "requestTimeoutMs",
  "rateLimit",
  "clock",
  "onEvent",
];

/** The options that a document's security schemes and server variables make. */
export function readOptions(vendor: string, document: OpenApi): VendorOptions {
  const schemes = document.components?.securitySchemes ?? {};
  const env = (name: string): string => `OUTHAUL_${snakeCase(vendor)}_${snakeCase(name)}`;
  const credentials = (document.security ?? []).map((alternative) =>
    Object.keys(alternative).flatMap((key) => {
      const scheme = schemes[key];
      return scheme ? optionsOf(key, scheme).map((option) => ({ ...option, env: env(option.name) })) : [];
    }),
  );
  const variables = new Map(document.servers.flatMap(({ variables = {} }) => Object.entries(variables)));
  return {
    credentials,
    variables: [...variables].map(([name, variable]) => ({
      ...variableOption(name, variable),
      env: env(name),
    })),
  };
}

/** The names of the options that a security scheme makes. */
export function optionNames(key: string, scheme: SecurityScheme): string[] {
  return optionsOf(key, scheme).map(({ name }) => name);
}

function optionsOf(key: string, scheme: SecurityScheme): Omit<CredentialOption, "env">[] {
  const description = scheme.description?.trim() ?? "";
  const account = scheme["x-account"] ?? false;
  if (scheme.type === "apiKey") {
    return [{ name: key, description, account, place: "header", header: scheme.name?.toLowerCase() ?? "" }];
  }
  if (scheme.scheme?.toLowerCase() !== "basic") {
    return [{ name: key, description, account, place: "bearer", header: "authorization" }];
  }
  return [
    { name: "username", description, account, place: "basicUser", header: "authorization" },
    {
      name: "password",
      description: "The password of `username`.",
      account: false,
      place: "basicPassword",
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
