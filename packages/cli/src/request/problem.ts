import type { ErrorObject } from "ajv/dist/2020.js";
import { closestWord, didYouMeanOneOf } from "../errors/closest-word.js";
import type { RequestFlag } from "./flags.js";

/** Describes a validation error in terms of the flags. Undefined if other errors describe the same mistake. */
export function problemLine(error: ErrorObject, flags: readonly RequestFlag[]): string | undefined {
  const { keyword, params } = error;
  const path = fieldPath(error);
  const name = (...more: string[]) => displayName([...path, ...more], flags);
  switch (keyword) {
    case "required":
      return missingField(error, [...path, String(params["missingProperty"])], flags);
    case "additionalProperties":
    case "unevaluatedProperties":
      return unknownField(path, String(params["additionalProperty"] ?? params["unevaluatedProperty"]), flags);
    case "enum": {
      const choices = (params["allowedValues"] as unknown[]).map(String); // ajv's type for this keyword
      return `${name()} does not take ${JSON.stringify(error.data)}${didYouMeanOneOf(String(error.data), choices)}`;
    }
    case "dependentRequired":
      return `${name(String(params["property"]))} needs ${name(String(params["missingProperty"]))} beside it`;
    case "false schema":
      return `${name()} does not go with the other fields`;
    case "not":
      return path.length ? `${name()} is not allowed like this` : "these fields do not go together";
    case "type":
      return `${name()} must be ${[params["type"]].flat().join(" or ")}`;
    case "if":
    case "allOf":
    case "anyOf":
    case "oneOf":
      return undefined; // the errors inside are reported one by one
    default:
      return `${name()} ${error.message ?? "is not valid"}`;
  }
}

/** The names of the field that an error is about, without the indexes of list items. */
function fieldPath({ instancePath }: ErrorObject): string[] {
  return instancePath
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"))
    .filter((token) => !/^\d+$/.test(token));
}

function missingField(
  { schemaPath }: ErrorObject,
  path: readonly string[],
  flags: readonly RequestFlag[],
): string {
  const [summary] = flagOf(path, flags)?.field.description.split(/(?<=\.)\s/) ?? [];
  const isConditional = /\/(then|else|dependentSchemas)\//.test(schemaPath);
  return `${displayName(path, flags)} is ${isConditional ? "needed, as the other fields are" : "missing"}${summary ? `: ${summary}` : ""}`;
}

function unknownField(path: readonly string[], extra: string, flags: readonly RequestFlag[]): string {
  const siblings = flags.map(({ field }) => field.path).filter((known) => known.length > path.length);
  const closest = closestWord(
    extra,
    siblings.map((known) => known[path.length] ?? ""),
  );
  const hint = closest === undefined ? "" : `; did you mean "${[...path, closest].join(".")}"?`;
  return `"${[...path, extra].join(".")}" is no field of this request${hint}`;
}

/** The name of a field in a message: its flag if it has one. */
function displayName(path: readonly string[], flags: readonly RequestFlag[]): string {
  const flag = flagOf(path, flags);
  if (flag) return `--${flag.flag}`;
  return path.length ? `"${path.join(".")}"` : "the request";
}

function flagOf(path: readonly string[], flags: readonly RequestFlag[]): RequestFlag | undefined {
  return flags.find(({ field }) => field.path.join(".") === path.join("."));
}
