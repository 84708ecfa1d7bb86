import {
  credentialInputs,
  type JsonSchema,
  type Manifest,
  type ManifestOperation,
  type ManifestParameter,
  type ManifestWorkflow,
  type OpenApi,
  type Operation,
  readOperations,
} from "@outhaul/spec";
import type { VendorPlan } from "../../plan/vendor-plan.js";
import type { WorkflowPlan } from "../../plan/workflow-plan.js";
import { pascalCase } from "../../text/names.js";
import { oneLine } from "../../text/one-line.js";

/** Writes manifest.json, from which a program such as the command line learns about a vendor that it does not know. */
export function manifest({
  vendor,
  title,
  document,
  options: { credentials, variables },
  workflows,
  limits,
}: VendorPlan): string {
  const operations = readOperations(document).map(manifestOperation);
  const shown = shownInputs(workflows);
  const result: Manifest = {
    manifestVersion: 1,
    vendor,
    title,
    create: `create${pascalCase(vendor)}`,
    credentials: credentials.map((alternative) =>
      alternative.map(({ name, env, description, account, location }) => ({
        option: name,
        env,
        account,
        secret: !account && location !== "basicUser" && name !== "clientId" && !shown.has(name),
        description: oneLine(description),
      })),
    ),
    options: variables.map(({ name, env, description, default: fallback, enum: words }) => ({
      option: name,
      env,
      description: oneLine(description),
      ...(fallback === undefined ? {} : { default: fallback }),
      ...(words ? { enum: words } : {}),
    })),
    workflows: workflows.map((workflow) => ({
      ...manifestWorkflow(workflow),
      ...(limits.isTimed ? { hasTimedStart: true } : {}),
    })),
    operations,
    components: { schemas: referred(document, operations) },
  };
  return JSON.stringify(result);
}

/** The names of the credentials that no workflow calls a password. */
function shownInputs(workflows: readonly WorkflowPlan[]): Set<string> {
  const inputs = workflows.flatMap(({ workflow }) => {
    const { properties = {} } = workflow.inputs;
    return credentialInputs(workflow).map((name) => ({ name, format: properties[name]?.format }));
  });
  const passwords = new Set(inputs.flatMap(({ name, format }) => (format === "password" ? [name] : [])));
  return new Set(inputs.map(({ name }) => name).filter((name) => !passwords.has(name)));
}

function manifestOperation({
  id,
  method,
  path,
  summary = "",
  docs,
  parameters,
  body,
}: Operation): ManifestOperation {
  return {
    id,
    method,
    path,
    summary: oneLine(summary),
    docs,
    parameters: parameters.flatMap((parameter): ManifestParameter[] => {
      const { name = "", required = false, description = "", schema = {} } = parameter;
      if (parameter.in !== "path" && parameter.in !== "query") return [];
      return [
        {
          name,
          in: parameter.in,
          required,
          description: oneLine(description),
          schema: schema as JsonSchema, // any schema is one
        },
      ];
    }),
    ...(body ? { body: { required: body.required, schema: (body.schema ?? {}) as JsonSchema } } : {}), // likewise
  };
}

function manifestWorkflow({ name, workflow, start, cancel, oneStep }: WorkflowPlan): ManifestWorkflow {
  const { summary = "", description = "", inputs } = workflow;
  const secrets = credentialInputs(workflow);
  const sent = [...start.request.path, ...start.request.query, ...start.request.body];
  return {
    id: name,
    summary: oneLine(summary),
    description: oneLine(description),
    docs: workflow["x-docs"] ?? [],
    operation: start.operation.id,
    constants: Object.fromEntries(
      sent.flatMap(({ name: field, value }) => (value.kind === "literal" ? [[field, value.value]] : [])),
    ),
    example: Object.fromEntries(
      Object.entries(inputs.examples?.[0] ?? {}).filter(([key]) => !secrets.includes(key)),
    ),
    canCancel: cancel !== undefined,
    ...(oneStep ? { isOneStep: true } : {}),
  };
}

/** The named schemas that a value refers to, directly or through others. */
function referred(document: OpenApi, from: unknown): Record<string, JsonSchema> {
  const found = new Map<string, JsonSchema>();
  const look = (value: unknown): void => {
    for (const [, name = ""] of JSON.stringify(value).matchAll(
      /"\$ref":"#\/components\/schemas\/([^"/]+)"/g,
    )) {
      const schema = document.components?.schemas?.[name];
      if (!schema || found.has(name)) continue;
      found.set(name, schema as JsonSchema); // any schema is one
      look(schema);
    }
  };
  look(from);
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
