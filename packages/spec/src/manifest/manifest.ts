import type { DocsLink } from "../openapi/openapi.js";

/** The keywords of a JSON schema that the command line reads. References are local: `#/components/schemas/Name`. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly [keyword: string]: unknown;
}

/** A credential of a vendor's client. */
export interface ManifestCredential {
  /** The name of the client's option. */
  readonly option: string;
  /** The environment variable that may hold it. */
  readonly env: string;
  readonly description: string;
  /** True if it names the account and is no secret. */
  readonly account: boolean;
  /** False if it may be shown, such as the name of a user. Absent in packages of the first versions: take it for a secret. */
  readonly secret?: boolean;
}

/** An option of a vendor's client that is no credential. */
export interface ManifestOption {
  readonly option: string;
  readonly env: string;
  readonly description: string;
  /** Without a default the option is required; `""` means that it may be left out. */
  readonly default?: string;
  readonly enum?: readonly string[];
}

/** A path or query parameter of a call. */
export interface ManifestParameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
}

/** A documented call. */
export interface ManifestOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly docs: readonly DocsLink[];
  readonly parameters: readonly ManifestParameter[];
  readonly body?: { readonly required: boolean; readonly schema: JsonSchema };
}

/** A documented export. */
export interface ManifestWorkflow {
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  readonly docs: readonly DocsLink[];
  /** The operation whose parameters and body make the request. */
  readonly operation: string;
  /** Fields that always have the same value, so the user gives none. */
  readonly constants: Readonly<Record<string, unknown>>;
  /** A complete request. */
  readonly example: Readonly<Record<string, unknown>>;
  readonly canCancel: boolean;
  /** Set if the operation is a GET whose reply is the file: nothing is started, and nothing is waited for. */
  readonly isOneStep?: boolean;
  /** True if a start may have to wait long for a limit of the vendor or for its turn, and takes a time limit. */
  readonly hasTimedStart?: boolean;
}

/** The `manifest.json` of a vendor package: it describes the client to programs that do not know the vendor. */
export interface Manifest {
  readonly manifestVersion: 1;
  readonly vendor: string;
  readonly title: string;
  /** The name of the function that creates the client. */
  readonly create: string;
  /** The ways to sign in. Each needs all of its credentials. */
  readonly credentials: readonly (readonly ManifestCredential[])[];
  readonly options: readonly ManifestOption[];
  readonly workflows: readonly ManifestWorkflow[];
  readonly operations: readonly ManifestOperation[];
  /** The schemas that `$ref` points to. */
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}
