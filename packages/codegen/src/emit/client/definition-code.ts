import { type OpenApi, parseCriterion, parseReading, type Reading, readOperations } from "@outhaul/spec";
import {
  type CredentialOption,
  hasKeyInQuery,
  optionNames,
  type VariableOption,
  type VendorOptions,
} from "../../load/client-options.js";
import type { VendorPlan } from "../../plan/vendor-plan.js";
import type { WorkflowPlan } from "../../plan/workflow-plan.js";
import { pascalCase } from "../../text/names.js";
import { criteriaCode } from "../workflow/criteria-code.js";
import { encodingCode } from "../workflow/encoding-code.js";
import { untypedReadingCode } from "../workflow/reading-code.js";
import { limitsCode } from "./limits-code.js";

/** Writes the definition of a vendor's client for the runtime. */
export function definitionCode({
  vendor,
  version,
  document,
  options,
  limits,
  workflows,
}: VendorPlan): string {
  const { credentials, variables } = options;
  const servers = document.servers.map((server) => {
    const auth = (server["x-auth"] ?? []).flatMap((key) => optionNames(document, key));
    return `{ url: ${JSON.stringify(server.url)}${auth.length > 0 ? `, auth: ${JSON.stringify(auth)}` : ""} }`;
  });
  const lines = [
    `vendor: ${JSON.stringify(vendor)}`,
    `createName: ${JSON.stringify(`create${pascalCase(vendor)}`)}`,
    `version: ${JSON.stringify(version)}`,
    `servers: [${servers.join(", ")}]`,
    `variables: {${variables.map(variableDefinition).join(", ")}}`,
    `auth: [${credentials.map((alternative) => `[${alternative.map(schemeCode).join(", ")}]`).join(", ")}]`,
    ...signInLine(options, workflows),
    ...limitsCode(limits),
    ...errorsCode(document),
    ...bodiesCode(document),
    `workflows: [${workflows.map(({ name }) => name).join(", ")}]`,
  ];
  return `const definition: ClientDefinition = {\n${lines.join(",\n")},\n};`;
}

function variableDefinition(variable: VariableOption): string {
  const parts = [
    ...(variable.default === undefined ? [] : [`default: ${JSON.stringify(variable.default)}`]),
    ...(variable.account ? ["account: true"] : []),
  ];
  return `${variable.name}: { ${parts.join(", ")} }`;
}

/** The way to sign in, where credentials are more than headers to the vendor's server. */
function signInLine(options: VendorOptions, workflows: readonly WorkflowPlan[]): string[] {
  const { oauth2 } = options;
  const own = oauth2 ? signInCode(oauth2) : hasKeyInQuery(options) ? "keyInQuery" : "";
  const isTrusting = workflows.some(({ download }) => download?.trustedOrigin !== undefined);
  const all = isTrusting ? `credentialsForFiles(${own})` : own;
  return all ? [`signIn: ${all}`] : [];
}

function signInCode({
  option,
  header,
  tokenUrl,
  grant,
  fields,
  clientIn,
}: NonNullable<VendorOptions["oauth2"]>): string {
  const flow = {
    option,
    ...(header !== "authorization" && { header }),
    tokenUrl,
    grant,
    ...(Object.keys(fields).length > 0 && { fields }),
    ...(clientIn !== "body" && { clientIn }),
  };
  return `oauth2SignIn(${JSON.stringify(flow)})`;
}

function schemeCode({ name, env, account, location, header, field }: CredentialOption): string {
  const parts = [
    `option: ${JSON.stringify(name)}`,
    `env: ${JSON.stringify(env)}`,
    ...(account ? ["account: true"] : []),
    `in: ${JSON.stringify(location === "query" ? "field" : location)}`,
    ...(["header", "query", "field"].includes(location) ? [`name: ${JSON.stringify(field ?? header)}`] : []),
  ];
  return `{ ${parts.join(", ")} }`;
}

/** How the bodies are written that `api` sends and that are not `application/json`. */
function bodiesCode(document: OpenApi): string[] {
  const entries = readOperations(document).flatMap(({ method, path, body }) => {
    const encoding = body && encodingCode(body);
    return encoding ? [`${JSON.stringify(`${method} ${path}`)}: ${encoding}`] : [];
  });
  return entries.length > 0 ? [`bodies: { ${entries.join(", ")} }`] : [];
}

function errorsCode(document: OpenApi): string[] {
  const errors = document["x-errors"];
  if (!errors) return [];
  const readings = (texts: readonly string[]): Reading[] =>
    texts.map(parseReading).filter((reading) => reading !== undefined);
  const first = (texts: readonly string[]): string =>
    `(reply) => firstText(${readings(texts).map(untypedReadingCode).join(", ")})`;
  const condition = (name: "when" | "renew"): string[] => {
    const text = errors[name];
    if (text === undefined) return [];
    return [`${name}: (reply) => ${criteriaCode([parseCriterion({ condition: text })], untypedReadingCode)}`];
  };
  const parts = [
    ...condition("when"),
    ...condition("renew"),
    ...(errors.message ? [`message: ${first(errors.message)}`] : []),
    ...(errors.requestId ? [`requestId: ${first(errors.requestId)}`] : []),
  ];
  return [`errors: { ${parts.join(", ")} }`];
}
