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

/** Validates a request. @returns one line for each mistake */
export type RequestCheck = (request: Readonly<Record<string, unknown>>) => string[];

/** Creates the check of an operation's requests by the vendor's schemas. Compiling them is slow, so a check is kept for many requests. */
export function createRequestCheck(
  { components }: Manifest,
  operation: ManifestOperation,
  flags: readonly RequestFlag[],
): RequestCheck {
  // The schemas were checked when the vendor's package was generated: to check them again takes longer than all else here.
  const ajv = new Ajv2020({ strict: false, allErrors: true, verbose: true, validateSchema: false });
  addFormats.default(ajv);
  const validateParameters = ajv.compile({ ...parametersSchema(operation), components });
  const validateBody = operation.body && ajv.compile({ allOf: [operation.body.schema], components });
  const known = operation.parameters.map(({ name }) => name);
  return (request) => {
    const { path, query, body } = requestParts(operation, request);
    const problems: ErrorObject[] = [];
    if (!validateParameters({ ...path, ...query })) problems.push(...(validateParameters.errors ?? []));
    if (!validateBody) {
      for (const name of Object.keys(request)) if (!known.includes(name)) problems.push(unknownField(name));
    } else if (body && !validateBody(body)) problems.push(...(validateBody.errors ?? []));
    return [...new Set(problems.flatMap((problem) => problemLine(problem, flags) ?? []))];
  };
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
