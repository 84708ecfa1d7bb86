import { expressionsOf, parseValue } from "../condition/expression.js";
import type { Workflow } from "./arazzo.js";

/** The names of a workflow's inputs that are credentials: those in its parameters and its `x-security`. */
export function credentialInputs(workflow: Workflow): string[] {
  const values = [
    ...(workflow.parameters ?? []).map(({ value }) => value),
    ...(workflow["x-security"] ?? []).flatMap((scheme) => Object.values(scheme.values)),
  ];
  return values.flatMap((value) => {
    const parsed = parseValue(value);
    return parsed ? expressionsOf(parsed).flatMap((one) => (one.kind === "input" ? [one.name] : [])) : [];
  });
}
