import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { type Api, type Operation, type Parameter, successContents } from "../spec/open-api.js";

/** What a request has brought. */
export interface Brought {
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** The text of the body. */
  readonly body: string;
}

/** What is wrong with a request. */
export interface Complaint {
  /** The codes that fit, the best first. */
  readonly statuses: readonly number[];
  /** The code where none of them is documented. */
  readonly otherwise: number;
  readonly detail: string;
}

/** A request that is as the spec wants it. */
export interface Checked {
  /** The parsed body. */
  readonly body: unknown;
}

const UNREADABLE = { statuses: [400, 422, 412], otherwise: 400 };
const INVALID = { statuses: [422, 412, 400], otherwise: 400 };

/** Checks an operation's requests against its spec. */
export type RequestCheck = (brought: Brought) => Checked | Complaint;

/** Makes the checks of an API's operations. Schemas are compiled when they are first needed. */
export function requestChecks(api: Api): (operation: Operation) => RequestCheck {
  const components = api.root["components"];
  const compiler = (coerceTypes: false | "array") => {
    let ajv: Ajv2020 | undefined;
    return (schema: unknown): ValidateFunction => {
      if (!ajv) {
        ajv = new Ajv2020({ strict: false, coerceTypes });
        addFormats.default(ajv);
      }
      return ajv.compile({ allOf: [schema ?? true], components });
    };
  };
  const [strict, coercing] = [compiler(false), compiler("array")];
  return (operation) =>
    requestCheck(operation, (schema, coerceTypes) => (coerceTypes ? coercing : strict)(schema));
}

function requestCheck(
  operation: Operation,
  compileSchema: (schema: unknown, coerceTypes: boolean) => ValidateFunction,
): RequestCheck {
  const validators = new Map<string, ValidateFunction>();
  const compile = (key: string, schema: unknown, coerceTypes: boolean): ValidateFunction => {
    const known = validators.get(key);
    if (known) return known;
    const made = compileSchema(schema, coerceTypes);
    validators.set(key, made);
    return made;
  };

  function parameterComplaint(brought: Brought): Complaint | undefined {
    for (const where of ["path", "query", "header"]) {
      const parameters = operation.parameters.filter((each) => each.in === where);
      for (const parameter of parameters) {
        const value = broughtValue(parameter, brought);
        if (value === undefined) {
          if (parameter.required) return { ...INVALID, detail: `${where} ${parameter.name} is missing` };
          continue;
        }
        const validate = compile(`${where} ${parameter.name}`, wrap(parameter), true);
        if (!validate({ value })) {
          return { ...INVALID, detail: explain(validate, `${where} ${parameter.name}`, 1) };
        }
      }
    }
    return undefined;
  }

  const types = successContents(operation).map(({ mediaType }) => mediaType);

  /** A caller that takes none of the types that the operation answers. */
  function acceptComplaint(headers: Headers): Complaint | undefined {
    const accept = headers.get("accept");
    if (accept === null || types.length === 0) return undefined;
    const ranges = accept.split(",").map((range) => range.split(";", 1)[0]?.trim().toLowerCase() ?? "");
    const isTaken = ranges.some((range) =>
      types.some((type) => range === "*/*" || range === type || range === `${type.split("/", 1)[0]}/*`),
    );
    return isTaken
      ? undefined
      : { statuses: [406], otherwise: 406, detail: `the reply is ${types.join(" or ")}` };
  }

  return (brought) => {
    const complaint = acceptComplaint(brought.headers) ?? parameterComplaint(brought);
    if (complaint) return complaint;
    if (!operation.body) return { body: undefined };
    if (brought.body === "") {
      if (!operation.body.required) return { body: undefined };
      return { ...UNREADABLE, detail: "the body is missing" };
    }
    const type = (brought.headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
    const content = operation.body.contents.find(({ mediaType }) => mediaType === type);
    if (!content)
      return {
        statuses: [415, ...UNREADABLE.statuses],
        otherwise: 415,
        detail: `a body of the type ${type || "(none)"} is not taken`,
      };
    let body: unknown = brought.body;
    if (/\bjson\b/.test(type)) {
      try {
        body = JSON.parse(brought.body);
      } catch {
        return { ...UNREADABLE, detail: "the body is no JSON" };
      }
    }
    const validate = compile(`body ${type}`, content.schema, false);
    return validate(body) ? { body } : { ...INVALID, detail: explain(validate, "body", 0) };
  };
}

function wrap({ schema }: Parameter): unknown {
  return { type: "object", properties: { value: schema } };
}

function broughtValue(parameter: Parameter, { path, query, headers }: Brought): unknown {
  const { name, schema } = parameter;
  if (parameter.in === "path") return path[name];
  if (parameter.in === "header") return headers.get(name) ?? undefined;
  const all = query.getAll(name);
  if (all.length === 0) return undefined;
  if (schema["type"] !== "array") return all.at(-1);
  return parameter.explode ? all : (all[0] ?? "").split(",");
}

/** The first error, with the place that it is about and without any value: `body/segment_id must be array`. */
function explain({ errors }: ValidateFunction, place: string, depth: number): string {
  const error = errors?.find(({ keyword }) => !["if", "allOf"].includes(keyword)) ?? errors?.[0];
  const path = (error?.instancePath ?? "").split("/").slice(1 + depth);
  const { additionalProperty } = error?.params ?? {};
  const extra = typeof additionalProperty === "string" ? `: ${additionalProperty}` : "";
  const message = error?.keyword === "false schema" ? "is not allowed here" : error?.message;
  return `${[place, ...path].join("/")} ${message ?? "is not valid"}${extra}`;
}
