import type { Workflow } from "./arazzo.js";
import { expressionsOf, parseValue } from "./expression.js";

/** The inputs of a workflow that are credentials: those that its own parameters and its `x-security` carry. */
export function credentialInputs(workflow: Workflow): string[] {
  const carried = [
    ...(workflow.parameters ?? []).map(({ value }) => value),
    ...(workflow["x-security"] ?? []).flatMap(({ values }) => Object.values(values)),
  ];
  return carried.flatMap((value) => {
    const parsed = parseValue(value);
    return parsed ? expressionsOf(parsed).flatMap((one) => (one.kind === "input" ? [one.name] : [])) : [];
  });
}
