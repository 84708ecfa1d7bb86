import type { Path } from "./source.js";

/** A JSON schema of OpenAPI 3.1, as far as the generator looks at it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly "x-extensible-enum"?: readonly (string | number)[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** A vendor's page and the date it was read. */
export interface DocsLink {
  readonly url: string;
  readonly read: string;
}

export interface SecurityScheme {
  readonly type: string;
  readonly scheme?: string;
  readonly in?: string;
  readonly name?: string;
  readonly description?: string;
  readonly "x-account"?: boolean;
}

export interface ServerVariable {
  readonly default?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly "x-required"?: boolean;
  readonly "x-account"?: boolean;
}

export interface Server {
  readonly url: string;
  readonly description?: string;
  readonly variables?: Readonly<Record<string, ServerVariable>>;
  readonly "x-auth"?: readonly string[];
}

export interface Parameter {
  readonly $ref?: string;
  readonly name?: string;
  readonly in?: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

interface MediaType {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly $ref?: string; readonly value?: unknown }>>;
}

interface Content {
  readonly $ref?: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly content?: Readonly<Record<string, MediaType>>;
}

interface RawOperation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses?: Readonly<Record<string, Content>>;
  readonly "x-docs"?: readonly DocsLink[];
}

/** The root of openapi.yaml. */
export interface OpenApi {
  readonly openapi: string;
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly summary?: string;
    readonly description?: string;
  };
  readonly servers: readonly Server[];
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components?: {
    readonly schemas?: Readonly<Record<string, Schema>>;
    readonly securitySchemes?: Readonly<Record<string, SecurityScheme>>;
  };
  readonly "x-ratelimit-policy"?: string;
  readonly "x-max-concurrent"?: number;
  readonly "x-errors"?: {
    readonly when?: string;
    readonly message?: readonly string[];
    readonly requestId?: readonly string[];
  };
}

/** One example of a body, and where it stands. */
export interface Example {
  readonly name: string;
  readonly value: unknown;
  readonly at: Path;
}

/** One content type of a request or reply. */
export interface Body {
  readonly contentType: string;
  readonly isJson: boolean;
  readonly required: boolean;
  readonly schema?: Schema;
  readonly examples: readonly Example[];
  readonly at: Path;
}

export interface Reply {
  readonly status: string;
  readonly bodies: readonly Body[];
  readonly at: Path;
}

export interface LocatedParameter extends Parameter {
  readonly at: Path;
}

/** A path and a method, with its references followed. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary?: string;
  readonly description?: string;
  readonly docs: readonly DocsLink[];
  readonly parameters: readonly LocatedParameter[];
  readonly body?: Body;
  readonly replies: readonly Reply[];
  readonly at: Path;
}

const methods = ["get", "post", "put", "patch", "delete", "head", "options"];

/** Follows a local $ref, and tells where the thing itself stands. An unknown one leads to an empty object. */
export function follow<T extends { readonly $ref?: string }>(
  document: OpenApi,
  value: T,
  at: Path,
): { value: T; at: Path } {
  let found = { value, at };
  for (let hops = 0; found.value.$ref !== undefined && hops < 20; hops += 1) {
    const path = refPath(found.value.$ref);
    found = { value: (valueAt(document, path) ?? {}) as T, at: path }; // the rule ref-unknown tells when it is no T
  }
  return found;
}

/** The path that a local reference such as `#/components/schemas/Job` names. */
export function refPath(ref: string): Path {
  return ref
    .replace(/^#\/?/, "")
    .split("/")
    .map((token) => decodeURIComponent(token).replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** What stands at a path of a parsed document. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const token of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.hasOwn(value, token) ? (value as Record<string | number, unknown>)[token] : undefined; // an object was just asked for
  }
  return value;
}

/** All operations of a document, in its order. */
export function readOperations(document: OpenApi): Operation[] {
  return Object.entries(document.paths).flatMap(
    ([path, item]) =>
      methods
        .filter((method) => item[method] !== undefined)
        .map((method) =>
          readOperation(
            document,
            path,
            method,
            item[method] as RawOperation,
            item["parameters"] as Parameter[],
          ),
        ), // shapes were checked
  );
}

function readOperation(
  document: OpenApi,
  path: string,
  method: string,
  raw: RawOperation,
  shared: readonly Parameter[] = [],
): Operation {
  const at = ["paths", path, method];
  const locate = (list: readonly Parameter[], base: Path): LocatedParameter[] =>
    list.map((parameter, index) => {
      const found = follow(document, parameter, [...base, "parameters", index]);
      return { ...found.value, at: found.at };
    });
  const own = locate(raw.parameters ?? [], at);
  const inherited = locate(shared, ["paths", path]).filter(
    (p) => !own.some((o) => o.name === p.name && o.in === p.in),
  );
  const body = raw.requestBody && readBodies(document, raw.requestBody, [...at, "requestBody"])[0];
  return {
    id: raw.operationId ?? "",
    method: method.toUpperCase(),
    path,
    ...(raw.summary === undefined ? {} : { summary: raw.summary }),
    ...(raw.description === undefined ? {} : { description: raw.description }),
    docs: raw["x-docs"] ?? [],
    parameters: [...inherited, ...own],
    ...(body ? { body } : {}),
    replies: Object.entries(raw.responses ?? {}).map(([status, reply]) => {
      const where = [...at, "responses", status];
      return { status, bodies: readBodies(document, reply, where), at: where };
    }),
    at,
  };
}

function readBodies(document: OpenApi, raw: Content, at: Path): Body[] {
  const content = follow(document, raw, at);
  return Object.entries(content.value.content ?? {}).map(([contentType, media]): Body => {
    const where = [...content.at, "content", contentType];
    const named = Object.entries(media.examples ?? {}).map(([name, example]): Example => {
      const found = follow(document, example, [...where, "examples", name]);
      return { name, value: found.value.value, at: found.at };
    });
    const single =
      media.example === undefined
        ? []
        : [{ name: "example", value: media.example, at: [...where, "example"] }];
    return {
      contentType,
      isJson: /[/+]json\b/.test(contentType),
      required: content.value.required ?? false,
      ...(media.schema ? { schema: media.schema } : {}),
      examples: [...named, ...single],
      at: where,
    };
  });
}
