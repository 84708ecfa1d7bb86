import type { Expression, RequestFields, Value } from "@outhaul/spec";
import type { Field, StepRequest } from "../../plan/workflow-plan.js";
import { keyCode } from "../../text/literal-code.js";
import { isIdentifier } from "../../text/names.js";

/** Writes the function that makes the request of a later step from the job's reference. */
export function jobRequestCode({ path, query, header, body }: StepRequest): string {
  const parts = [
    ...(path.length > 0 ? [`path: ${fieldsCode(path)}`] : []),
    ...(query.length > 0 ? [`query: ${fieldsCode(query)}`] : []),
    ...(header.length > 0 ? [`headers: ${fieldsCode(header)}`] : []),
    ...(body.length > 0 ? [`body: ${fieldsCode(body)}`] : []),
  ];
  const usesJob = [...path, ...query, ...header, ...body].some(({ value }) => value.kind !== "literal");
  return `(${usesJob ? "job" : ""}) => ({ ${parts.join(", ")} })`;
}

/** Writes the function that splits the flat start request: `({ id, ...body }) => ({ path: { id }, body })`. */
export function startRequestCode(fields: RequestFields, request: StepRequest, hasBody: boolean): string {
  const bindings = (location: "path" | "query"): string[] =>
    fields[location].filter((name) => !literalNames(request[location]).includes(name)).map(bindingCode);
  const objectCode = (location: "path" | "query"): string =>
    `${location}: { ${[...bindings(location), ...literals(request[location]).map(fieldCode)].join(", ")} }`;
  const fixed = literals(request.body).map(fieldCode);

  const names = [...bindings("path"), ...bindings("query")];
  const rest = hasBody ? ["...body"] : [];
  const parameter = names.length > 0 ? `{ ${[...names, ...rest].join(", ")} }` : hasBody ? "body" : "";
  const parts = [
    ...(fields.path.length > 0 ? [objectCode("path")] : []),
    ...(fields.query.length > 0 ? [objectCode("query")] : []),
    ...(request.header.length > 0 ? [`headers: ${fieldsCode(request.header)}`] : []),
    ...(hasBody ? [fixed.length > 0 ? `body: { ...body, ${fixed.join(", ")} }` : "body"] : []),
  ];
  return `(${parameter}) => ({ ${parts.join(", ")} })`;
}

/** The names of the fields that are always sent with the same value. */
export function literalNames(list: readonly Field[]): string[] {
  return literals(list).map(({ name }) => name);
}

function literals(list: readonly Field[]): Field[] {
  return list.filter(({ value }) => value.kind === "literal");
}

/** Writes `id`, or `"dry-run": dryRun`, which is valid in a pattern and in an object. */
function bindingCode(name: string): string {
  const local = name.replace(/\W+(\w)?/g, (_, letter: string = "") => letter.toUpperCase());
  return isIdentifier(name) ? name : `${keyCode(name)}: ${local}`;
}

function fieldsCode(fields: readonly Field[]): string {
  return `{ ${fields.map(fieldCode).join(", ")} }`;
}

function fieldCode({ name, value }: Field): string {
  return `${keyCode(name)}: ${valueCode(value)}`;
}

function valueCode(value: Value): string {
  if (value.kind === "literal") return JSON.stringify(value.value);
  if (value.kind === "object")
    return `{ ${value.fields.map(([name, inner]) => `${keyCode(name)}: ${valueCode(inner)}`).join(", ")} }`;
  if (value.kind === "list") return `[${value.items.map(valueCode).join(", ")}]`;
  if (value.kind !== "template") return jobCode(value);
  const parts = value.parts.map((part) =>
    typeof part === "string" ? part.replace(/[`\\]|\$\{/g, "\\$&") : `\${${jobCode(part)}}`,
  );
  return `\`${parts.join("")}\``;
}

function jobCode(expression: Expression): string {
  return expression.kind === "input" || expression.kind === "output" ? `job.${expression.name}` : "undefined";
}
