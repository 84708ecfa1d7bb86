import type { Workflow } from "./arazzo.js";
import { expressionsOf, parseValue } from "./expression.js";

/** The inputs of a workflow that are credentials: those that its own parameters carry. */
export function credentialInputs(workflow: Workflow): string[] {
  return (workflow.parameters ?? []).flatMap(({ value }) => {
    const parsed = parseValue(value);
    return parsed ? expressionsOf(parsed).flatMap((one) => (one.kind === "input" ? [one.name] : [])) : [];
  });
}
