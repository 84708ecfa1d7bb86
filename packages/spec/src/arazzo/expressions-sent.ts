import { type Expression, expressionsOf, parseValue } from "../condition/expression.js";
import type { Step } from "./arazzo.js";

/** The expressions in the parameters and the payload of a step. */
export function expressionsSent(step: Pick<Step, "parameters" | "requestBody">): Expression[] {
  const values = [
    ...(step.parameters ?? []).map(({ value }) => value),
    ...Object.values(step.requestBody?.payload ?? {}),
  ];
  return values.flatMap((value) => {
    const parsed = parseValue(value);
    return parsed ? expressionsOf(parsed) : [];
  });
}
