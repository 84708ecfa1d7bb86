import {
  type Body,
  linkOperation as linkOfSpec,
  type OAuth2,
  type OpenApi,
  parseRateLimit,
  type Quota,
  readOAuth2,
  readOperations,
  type Operation as SpecOperation,
  type SecurityScheme as SpecScheme,
} from "@outhaul/spec";
import { asObject, isObject, type JsonObject } from "./narrow.js";

/** A body of one media type, with its examples. */
export interface Content {
  readonly mediaType: string;
  readonly schema: unknown;
  /** The media type of what is inside a gzip file. */
  readonly inside?: string | undefined;
  readonly examples: readonly { readonly name: string; readonly value: unknown }[];
}

/** A documented reply of an operation. */
export interface DocumentedReply {
  readonly status: number;
  /** The names of the headers, in lower case. */
  readonly headers: readonly string[];
  readonly contents: readonly Content[];
}

/** A parameter of an operation. */
export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: JsonObject;
  /** False if a list is one value with commas. */
  readonly explode: boolean;
}

/** An operation of the vendor's API, as the sandbox serves it. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly required: boolean; readonly contents: readonly Content[] } | undefined;
  readonly replies: readonly DocumentedReply[];
  /** The alternatives of the credentials, each a list of security schemes. None: the operation needs no credentials. */
  readonly security: readonly (readonly string[])[];
  /** The rate limits of this operation alone. */
  readonly quotas: readonly Quota[];
}

/** The way in which credentials are sent. */
export type SecurityScheme = (
  | { readonly kind: "bearer" | "basic" }
  | { readonly kind: "query"; readonly name: string }
  | { readonly kind: "header"; readonly name: string }
) & {
  /** How a client gets tokens by itself. */
  readonly oauth2?: OAuth2;
};

/** An address of the vendor's API. */
export interface Server {
  readonly url: string;
  readonly variables: Readonly<Record<string, { readonly default: string; readonly required: boolean }>>;
}

/** The vendor's API, as the sandbox serves it. */
export interface Api {
  readonly root: JsonObject;
  readonly servers: readonly Server[];
  readonly schemes: ReadonlyMap<string, SecurityScheme>;
  readonly operations: readonly Operation[];
}

/**
 * Reads an OpenAPI 3.1 document.
 * @throws {SyntaxError} if the document has no paths
 */
export function readApi(value: unknown): Api {
  const root = asObject(value);
  if (!isObject(root["paths"])) throw new SyntaxError("the OpenAPI document has no paths");
  const document = root as unknown as OpenApi; // the generator checks documents; the sandbox needs the paths
  return {
    root,
    servers: (document.servers ?? []).map(({ url, variables = {} }) => ({
      url,
      variables: Object.fromEntries(
        Object.entries(variables).map(([name, variable]) => [
          name,
          { default: variable.default ?? "", required: variable["x-required"] ?? false },
        ]),
      ),
    })),
    schemes: new Map(
      Object.entries(document.components?.securitySchemes ?? {}).flatMap(([name, scheme]) => {
        const parsed = schemeOf(scheme, readOAuth2(document, name));
        return parsed ? [[name, parsed] as const] : [];
      }),
    ),
    operations: readOperations(document).map(operationOf),
  };
}

let link: Operation | undefined;

/** The request of a link that a reply brings. */
export function linkOperation(): Operation {
  link ??= operationOf(linkOfSpec());
  return link;
}

/** The contents of an operation's successful replies. */
export function successContents(operation: Operation): readonly Content[] {
  return operation.replies
    .filter(({ status }) => status >= 200 && status < 300)
    .flatMap(({ contents }) => contents);
}

function operationOf(operation: SpecOperation): Operation {
  const { id, method, path, parameters, bodies, replies, security, rateLimitPolicy = "" } = operation;
  const [body] = bodies;
  return {
    id: id || `${method.toLowerCase()} ${path}`,
    method,
    path,
    parameters: parameters.map((parameter) => ({
      name: parameter.name ?? "",
      in: parameter.in ?? "",
      required: parameter.required ?? false,
      schema: asObject(parameter.schema),
      explode: parameter.explode ?? true,
    })),
    body: body && { required: body.required, contents: bodies.map(contentOf) },
    replies: replies.map((reply) => ({
      status: Number(reply.status),
      headers: reply.headers,
      contents: reply.bodies.map(contentOf),
    })),
    security,
    quotas: parseRateLimit(rateLimitPolicy) ?? [],
  };
}

function contentOf({ contentType, schema, inside, examples }: Body): Content {
  return { mediaType: contentType, schema, inside, examples };
}

function schemeOf(scheme: SpecScheme, oauth2: OAuth2 | undefined): SecurityScheme | undefined {
  if (oauth2)
    return oauth2.header === "authorization"
      ? { kind: "bearer", oauth2 }
      : { kind: "header", name: oauth2.header, oauth2 };
  if (scheme.type === "http") return { kind: scheme.scheme?.toLowerCase() === "basic" ? "basic" : "bearer" };
  if (scheme.type === "apiKey" && scheme.in === "query" && scheme.name !== undefined)
    return { kind: "query", name: scheme.name };
  return scheme.type === "apiKey" && scheme.in === "header" && scheme.name !== undefined
    ? { kind: "header", name: scheme.name.toLowerCase() }
    : undefined;
}
