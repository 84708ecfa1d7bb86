import { type Action, pollOf, type Step, stateOf, type Workflow } from "../arazzo.js";
import { ConditionError } from "../condition.js";
import { parseCriterion } from "../criteria.js";
import { isReading, parseExpression, parseValue } from "../expression.js";
import { isCamelCase } from "../names.js";
import type { Path } from "../source.js";
import { checkJobReference } from "./job-reference.js";
import { checkPointers } from "./pointers.js";
import type { ArazzoContext } from "./report.js";
import { checkRequest } from "./request.js";
import { checkStates } from "./states.js";

/** A workflow and where it stands. */
export interface LocatedWorkflow {
  readonly workflow: Workflow;
  readonly at: Path;
}

/** Whether the workflows keep to the profile. What builds on a wrong foundation is not looked at. */
export function checkWorkflows(context: ArazzoContext): void {
  const { arazzo, report } = context;
  const [source, second] = arazzo.sourceDescriptions;
  if (!source || second || source.url !== "./openapi.yaml" || source.type !== "openapi") {
    const path = ["sourceDescriptions", ...(second ? [1] : source ? [0] : [])];
    report(
      path,
      "source-description",
      "only the vendor's own openapi.yaml is a source",
      "write { name: <vendor>, url: ./openapi.yaml, type: openapi }",
    );
  }
  const seen = new Set<string>();
  for (const [index, workflow] of arazzo.workflows.entries()) {
    const at = ["workflows", index];
    checkName(context, { workflow, at }, seen);
    const isSound = [checkSteps, checkActions, checkExpressions]
      .map((check) => check(context, { workflow, at }))
      .every(Boolean);
    if (!isSound) continue;
    for (const check of [checkPointers, checkStates, checkRequest, checkJobReference])
      check(context, { workflow, at });
  }
}

function checkName({ report }: ArazzoContext, { workflow, at }: LocatedWorkflow, seen: Set<string>): void {
  const { workflowId } = workflow;
  const path = [...at, "workflowId"];
  const hint = "name it like exportContacts: it is a method of the client";
  if (!isCamelCase(workflowId)) report(path, "workflow-name", `"${workflowId}" is not camelCase`, hint);
  if (["api", "resume"].includes(workflowId))
    report(path, "workflow-name", `every client has "${workflowId}"`, hint);
  if (seen.has(workflowId)) report(path, "workflow-name", `"${workflowId}" is there twice`, hint);
  seen.add(workflowId);
  if (!workflow["x-docs"]) {
    report(
      at,
      "docs-missing",
      `${workflowId} has no x-docs`,
      "x-docs: [{ url: https://…, read: 2026-11-22 }] names the vendor's page",
    );
  }
}

function checkSteps({ operations, report }: ArazzoContext, { workflow, at }: LocatedWorkflow): boolean {
  let isSound = true;
  const wrong: typeof report = (...diagnostic) => {
    isSound = false;
    report(...diagnostic);
  };
  for (const [index, { operationId }] of workflow.steps.entries()) {
    if (!operations.has(operationId))
      wrong([...at, "steps", index, "operationId"], "operation-unknown", ...unknown(operationId, operations));
  }
  const cancel = workflow["x-cancel"]?.operationId;
  if (cancel !== undefined && !operations.has(cancel)) {
    wrong([...at, "x-cancel", "operationId"], "operation-unknown", ...unknown(cancel, operations));
  }
  const first = operations.get(workflow.steps[0]?.operationId ?? "");
  if (first && ["GET", "HEAD", "DELETE", "OPTIONS"].includes(first.method)) {
    wrong(
      [...at, "steps", 0, "operationId"],
      "start-method",
      `${first.id} is a ${first.method}, which starts nothing`,
      "the first step starts the job",
    );
  }
  const polls = workflow.steps.filter(({ onFailure = [] }) => onFailure.some(({ type }) => type === "retry"));
  const poll = pollOf(workflow);
  if (!poll) {
    wrong(
      [...at, "steps"],
      "poll-missing",
      "no step has a retry action",
      "give the step that asks for the state onFailure: [{ name: running, type: retry, … }]",
    );
  } else if (polls.length > 1 || workflow.steps.indexOf(poll) !== 1 || workflow.steps.length > 3) {
    const path = [...at, "steps", workflow.steps.indexOf(polls[1] ?? poll)];
    wrong(
      path,
      "step-order",
      "the steps are not start, poll, download",
      "one start, then one poll, then at most one download",
    );
  }
  return isSound;
}

function checkActions({ report }: ArazzoContext, { workflow, at }: LocatedWorkflow): boolean {
  const allowed: Record<Action["type"], string[]> = {
    retry: ["queued", "running", "unknown"],
    end: ["failed", "cancelled", "expired"],
  };
  let isSound = true;
  for (const [index, step] of workflow.steps.entries()) {
    for (const [place, action] of (step.onFailure ?? []).entries()) {
      const path = [...at, "steps", index, "onFailure", place, "name"];
      if (!allowed[action.type].includes(stateOf(action))) {
        report(
          path,
          "action-name",
          `a ${action.type} is not named ${action.name}`,
          `name it ${allowed[action.type].join(", ")}`,
        );
        isSound = false;
      } else if (!action.criteria && stateOf(action) !== "unknown") {
        report(path, "action-name", `${action.name} has no criteria`, "only unknown takes whatever is left");
        isSound = false;
      }
    }
  }
  return isSound;
}

function checkExpressions({ report }: ArazzoContext, { workflow, at }: LocatedWorkflow): boolean {
  let isSound = true;
  const wrong: typeof report = (...diagnostic) => {
    isSound = false;
    report(...diagnostic);
  };
  const value = (given: unknown, path: Path): void => {
    if (parseValue(given) === undefined)
      wrong(
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
        wrong(
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
        wrong(
          [...path, ...where.split("/")],
          "expression-syntax",
          `${text} reads nothing of a reply`,
          "use $response.body#/pointer, $response.body or $response.header.name",
        );
      }
    }
  }
  return isSound;
}

function unknown(id: string, operations: ArazzoContext["operations"]): [message: string, hint: string] {
  const near = [...operations.keys()].find(
    (name) => name.toLowerCase().includes(id.toLowerCase()) || id.toLowerCase().includes(name.toLowerCase()),
  );
  return [
    `openapi.yaml has no operation "${id}"`,
    near ? `is it ${near}?` : `it has ${[...operations.keys()].join(", ")}`,
  ];
}
