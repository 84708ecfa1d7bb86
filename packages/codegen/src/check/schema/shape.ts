import { refPath } from "@outhaul/spec";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Rule } from "../../diagnostics/rules.js";
import type { Source } from "../../load/source.js";
import { hintForKey } from "./refused-keys.js";

const ajv = new Ajv2020({
  allErrors: true,
  strict: false,
  validateSchema: false,
  inlineRefs: false,
  verbose: true,
});
const compiled = new WeakMap<object, ValidateFunction>();

/** Checks that a file has the shape of its kind. */
export function checkShape(source: Source, schema: object, rule: Rule): Diagnostic[] {
  const validate = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, validate);
  if (validate(source.value)) return [];
  return (validate.errors ?? [])
    .filter(({ keyword }) => keyword !== "if")
    .map((error) => ({
      file: source.file,
      line: source.lineOf(pathOf(error)),
      rule,
      message: describe(error),
      hint: hintFor(error, rule),
    }));
}

function hintFor({ keyword, instancePath, params, parentSchema }: ErrorObject, rule: Rule): string {
  if (keyword === "additionalProperties" && parentSchema?.["properties"])
    return hintForKey(
      refPath(`#${instancePath}`).map(String),
      String(params["additionalProperty"]),
      Object.keys(parentSchema["properties"] as object), // a schema's properties
    );
  return rule === "arazzo-shape"
    ? "the specs' README.md tells the profile"
    : "see OpenAPI 3.1 and the specs' README.md";
}

/** An error of ajv as words that continue a sentence. */
export function describe({ keyword, instancePath, params, message = keyword }: ErrorObject): string {
  const where = instancePath === "" ? "the document" : placeOf(instancePath);
  if (keyword === "additionalProperties")
    return `${where} has the key "${params["additionalProperty"]}", which is not known here`;
  if (keyword === "required") return `${where} lacks "${params["missingProperty"]}"`;
  if (keyword === "const") return `${where} must be ${JSON.stringify(params["allowedValue"])}`;
  if (keyword === "enum") return `${where} must be one of ${JSON.stringify(params["allowedValues"])}`;
  return `${where} ${message}`;
}

function pathOf({ keyword, instancePath, params }: ErrorObject): (string | number)[] {
  const path = instancePath === "" ? [] : [...refPath(`#${instancePath}`)];
  return keyword === "additionalProperties" ? [...path, String(params["additionalProperty"])] : path;
}

/** The last parts of a pointer, from the last name but one: `onFailure.2.type`. */
function placeOf(instancePath: string): string {
  const tokens = refPath(`#${instancePath}`).map(String);
  const names = tokens.flatMap((token, index) => (/^\d+$/.test(token) ? [] : [index]));
  return tokens.slice(names.at(-2) ?? 0).join(".");
}
