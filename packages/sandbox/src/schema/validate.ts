import type { ErrorObject } from "ajv/dist/2020.js";

/** Tells whether a value is valid; `errors` says afterwards why it is not. */
export interface Validate {
  (value: unknown): boolean;
  errors?: readonly ErrorObject[] | null;
}

/** A JSON Schema with all that a validator is made of. */
export interface NamedSchema {
  /** The name under which the build compiles it. Undefined if the build does not know the schema. */
  readonly name: string | undefined;
  readonly schema: unknown;
  /** Takes texts for numbers and booleans, and one value for a list of one. */
  readonly coerceTypes: boolean;
  /** The `components` that the schema may refer to. */
  readonly components?: unknown;
}
