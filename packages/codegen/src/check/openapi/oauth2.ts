import {
  type OAuthFlow,
  type OpenApi,
  type Path,
  readOAuth2,
  type SecurityScheme,
  valueAt,
} from "@outhaul/spec";
import type { OpenApiContext } from "../context/context.js";

/** The fields of a request for a token that the client fills by itself. */
const OWN_FIELDS = ["grant_type", "client_id", "client_secret", "refresh_token", "scope"];

/** Checks what only oauth2 schemes have, and that the client can get their tokens. Returns true if something is wrong. */
export function checkOAuth2(name: string, context: OpenApiContext): boolean {
  const { document, options, report } = context;
  const scheme: SecurityScheme | undefined = document.components?.securitySchemes?.[name];
  if (!scheme) return false;
  const path = ["components", "securitySchemes", name];
  let isWrong = false;
  const wrong = (at: Path, message: string, hint: string): void => {
    report(at, "security-scheme", message, hint);
    isWrong = true;
  };
  if (scheme.type !== "oauth2") {
    for (const key of ["flows", "x-token-header"] as const)
      if (scheme[key] !== undefined)
        wrong([...path, key], `${name} has ${key}, and is no oauth2`, "take it away, or write type: oauth2");
    return isWrong;
  }
  const { clientCredentials, authorizationCode } = scheme.flows ?? {};
  const flow: OAuthFlow | undefined = clientCredentials ?? authorizationCode;
  if (clientCredentials && authorizationCode)
    wrong([...path, "flows"], `${name} has two flows`, "name the one that exports are run with");
  else if (!readOAuth2(document, name))
    wrong(
      path,
      `${name} has no flow that needs no person`,
      "give it flows: { clientCredentials } or { authorizationCode } with a refreshUrl",
    );
  if (options.oauth2 && options.oauth2.option !== name)
    wrong(path, `${name} is a second oauth2 scheme`, "a client signs in by one of them");
  if (scheme["x-account"] !== undefined)
    wrong([...path, "x-account"], `${name} is no name of an account`, "x-account is for other options");

  const variables = options.variables.map((variable) => variable.name);
  const texts = { tokenUrl: readOAuth2(document, name)?.tokenUrl ?? "", ...flow?.["x-token-fields"] };
  for (const [where, text] of Object.entries(texts))
    for (const [, variable = ""] of text.matchAll(/\{([^}]*)\}/g))
      if (!variables.includes(variable))
        wrong(path, `{${variable}} of ${where} is no server variable`, "declare it at the server");
  for (const field of Object.keys(flow?.["x-token-fields"] ?? {}))
    if (OWN_FIELDS.includes(field))
      wrong(path, `x-token-fields has ${field}`, "the client sends it by itself, the scopes from security");
  checkRequirements(name, context, flow, wrong);
  return isWrong;
}

/** Checks that a scheme stands alone, and that its scopes are those that one token has. */
function checkRequirements(
  name: string,
  { document, operations }: OpenApiContext,
  flow: OAuthFlow | undefined,
  wrong: (at: Path, message: string, hint: string) => void,
): void {
  const asked = (document.security ?? []).flatMap((alternative) => alternative[name] ?? []);
  const ofOperations = operations.map(({ at }) => {
    const path = [...at, "security"];
    return { at: path, security: valueAt(document, path) as OpenApi["security"] }; // the schema has checked its shape
  });
  for (const { at, security } of [{ at: ["security"] as Path, security: document.security }, ...ofOperations])
    for (const [index, alternative] of (security ?? []).entries()) {
      const scopes = alternative[name];
      if (!scopes) continue;
      if (Object.keys(alternative).length > 1)
        wrong(
          [...at, index],
          `${name} stands beside another scheme`,
          "an oauth2 scheme is an alternative alone",
        );
      for (const scope of scopes) {
        if (flow?.scopes?.[scope] === undefined)
          wrong([...at, index], `${name} has no scope ${scope}`, "declare it in the flow's scopes");
        else if (!asked.includes(scope))
          wrong(
            [...at, index],
            `the root's security does not ask for ${scope}`,
            "one token is for all operations",
          );
      }
    }
}
