import { mediaTypeOf } from "@outhaul/spec";
import { getValidate } from "../schema/get-validate.js";
import type { NamedSchema, Validate } from "../schema/validate.js";
import { type Api, type Content, type Operation, type Parameter, successContents } from "../spec/open-api.js";
import { contentTypeOf, parseBody } from "./parse-body.js";
import { requestSchemas } from "./request-schemas.js";

/** The parts of a request that are validated. */
export interface RequestParts {
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** The text of the body. */
  readonly body: string;
}

/** A valid request. */
export interface ValidRequest {
  /** The parsed body. */
  readonly body: unknown;
}

/** The reason why a request is invalid. */
export interface Rejection {
  /** The fitting status codes, the best one first. */
  readonly statuses: readonly number[];
  /** The status code if the operation documents none of them. */
  readonly otherwise: number;
  readonly detail: string;
}

/** Validates the requests of one operation. */
export type RequestValidator = (request: RequestParts) => Promise<ValidRequest | Rejection>;

/** The validators of one operation's parameters and bodies. */
interface Validators {
  parameter(parameter: Parameter): Promise<Validate>;
  body(content: Content): Promise<Validate>;
}

const UNREADABLE = { statuses: [400, 422, 412], otherwise: 400 };
const INVALID = { statuses: [422, 412, 400], otherwise: 400 };

/**
 * Creates the validators of an API's operations. A schema that the build has not compiled is compiled when a request first needs it.
 * @param vendor the vendor whose schemas the build compiles. Undefined for a spec that the build does not know.
 */
export function requestValidators(
  api: Api,
  vendor: string | undefined,
): (operation: Operation) => RequestValidator {
  const schemas = requestSchemas(api, vendor);
  return (operation) => {
    const validators = new Map<object, Promise<Validate>>();
    const getOnce = (of: object, schema: () => NamedSchema): Promise<Validate> => {
      const validate = validators.get(of) ?? getValidate(schema());
      validators.set(of, validate);
      return validate;
    };
    return requestValidator(operation, {
      parameter: (parameter) => getOnce(parameter, () => schemas.ofParameter(operation, parameter)),
      body: (content) => getOnce(content, () => schemas.ofBody(operation, content)),
    });
  };
}

function requestValidator(operation: Operation, validators: Validators): RequestValidator {
  const mediaTypes = successContents(operation).map(({ mediaType }) => mediaType);
  return async (request) =>
    checkAccept(mediaTypes, request.headers) ??
    (await checkParameters(operation, request, validators)) ??
    (await validateBody(operation, request, validators));
}

/** Rejects a caller that accepts none of the documented media types. */
function checkAccept(mediaTypes: readonly string[], headers: Headers): Rejection | undefined {
  const accept = headers.get("accept");
  if (accept === null || mediaTypes.length === 0) return undefined;
  const ranges = accept.split(",").map((range) => range.split(";", 1)[0]?.trim().toLowerCase() ?? "");
  const isAccepted = ranges.some((range) =>
    mediaTypes.some((type) => range === "*/*" || range === type || range === `${type.split("/", 1)[0]}/*`),
  );
  if (isAccepted) return undefined;
  return { statuses: [406], otherwise: 406, detail: `the reply is ${mediaTypes.join(" or ")}` };
}

async function checkParameters(
  { parameters }: Operation,
  request: RequestParts,
  validators: Validators,
): Promise<Rejection | undefined> {
  for (const location of ["path", "query", "header"]) {
    for (const parameter of parameters.filter((each) => each.in === location)) {
      const name = `${location} ${parameter.name}`;
      const value = parameterValue(parameter, request);
      if (value === undefined) {
        if (parameter.required) return { ...INVALID, detail: `${name} is missing` };
        continue;
      }
      const validate = await validators.parameter(parameter);
      if (!validate({ value })) return { ...INVALID, detail: describeError(validate, name, 1) };
    }
  }
  return undefined;
}

function parameterValue(parameter: Parameter, { path, query, headers }: RequestParts): unknown {
  const { name, schema } = parameter;
  if (parameter.in === "path") return path[name];
  if (parameter.in === "header") return headers.get(name) ?? undefined;
  const all = query.getAll(name);
  if (all.length === 0) return undefined;
  if (schema["type"] !== "array") return all.at(-1);
  return parameter.explode ? all : (all[0] ?? "").split(",");
}

async function validateBody(
  operation: Operation,
  request: RequestParts,
  validators: Validators,
): Promise<ValidRequest | Rejection> {
  if (!operation.body) return { body: undefined };
  if (request.body === "") {
    if (!operation.body.required) return { body: undefined };
    return { ...UNREADABLE, detail: "the body is missing" };
  }
  const type = contentTypeOf(request.headers);
  const content = operation.body.contents.find(({ mediaType }) => mediaTypeOf(mediaType) === type);
  if (!content)
    return {
      statuses: [415, ...UNREADABLE.statuses],
      otherwise: 415,
      detail: `a body of the type ${type || "(none)"} is not taken`,
    };
  let body: unknown;
  try {
    body = parseBody(type, request.body);
  } catch {
    return { ...UNREADABLE, detail: "the body is no JSON" };
  }
  const validate = await validators.body(content);
  return validate(body) ? { body } : { ...INVALID, detail: describeError(validate, "body", 0) };
}

/**
 * Describes the first error with the place it is about, and without any value: `body/segment_id must be array`.
 * @param depth the number of levels that the schema was wrapped in
 */
function describeError({ errors }: Validate, name: string, depth: number): string {
  const error = errors?.find(({ keyword }) => !["if", "allOf"].includes(keyword)) ?? errors?.[0];
  const path = (error?.instancePath ?? "").split("/").slice(1 + depth);
  const { additionalProperty } = error?.params ?? {};
  const extra = typeof additionalProperty === "string" ? `: ${additionalProperty}` : "";
  const message = error?.keyword === "false schema" ? "is not allowed here" : error?.message;
  return `${[name, ...path].join("/")} ${message ?? "is not valid"}${extra}`;
}
