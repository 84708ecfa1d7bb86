import type { OpenApi, SecurityScheme, ServerVariable } from "@outhaul/spec";
import { snakeCase } from "../text/names.js";

/** A credential that the client takes. */
export interface CredentialOption {
  readonly name: string;
  readonly description: string;
  /** The environment variable that examples read it from. */
  readonly env: string;
  readonly account: boolean;
  /** Where a request carries it. */
  readonly location: "bearer" | "header" | "basicUser" | "basicPassword";
  /** The name of the header, in lower case. */
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

/** The options of a vendor's client, beside those that every client has. */
export interface VendorOptions {
  /** The alternatives of authentication. An alternative needs all its credentials. */
  readonly credentials: readonly (readonly CredentialOption[])[];
  readonly variables: readonly VariableOption[];
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

/** The names of the options of a security scheme. */
export function optionNames(key: string, scheme: SecurityScheme): string[] {
  return optionsOf(key, scheme).map(({ name }) => name);
}

function optionsOf(key: string, scheme: SecurityScheme): Omit<CredentialOption, "env">[] {
  const description = scheme.description?.trim() ?? "";
  const account = scheme["x-account"] ?? false;
  if (scheme.type === "apiKey") {
    return [
      { name: key, description, account, location: "header", header: scheme.name?.toLowerCase() ?? "" },
    ];
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
