import type { FieldRule, Operation, ReplyBody, RequestFields } from "@outhaul/spec";
import type { StepRequest } from "../../plan/workflow-plan.js";
import { isIdentifier } from "../../text/names.js";
import { literalNames } from "./request-code.js";

/** Writes the type of a flat start request, as an alias of types of the schema. */
export function requestType(operation: Operation, fields: RequestFields, request: StepRequest): string {
  const base = operationType(operation);
  const parameterTypes = (name: "path" | "query"): string[] => {
    const all = fields[name];
    const literals = literalNames(request[name]);
    if (all.length === literals.length) return [];
    const isOptional = !operation.parameters.some((parameter) => parameter.in === name && parameter.required);
    const type = `${base}["parameters"]["${name}"]`;
    return [omit(isOptional ? `NonNullable<${type}>` : type, literals)];
  };
  const body = operation.body;
  const bodies = body
    ? [
        `${body.required ? `${base}["requestBody"]` : `NonNullable<${base}["requestBody"]>`}["content"][${JSON.stringify(body.contentType)}]`,
      ]
    : [];
  const literals = fields.isOpen ? [] : literalNames(request.body); // Omit loses the names of a body that takes any field
  const parts = [
    ...parameterTypes("path"),
    ...parameterTypes("query"),
    ...bodies.map((type) => omit(type, literals)),
  ];
  return parts.length > 0 ? parts.join(" & ") : "Record<string, never>";
}

/** Writes a rule as a type of requests, made of the type that has all fields. */
export function fieldRuleType(rule: FieldRule, fields: string): string {
  const given = (names: readonly string[]) =>
    `Given<${fields}, ${names.map((name) => JSON.stringify(name)).join(" | ")}>`;
  const absent = (name: string) => `Absent<${JSON.stringify(name)}>`;
  switch (rule.kind) {
    case "some":
      return rule.fields.map((name) => given([name])).join(" | ");
    case "apart":
      return rule.fields.map(absent).join(" | ");
    case "together":
      return `${absent(rule.field)} | ${given(rule.needs)}`;
  }
}

/** Writes the type of the bodies that a step reads: their union. */
export function bodyType(operation: Operation, bodies: readonly ReplyBody[]): string {
  const types = bodies.map(({ status, contentType }) => {
    const code = status === "default" ? '"default"' : status;
    return `${operationType(operation)}["responses"][${code}]["content"][${JSON.stringify(contentType)}]`;
  });
  return types.length > 0 ? types.join(" | ") : "unknown";
}

function operationType({ id }: Operation): string {
  return `operations[${isIdentifier(id) ? JSON.stringify(id) : `"${id}"`}]`;
}

function omit(type: string, names: readonly string[]): string {
  return names.length > 0 ? `Omit<${type}, ${names.map((name) => JSON.stringify(name)).join(" | ")}>` : type;
}
