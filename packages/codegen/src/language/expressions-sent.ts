import type { Step } from "./arazzo.js";
import { type Expression, expressionsOf, parseValue } from "./expression.js";

/** The expressions in what a step (or x-cancel) sends. */
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
