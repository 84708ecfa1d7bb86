import { type Path, refPath, type Schema } from "@outhaul/spec";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { OpenApiContext } from "../context/context.js";
import { describe } from "../schema/shape.js";

// One for all specs: it compiles the schema of schemas, which takes longer than to check a spec.
const ajv = new Ajv2020({ allErrors: true, strict: false });

/** Checks that each schema is a valid JSON schema. */
export function checkSchemas({ document, operations, report }: OpenApiContext): void {
  const shared = Object.entries(document.components?.schemas ?? {}).map(([name, schema]): [Schema, Path] => [
    schema,
    ["components", "schemas", name],
  ]);
  const used = operations.flatMap(({ parameters, body, replies }) =>
    [...parameters, ...(body ? [body] : []), ...replies.flatMap(({ bodies }) => bodies)].flatMap(
      ({ schema, at }): [Schema, Path][] => (schema ? [[schema, [...at, "schema"]]] : []),
    ),
  );
  for (const [schema, path] of new Map([...shared, ...used])) {
    if (ajv.validateSchema(schema)) continue;
    const [error] = ajv.errors ?? [];
    if (!error) continue;
    const inside = error.instancePath === "" ? [] : refPath(`#${error.instancePath}`);
    report(
      [...path, ...inside],
      "openapi-shape",
      `no JSON schema: ${describe(error)}`,
      "see JSON Schema 2020-12",
    );
  }
}
