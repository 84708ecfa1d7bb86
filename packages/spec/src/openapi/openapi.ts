import { type Path, refPath, valueAt } from "../pointer/json-pointer.js";

/** The keywords of a JSON schema that Outhaul reads. */
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
  readonly maxItems?: number;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** A page of the vendor's documentation, and the date it was read. */
export interface DocsLink {
  readonly url: string;
  readonly read: string;
}

/** A flow of an `oauth2` security scheme. */
export interface OAuthFlow {
  readonly tokenUrl?: string;
  readonly authorizationUrl?: string;
  /** Where refresh tokens are used. */
  readonly refreshUrl?: string;
  readonly scopes?: Readonly<Record<string, string>>;
  /** Where the client's id and secret go in the request for a token. @default body */
  readonly "x-client-in"?: "body" | "basic" | "query";
  /** More fields of the request for a token. */
  readonly "x-token-fields"?: Readonly<Record<string, string>>;
}

/** A security scheme. */
export interface SecurityScheme {
  readonly type: string;
  readonly scheme?: string;
  readonly in?: string;
  readonly name?: string;
  readonly description?: string;
  readonly "x-account"?: boolean;
  readonly flows?: Readonly<Record<string, OAuthFlow>>;
  /** The header that carries the token of an `oauth2` scheme as it is. */
  readonly "x-token-header"?: string;
}

/** A variable in the address of a server. */
export interface ServerVariable {
  readonly default?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly "x-required"?: boolean;
  readonly "x-account"?: boolean;
}

/** A server of the vendor. */
export interface Server {
  readonly url: string;
  readonly description?: string;
  readonly variables?: Readonly<Record<string, ServerVariable>>;
  readonly "x-auth"?: readonly string[];
}

/** A parameter of an operation. */
export interface Parameter {
  readonly $ref?: string;
  readonly name?: string;
  readonly in?: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
  readonly style?: string;
  /** False if a list is one value with commas. */
  readonly explode?: boolean;
}

/** A body of one media type. */
export interface MediaType {
  readonly schema?: Schema;
  /** How a file of this type begins, as one character a byte. */
  readonly "x-file-signature"?: string;
  /** The media type of what is inside, where the file is gzip. */
  readonly "x-compressed-media-type"?: string;
  readonly encoding?: Readonly<Record<string, { readonly style?: string; readonly explode?: boolean }>>;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly $ref?: string; readonly value?: unknown }>>;
}

/** A request body or a reply. */
export interface Content {
  readonly $ref?: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly headers?: Readonly<Record<string, { readonly $ref?: string; readonly required?: boolean }>>;
  readonly content?: Readonly<Record<string, MediaType>>;
}

/** An operation, as the document has it. {@link readOperations} resolves its references. */
export interface RawOperation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses?: Readonly<Record<string, Content>>;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly "x-docs"?: readonly DocsLink[];
  readonly "x-ratelimit-policy"?: string;
}

/** An OpenAPI 3.1 document in the profile of Outhaul: the root of `openapi.yaml`. */
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
  readonly "x-max-open-jobs"?: number;
  /** The vendor's own OpenAPI documents, which the spec is compared with. */
  readonly "x-openapi"?: readonly DocsLink[];
  /** The differences from them that were settled on purpose: place, and reason. */
  readonly "x-differs"?: Readonly<Record<string, string>>;
  readonly "x-errors"?: {
    readonly when?: string;
    readonly renew?: string;
    readonly message?: readonly string[];
    readonly requestId?: readonly string[];
  };
}

/** Resolves a local `$ref`, and returns the path of its target. An unknown target is an empty object. */
export function follow<T extends { readonly $ref?: string }>(
  document: OpenApi,
  value: T,
  at: Path,
): { value: T; at: Path } {
  let found = { value, at };
  for (let hops = 0; found.value.$ref !== undefined && hops < 20; hops += 1) {
    const path = refPath(found.value.$ref);
    found = { value: (valueAt(document, path) ?? {}) as T, at: path }; // the rule ref-unknown reports a target that is no T
  }
  return found;
}
