import type { Expression, RequestFields, Value } from "@outhaul/spec";
import type { Field, StepRequest } from "../../plan/workflow-plan.js";
import { keyCode } from "../../text/literal-code.js";
import { isIdentifier } from "../../text/names.js";

/** The function that makes the request of a later step from the job's reference. */
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

/** The function that takes the flat request of the start apart: `({ id, ...body }) => ({ path: { id }, body })`. */
export function startRequestCode(fields: RequestFields, request: StepRequest, hasBody: boolean): string {
  const picked = (place: "path" | "query"): string[] =>
    fields[place].filter((name) => !literalNames(request[place]).includes(name)).map(bindingCode);
  const placed = (place: "path" | "query"): string =>
    `${place}: { ${[...picked(place), ...literals(request[place]).map(fieldCode)].join(", ")} }`;
  const overlaid = literals(request.body).map(fieldCode);

  const names = [...picked("path"), ...picked("query")];
  const rest = hasBody ? ["...body"] : [];
  const parameter = names.length > 0 ? `{ ${[...names, ...rest].join(", ")} }` : hasBody ? "body" : "";
  const parts = [
    ...(fields.path.length > 0 ? [placed("path")] : []),
    ...(fields.query.length > 0 ? [placed("query")] : []),
    ...(request.header.length > 0 ? [`headers: ${fieldsCode(request.header)}`] : []),
    ...(hasBody ? [overlaid.length > 0 ? `body: { ...body, ${overlaid.join(", ")} }` : "body"] : []),
  ];
  return `(${parameter}) => ({ ${parts.join(", ")} })`;
}

/** The names of the fields that are always sent with the same value, by place. */
export function literalNames(list: readonly Field[]): string[] {
  return literals(list).map(({ name }) => name);
}

function literals(list: readonly Field[]): Field[] {
  return list.filter(({ value }) => value.kind === "literal");
}

/** `id`, or `"dry-run": dryRun`: as good in a pattern as in an object. */
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
  if (value.kind !== "template") return jobCode(value);
  const parts = value.parts.map((part) =>
    typeof part === "string" ? part.replace(/[`\\]|\$\{/g, "\\$&") : `\${${jobCode(part)}}`,
  );
  return `\`${parts.join("")}\``;
}

function jobCode(expression: Expression): string {
  return expression.kind === "input" || expression.kind === "output" ? `job.${expression.name}` : "undefined";
}
