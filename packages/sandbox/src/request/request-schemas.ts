import { mediaTypeOf } from "@outhaul/spec";
import type { NamedSchema } from "../schema/validate.js";
import type { Api, Content, Operation, Parameter } from "../spec/open-api.js";

/** The schemas of an API's requests. */
export interface RequestSchemas {
  ofParameter(operation: Operation, parameter: Parameter): NamedSchema;
  ofBody(operation: Operation, content: Content): NamedSchema;
}

/**
 * Names the schemas of an API's requests.
 * @param vendor the vendor whose schemas the build compiles. Undefined for a spec that the build does not know.
 */
export function requestSchemas(api: Api, vendor: string | undefined): RequestSchemas {
  const components = api.root["components"];
  const nameOf = (...parts: string[]): string | undefined =>
    vendor === undefined ? undefined : [vendor, ...parts].join(" ");
  return {
    ofParameter: (operation, { in: location, name, schema }) => ({
      name: nameOf(operation.id, location, name),
      // Ajv coerces the properties of an object only, so the value becomes one.
      schema: { type: "object", properties: { value: schema } },
      coerceTypes: true,
      components,
    }),
    ofBody: (operation, { mediaType, schema }) => ({
      name: nameOf(operation.id, "body", mediaTypeOf(mediaType)),
      schema,
      // The values of a form are all texts.
      coerceTypes: !/\bjson\b/.test(mediaType),
      components,
    }),
  };
}

/** Lists the schemas of all requests of an API. */
export function listRequestSchemas(api: Api, vendor: string): NamedSchema[] {
  const schemas = requestSchemas(api, vendor);
  return api.operations.flatMap((operation) => [
    ...operation.parameters.map((parameter) => schemas.ofParameter(operation, parameter)),
    ...(operation.body?.contents ?? []).map((content) => schemas.ofBody(operation, content)),
  ]);
}
