import type { Manifest, ManifestOperation } from "@outhaul/spec";
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { RequestFlag } from "./flags.js";
import { problemLine } from "./problem.js";

/** A request, split into the parts that are sent. */
export interface RequestParts {
  readonly path: Record<string, unknown>;
  readonly query: Record<string, unknown>;
  readonly body?: Record<string, unknown>;
}

/** Splits a flat request into path parameters, query parameters and the body. */
export function requestParts(
  { parameters, body }: ManifestOperation,
  request: Readonly<Record<string, unknown>>,
): RequestParts {
  const rest = { ...request };
  const parts: RequestParts = { path: {}, query: {} };
  for (const parameter of parameters) {
    const { name } = parameter;
    if (!(name in rest)) continue;
    parts[parameter.in][name] = rest[name];
    delete rest[name];
  }
  return body && (body.required || Object.keys(rest).length > 0) ? { ...parts, body: rest } : parts;
}

/** Validates a request against the vendor's schemas. @returns one line for each mistake */
export function checkRequest(
  { components }: Manifest,
  operation: ManifestOperation,
  request: Readonly<Record<string, unknown>>,
  flags: readonly RequestFlag[],
): string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true, verbose: true });
  addFormats.default(ajv);
  const { path, query, body } = requestParts(operation, request);
  const validateParameters = ajv.compile({ ...parametersSchema(operation), components });
  const problems: ErrorObject[] = [];
  if (!validateParameters({ ...path, ...query })) problems.push(...(validateParameters.errors ?? []));
  if (operation.body) {
    const validateBody = ajv.compile({ allOf: [operation.body.schema], components });
    if (body && !validateBody(body)) problems.push(...(validateBody.errors ?? []));
  } else {
    const known = operation.parameters.map(({ name }) => name);
    for (const name of Object.keys(request)) if (!known.includes(name)) problems.push(unknownField(name));
  }
  return [...new Set(problems.flatMap((problem) => problemLine(problem, flags) ?? []))];
}

function parametersSchema({ parameters }: ManifestOperation): object {
  return {
    type: "object",
    properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
  };
}

function unknownField(name: string): ErrorObject {
  return {
    keyword: "additionalProperties",
    instancePath: "",
    schemaPath: "",
    params: { additionalProperty: name },
  };
}
