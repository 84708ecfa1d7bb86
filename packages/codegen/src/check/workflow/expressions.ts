import {
  ConditionError,
  isReading,
  type Path,
  parseCriterion,
  parseExpression,
  parseValue,
  type Step,
} from "@outhaul/spec";
import type { ArazzoContext, LocatedWorkflow } from "../context/context.js";

/** Whether conditions, values and outputs can be read. */
export function checkExpressions({ report }: ArazzoContext, { workflow, at }: LocatedWorkflow): void {
  const value = (given: unknown, path: Path): void => {
    if (parseValue(given) === undefined)
      report(
        path,
        "expression-syntax",
        `${String(given)} is no expression of the profile`,
        "use $inputs.name or $steps.id.outputs.name",
      );
  };
  const criteria = (list: Step["successCriteria"], path: Path): void => {
    for (const [index, criterion] of (list ?? []).entries()) {
      try {
        parseCriterion(criterion);
      } catch (error) {
        if (!(error instanceof ConditionError)) throw error;
        report(
          [...path, index],
          "condition-syntax",
          `${criterion.condition}: ${error.message}`,
          "specs/README.md has the grammar under Criteria",
        );
      }
    }
  };
  const parameters = (list: Step["parameters"], path: Path): void => {
    for (const [index, parameter] of (list ?? []).entries())
      value(parameter.value, [...path, "parameters", index]);
  };

  parameters(workflow.parameters, at);
  parameters(workflow["x-cancel"]?.parameters, [...at, "x-cancel"]);
  for (const [index, step] of workflow.steps.entries()) {
    const path = [...at, "steps", index];
    parameters(step.parameters, path);
    for (const [name, given] of Object.entries(step.requestBody?.payload ?? {}))
      value(given, [...path, "requestBody", "payload", name]);
    criteria(step.successCriteria, [...path, "successCriteria"]);
    for (const [place, action] of (step.onFailure ?? []).entries())
      criteria(action.criteria, [...path, "onFailure", place, "criteria"]);
    const match =
      step["x-create"] !== undefined && step["x-create"] !== "none"
        ? [["x-create", step["x-create"].match]]
        : [];
    const outputs = Object.entries(step.outputs ?? {}).map(([name, text]) => [`outputs/${name}`, text]);
    for (const [where = "", text = ""] of [...match, ...outputs]) {
      const expression = parseExpression(text);
      if (!expression || !isReading(expression)) {
        report(
          [...path, ...where.split("/")],
          "expression-syntax",
          `${text} reads nothing of a reply`,
          "use $response.body#/pointer, $response.body or $response.header.name",
        );
      }
    }
  }
}
