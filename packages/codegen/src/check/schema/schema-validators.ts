import type { OpenApi, Path } from "@outhaul/spec";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe } from "./shape.js";

/** Lists what is wrong with a value. The list is empty if the value is valid. */
export type Validate = (value: unknown) => string[];

/** Creates validators for schemas of a document, each by the path of the schema. */
export function schemaValidators(document: OpenApi): (path: Path) => Validate {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    validateSchema: false,
    addUsedSchema: false,
    logger: false,
  });
  // The package types its CommonJS build, where the function is the default export of the default export.
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema({ $id: "openapi", ...document });
  const known = new Map<string, ValidateFunction>();
  return (path) => {
    const ref = `openapi#/${path.map((token) => encodeURIComponent(String(token).replaceAll("~", "~0").replaceAll("/", "~1"))).join("/")}`;
    let validate = known.get(ref);
    try {
      validate ??= ajv.compile({ $ref: ref });
    } catch (error) {
      return () => [`its schema is none: ${error instanceof Error ? error.message : error}`];
    }
    known.set(ref, validate);
    return (value) => (validate(value) ? [] : (validate.errors ?? []).map(describe));
  };
}
