import type { Expression, Value } from "../expression.js";
import { isIdentifier } from "../names.js";
import type { RequestFields } from "../request-fields.js";
import type { Field, StepRequest } from "./plan.js";

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

/** The function that takes the flat request of the start apart. */
export function startRequestCode(fields: RequestFields, request: StepRequest, hasBody: boolean): string {
  const literals = (list: readonly Field[]): Field[] => list.filter(({ value }) => value.kind === "literal");
  const given = (names: readonly string[], list: readonly Field[]): string[] =>
    names.filter((name) => !literals(list).some((literal) => literal.name === name));
  const place = (names: readonly string[], list: readonly Field[]): string =>
    `{ ${[...given(names, list).map((name) => (isIdentifier(name) ? name : `${JSON.stringify(name)}: ${local(name)}`)), ...literals(list).map(fieldCode)].join(", ")} }`;

  const own = [...given(fields.path, request.path), ...given(fields.query, request.query)];
  const picked = own.map((name) => (isIdentifier(name) ? name : `${JSON.stringify(name)}: ${local(name)}`));
  const overlaid = literals(request.body);
  const parts = [
    ...(fields.path.length > 0 ? [`path: ${place(fields.path, request.path)}`] : []),
    ...(fields.query.length > 0 ? [`query: ${place(fields.query, request.query)}`] : []),
    ...(request.header.length > 0 ? [`headers: ${fieldsCode(request.header)}`] : []),
    ...(hasBody
      ? [overlaid.length > 0 ? `body: { ...body, ${overlaid.map(fieldCode).join(", ")} }` : "body"]
      : []),
  ];
  const parameter =
    picked.length === 0
      ? hasBody
        ? "body"
        : ""
      : `{ ${[...picked, ...(hasBody ? ["...body"] : [])].join(", ")} }`;
  return `(${parameter}) => ({ ${parts.join(", ")} })`;
}

/** The names of the fields that are always sent with the same value, by place. */
export function literalNames(list: readonly Field[]): string[] {
  return list.filter(({ value }) => value.kind === "literal").map(({ name }) => name);
}

function fieldsCode(fields: readonly Field[]): string {
  return `{ ${fields.map(fieldCode).join(", ")} }`;
}

function fieldCode({ name, value }: Field): string {
  return `${isIdentifier(name) ? name : JSON.stringify(name)}: ${valueCode(value)}`;
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

function local(name: string): string {
  return name.replace(/\W+(\w)?/g, (_, letter: string = "") => letter.toUpperCase());
}
