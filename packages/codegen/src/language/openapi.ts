import { type Path, refPath, valueAt } from "./json-pointer.js";

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

/** One content type of a request or reply, as the document has it. */
export interface MediaType {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly $ref?: string; readonly value?: unknown }>>;
}

/** A request body or a reply, as the document has it. */
export interface Content {
  readonly $ref?: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly content?: Readonly<Record<string, MediaType>>;
}

/** An operation, as the document has it. */
export interface RawOperation {
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
