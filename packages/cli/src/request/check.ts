import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { nearest } from "../vendors/installed.js";
import type { Manifest, ManifestOperation } from "../vendors/manifest.js";
import type { RequestField } from "./fields.js";
import type { FlagTarget } from "./flags.js";

/** What an operation is sent. */
export interface RequestParts {
  readonly path: Record<string, unknown>;
  readonly query: Record<string, unknown>;
  readonly body?: Record<string, unknown>;
}

/** Takes a flat request apart: path and query parameters, and the rest for the body. */
export function requestParts(
  { parameters, body }: ManifestOperation,
  request: Readonly<Record<string, unknown>>,
): RequestParts {
  const rest = { ...request };
  const parts: RequestParts = { path: {}, query: {} };
  for (const { name, in: place } of parameters) {
    if (!(name in rest)) continue;
    parts[place][name] = rest[name];
    delete rest[name];
  }
  return body && (body.required || Object.keys(rest).length > 0) ? { ...parts, body: rest } : parts;
}

/** What is wrong with a request, a line each: a field that is missing, unknown, or of a kind that the spec does not take. */
export function checkRequest(
  manifest: Manifest,
  operation: ManifestOperation,
  request: Readonly<Record<string, unknown>>,
  targets: readonly FlagTarget[],
): string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true, verbose: true });
  addFormats.default(ajv);
  const { path, query, body } = requestParts(operation, request);
  const { components } = manifest;
  const given = { ...path, ...query };
  const parameters = {
    type: "object",
    properties: Object.fromEntries(operation.parameters.map(({ name, schema }) => [name, schema])),
    required: operation.parameters.filter(({ required }) => required).map(({ name }) => name),
    components,
  };
  const problems: ErrorObject[] = [];
  const validate = ajv.compile(parameters);
  if (!validate(given)) problems.push(...(validate.errors ?? []));
  if (operation.body) {
    const validateBody = ajv.compile({ allOf: [operation.body.schema], components });
    if (body && !validateBody(body)) problems.push(...(validateBody.errors ?? []));
  } else {
    const known = operation.parameters.map(({ name }) => name);
    for (const name of Object.keys(request)) if (!known.includes(name)) problems.push(unknownField(name));
  }
  const lines = problems.flatMap((problem) => line(problem, targets) ?? []);
  return [...new Set(lines)];
}

function unknownField(name: string): ErrorObject {
  return {
    keyword: "additionalProperties",
    instancePath: "",
    schemaPath: "",
    params: { additionalProperty: name },
  };
}

function line(error: ErrorObject, targets: readonly FlagTarget[]): string | undefined {
  const { keyword, instancePath, params } = error;
  const path = instancePath
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"))
    .filter((token) => !/^\d+$/.test(token));
  const name = (more: readonly string[] = []) => nameOf([...path, ...more], targets);
  const fieldOf = (more: string): RequestField | undefined =>
    targets.find(({ field }) => field.path.join(".") === [...path, more].join("."))?.field;
  switch (keyword) {
    case "required": {
      const missing = String(params["missingProperty"]);
      const description = fieldOf(missing)?.description.split(/(?<=\.)\s/)[0];
      if (/\/(then|else|dependentSchemas)\//.test(error.schemaPath))
        return `${name([missing])} is needed, as the other fields are${description ? `: ${description}` : ""}`;
      return `${name([missing])} is missing${description ? `: ${description}` : ""}`;
    }
    case "additionalProperties":
    case "unevaluatedProperties": {
      const extra = String(params["additionalProperty"] ?? params["unevaluatedProperty"]);
      const beside = targets.map(({ field }) => field.path).filter((known) => known.length > path.length);
      const near = nearest(
        extra,
        beside.map((known) => known[path.length] ?? ""),
      );
      return `"${[...path, extra].join(".")}" is no field of this request${near ? `; did you mean "${[...path, near].join(".")}"?` : ""}`;
    }
    case "enum": {
      const words = (params["allowedValues"] as unknown[]).map(String); // ajv's word for an enum
      const near = nearest(String(error.data), words);
      return `${name()} does not take ${JSON.stringify(error.data)}${near ? `; did you mean ${near}?` : `: ${words.join(", ")}`}`;
    }
    case "dependentRequired":
      return `${name([String(params["property"])])} needs ${name([String(params["missingProperty"])])} beside it`;
    case "false schema":
      return `${name()} does not go with the other fields`;
    case "not":
      return path.length ? `${name()} is not allowed like this` : "these fields do not go together";
    case "type":
      return `${name()} must be ${[params["type"]].flat().join(" or ")}`;
    case "if":
    case "allOf":
    case "anyOf":
    case "oneOf":
      return undefined; // what is wrong inside is told by itself
    default:
      return `${name()} ${error.message ?? "is not valid"}`;
  }
}

/** A field as the user gives it: by its flag, where it has one. */
function nameOf(path: readonly string[], targets: readonly FlagTarget[]): string {
  const target = targets.find(({ field }) => field.path.join(".") === path.join("."));
  if (target) return `--${target.flag}`;
  return path.length ? `"${path.join(".")}"` : "the request";
}
