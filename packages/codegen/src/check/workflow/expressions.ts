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
import type { Report } from "../context/report.js";

/** Checks the syntax of conditions, values and outputs. */
export function checkExpressions({ report }: ArazzoContext, { workflow, at }: LocatedWorkflow): void {
  checkParameters(report, workflow.parameters, at);
  const cancel = workflow["x-cancel"];
  checkParameters(report, cancel?.parameters, [...at, "x-cancel"]);
  checkPayload(report, cancel?.requestBody, [...at, "x-cancel"]);
  for (const [index, step] of workflow.steps.entries()) {
    const path = [...at, "steps", index];
    checkParameters(report, step.parameters, path);
    checkPayload(report, step.requestBody, path);
    checkCriteria(report, step.successCriteria, [...path, "successCriteria"]);
    for (const [actionIndex, action] of (step.onFailure ?? []).entries())
      checkCriteria(report, action.criteria, [...path, "onFailure", actionIndex, "criteria"]);
    const safety = step["x-create"];
    if (safety !== undefined && safety !== "none")
      checkReading(report, safety.match, [...path, "x-create", "match"]);
    const nextPage = step["x-next-page"];
    if (nextPage) {
      checkReading(report, nextPage.value, [...path, "x-next-page", "value"]);
      checkCriteria(report, nextPage.criteria, [...path, "x-next-page", "criteria"]);
    }
    for (const [name, text] of Object.entries(step.outputs ?? {}))
      checkReading(report, text, [...path, "outputs", name]);
  }
}

function checkParameters(report: Report, list: Step["parameters"], path: Path): void {
  for (const [index, parameter] of (list ?? []).entries())
    checkValue(report, parameter.value, [...path, "parameters", index]);
}

function checkPayload(report: Report, body: Step["requestBody"], path: Path): void {
  for (const [name, given] of Object.entries(body?.payload ?? {}))
    checkValue(report, given, [...path, "requestBody", "payload", name]);
}

function checkValue(report: Report, given: unknown, path: Path): void {
  if (parseValue(given) !== undefined) return;
  report(
    path,
    "expression-syntax",
    `${typeof given === "string" ? given : JSON.stringify(given)} is no expression of the profile`,
    "use $inputs.name or $steps.id.outputs.name",
  );
}

function checkCriteria(report: Report, list: Step["successCriteria"], path: Path): void {
  for (const [index, criterion] of (list ?? []).entries()) {
    try {
      parseCriterion(criterion);
    } catch (error) {
      if (!(error instanceof ConditionError)) throw error;
      report(
        [...path, index],
        "condition-syntax",
        `${criterion.condition}: ${error.message}`,
        "the specs' README.md has the grammar under Criteria",
      );
    }
  }
}

function checkReading(report: Report, text: string, path: Path): void {
  const expression = parseExpression(text);
  if (expression && isReading(expression)) return;
  report(
    path,
    "expression-syntax",
    `${text} reads nothing of a reply`,
    "use $response.body#/pointer, $response.body or $response.header.name",
  );
}
