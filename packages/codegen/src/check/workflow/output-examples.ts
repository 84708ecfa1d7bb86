import {
  meetsAll,
  type Operation,
  parseCriterion,
  parseReading,
  printExpression,
  type Step,
  valueAt,
} from "@outhaul/spec";
import type { ArazzoContext, LocatedWorkflow } from "../context/context.js";

/** Checks that the example of the reply that succeeds holds every output of its step: Respect fails a step whose output reaches nothing. */
export function checkOutputExamples(
  { operations, report }: ArazzoContext,
  { workflow, at }: LocatedWorkflow,
): void {
  for (const [index, step] of workflow.steps.entries()) {
    const operation = operations.get(step.operationId);
    const example = operation && exampleOfSuccess(operation, step, index > 0);
    if (!operation || !example) continue;
    for (const [name, text] of Object.entries(step.outputs ?? {})) {
      const reading = parseReading(text);
      if (reading?.kind !== "body" || valueAt(example.value, reading.pointer) !== undefined) continue;
      report(
        [...at, "steps", index, "outputs", name],
        "output-example",
        `${printExpression(reading)}: the example "${example.name}" of ${operation.id} in openapi.yaml has no such value`,
        "add it to the example, if only as null: Respect fails a step whose output reaches nothing",
      );
    }
  }
}

/** The example of a JSON reply that meets a step's success criteria, as the sandbox chooses it. Undefined where the reply is a file. */
function exampleOfSuccess({ replies }: Operation, { successCriteria = [] }: Step, isAfterStart: boolean) {
  const criteria = successCriteria.map(parseCriterion);
  const examples = replies.flatMap(({ status, bodies }) =>
    bodies.flatMap((body) =>
      body.isJson
        ? body.examples.filter(({ value }) =>
            meetsAll(criteria, { status: Number(status), headers: new Headers(), body: value }),
          )
        : [],
    ),
  );
  return (isAfterStart ? examples.find(({ name }) => name === "succeeded") : undefined) ?? examples[0];
}
