import { parseRateLimit } from "@outhaul/spec";
import { sharedOptions } from "../../load/client-options.js";
import { isCamelCase } from "../../text/names.js";
import type { OpenApiContext } from "../context/context.js";
import { checkOAuth2 } from "./oauth2.js";

/** Checks that the security schemes, servers and limits can be options of a client. */
export function checkClientOptions(context: OpenApiContext): void {
  checkSecurity(context);
  checkServers(context);
  const { document, options, report } = context;
  const variables = options.variables.map(({ name }) => name);
  const credentials = [...new Set(options.credentials.flat().map(({ name }) => name))];
  for (const name of credentials) {
    const path = ["components", "securitySchemes", name];
    if (variables.includes(name))
      report(path, "option-clash", `${name} is a server variable too`, "rename one of them");
    if (sharedOptions.includes(name))
      report(path, "option-clash", `${name} is an option of every client`, "rename it");
  }
  for (const [policy, at] of [
    [document["x-ratelimit-policy"], []] as const,
    ...context.operations.map((operation) => [operation.rateLimitPolicy, operation.at] as const),
  ]) {
    if (policy === undefined || parseRateLimit(policy)) continue;
    report(
      [...at, "x-ratelimit-policy"],
      "rate-limit",
      `cannot read ${policy}`,
      'write whole numbers, as the standard does: "burst";q=10;w=1, "steady";q=150;w=60; 0.0167 a second is q=1;w=60',
    );
  }
}

function checkSecurity(context: OpenApiContext): void {
  const { document, report } = context;
  const schemes = document.components?.securitySchemes ?? {};
  for (const [name, scheme] of Object.entries(schemes)) {
    const path = ["components", "securitySchemes", name];
    const isHttp = scheme.type === "http" && ["bearer", "basic"].includes(scheme.scheme?.toLowerCase() ?? "");
    if (checkOAuth2(name, context)) continue;
    const isKey =
      scheme.type === "apiKey" && ["header", "query"].includes(scheme.in ?? "") && scheme.name !== undefined;
    if (scheme.in === "query" && context.options.oauth2)
      report(
        path,
        "security-scheme",
        `${name} is a key in the query beside an oauth2 scheme`,
        "a client signs in by one of them",
      );
    if (!isHttp && !isKey && scheme.type !== "oauth2") {
      report(
        path,
        "security-scheme",
        `${name} is of a kind that the client cannot send`,
        "use http (bearer, basic), apiKey in a header or in the query, or oauth2",
      );
    } else if (!scheme.description) {
      report(
        path,
        "security-scheme",
        `${name} has no description`,
        "it is the documentation of the client's option",
      );
    } else if (!isCamelCase(name)) {
      report(path, "security-scheme", `${name} is not camelCase`, "it is the name of the client's option");
    }
  }
  if (!document.security?.length) {
    report(
      [],
      "security-missing",
      "the root has no security",
      "list the alternatives, such as security: [{ token: [] }]",
    );
  }
  for (const [index, alternative] of (document.security ?? []).entries()) {
    for (const name of Object.keys(alternative)) {
      if (schemes[name]) continue;
      report(
        ["security", index, name],
        "security-missing",
        `there is no security scheme ${name}`,
        "declare it in components.securitySchemes",
      );
    }
  }
}

function checkServers({ document, report }: OpenApiContext): void {
  const schemes = document.components?.securitySchemes ?? {};
  for (const [index, server] of document.servers.entries()) {
    const named = [...server.url.matchAll(/\{([^}]+)\}/g)].map(([, name = ""]) => name);
    const declared = server.variables ?? {};
    for (const name of named) {
      if (declared[name]) continue;
      report(
        ["servers", index, "url"],
        "server-variable",
        `{${name}} is not among the variables`,
        "declare it, with a description",
      );
    }
    for (const [name, variable] of Object.entries(declared)) {
      const path = ["servers", index, "variables", name];
      const reportVariable = (message: string, hint: string): void =>
        report(path, "server-variable", message, hint);
      if (!named.includes(name))
        reportVariable(`the url has no {${name}}`, "take the variable away, or use it");
      if (!isCamelCase(name))
        reportVariable(`${name} is not camelCase`, "it is the name of the client's option");
      if (!variable.description)
        reportVariable(`${name} has no description`, "it is the documentation of the client's option");
      if (variable.default === undefined && !variable["x-required"])
        reportVariable(`${name} has neither a default nor x-required`, "say which value is right");
      if (sharedOptions.includes(name))
        report(path, "option-clash", `${name} is an option of every client`, "rename it");
    }
    for (const [schemeIndex, name] of (server["x-auth"] ?? []).entries()) {
      if (schemes[name]) continue;
      report(
        ["servers", index, "x-auth", schemeIndex],
        "security-missing",
        `there is no security scheme ${name}`,
        "declare it in components.securitySchemes",
      );
    }
  }
}
