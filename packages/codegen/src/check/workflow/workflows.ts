import {
  type Action,
  furtherStepOf,
  oneStepOf,
  pollOf,
  type Step,
  stateOf,
  type Workflow,
} from "@outhaul/spec";
import { isCamelCase } from "../../text/names.js";
import type { ArazzoContext, LocatedWorkflow } from "../context/context.js";
import { watched } from "../context/report.js";
import { checkExpressions } from "./expressions.js";
import { checkFileTypes } from "./file-types.js";
import { checkInputsExample } from "./inputs-example.js";
import { checkJobReference } from "./job-reference.js";
import { checkLinkPoll } from "./link-poll.js";
import { checkOneStep } from "./one-step.js";
import { checkOutputExamples } from "./output-examples.js";
import { checkPointers } from "./pointers.js";
import { checkRequest } from "./request.js";
import { checkStates } from "./states.js";

/** The checks of one workflow, in groups. A group runs if the groups before it found nothing. */
const groups = [
  [checkSteps, checkOneStep, checkLinkPoll, checkActions, checkExpressions, checkFileTypes],
  [checkPointers, checkRequest, checkJobReference],
  [checkStates, checkInputsExample, checkOutputExamples],
];

/** Checks that the workflows keep to the profile of Arazzo. */
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
    const located = { workflow, at: ["workflows", index] };
    checkName(context, located, seen);
    for (const group of groups) {
      const { report, isUsed } = watched(context.report);
      for (const check of group) check({ ...context, report }, located);
      if (isUsed()) break;
    }
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

function checkSteps({ operations, report }: ArazzoContext, { workflow, at }: LocatedWorkflow): void {
  for (const [index, { operationId }] of workflow.steps.entries()) {
    if (!operations.has(operationId))
      report(
        [...at, "steps", index, "operationId"],
        "operation-unknown",
        ...unknown(operationId, operations),
      );
  }
  for (const [index, step] of workflow.steps.entries())
    if (step["x-security"])
      report(
        [...at, "steps", index, "x-security"],
        "credential-place",
        `x-security of ${step.stepId} is not for it alone`,
        "write it at the workflow; only a workflow with a poll at a link has it at its start",
      );
  const cancel = workflow["x-cancel"]?.operationId;
  if (cancel !== undefined && !operations.has(cancel)) {
    report([...at, "x-cancel", "operationId"], "operation-unknown", ...unknown(cancel, operations));
  }
  const first = operations.get(workflow.steps[0]?.operationId ?? "");
  if (first?.method === "GET" && oneStepOf(workflow)) return;
  if (first && ["GET", "HEAD", "DELETE", "OPTIONS"].includes(first.method)) {
    report(
      [...at, "steps", 0, "operationId"],
      "start-method",
      `${first.id} is a ${first.method}, which starts nothing`,
      "the first step starts the job",
    );
  }
  const polls = workflow.steps.filter(({ onFailure = [] }) => onFailure.some(({ type }) => type === "retry"));
  const poll = pollOf(workflow);
  if (!poll) {
    report(
      [...at, "steps"],
      "poll-missing",
      "no step has a retry action",
      "give the step that asks for the state onFailure: [{ name: running, type: retry, … }]; a workflow of one step, whose reply is the file, is a GET",
    );
  } else if (!isInOrder(workflow, poll) || polls.length > 1) {
    const path = [...at, "steps", workflow.steps.indexOf(polls[1] ?? poll)];
    report(
      path,
      "step-order",
      "the steps are not start, poll, download",
      "one start, then one poll, then at most one download; a step between start and poll is named by an action of the poll: { name: queued-created, type: goto, stepId: … }",
    );
  } else checkFurtherStep({ operations, report }, { workflow, at }, poll);
}

/** True if the steps are start, perhaps one that the poll goes to, poll, and perhaps download. */
function isInOrder(workflow: Workflow, poll: Step): boolean {
  const { steps } = workflow;
  const further = furtherStepOf(workflow);
  const isNamed = poll.onFailure?.some(({ type, stepId }) => type === "goto" && stepId === further?.stepId);
  const position = further && isNamed ? 2 : 1;
  return steps.indexOf(poll) === position && steps.length <= position + 2;
}

function checkFurtherStep(
  { operations, report }: Pick<ArazzoContext, "operations" | "report">,
  { workflow, at }: LocatedWorkflow,
  poll: Step,
): void {
  const further = furtherStepOf(workflow);
  const pollAt = [...at, "steps", workflow.steps.indexOf(poll)];
  for (const [index, { type, name, stepId }] of (poll.onFailure ?? []).entries()) {
    if (type === "goto" ? further && stepId === further.stepId : stepId === undefined) continue;
    report(
      [...pollAt, "onFailure", index],
      "further-step",
      type === "goto" ? `${name} does not lead to a step between start and poll` : `${name} leads nowhere`,
      type === "goto" ? "a goto names the one step that may be still to be done" : "only a goto has a stepId",
    );
  }
  if (!further) return;
  const path = [...at, "steps", 1];
  const operation = operations.get(further.operationId);
  if (operation && ["GET", "HEAD", "DELETE", "OPTIONS"].includes(operation.method))
    report(
      [...path, "operationId"],
      "further-step",
      `${operation.id} is a ${operation.method}, which lets no job begin`,
      "the step between start and poll is what the vendor waits for",
    );
  if (further.outputs || further.onFailure || further["x-create"])
    report(
      path,
      "further-step",
      `${further.stepId} has ${further.outputs ? "outputs" : further.onFailure ? "onFailure" : "x-create"}, which nothing reads`,
      "the poll alone says what became of it",
    );
}

function checkActions({ report }: ArazzoContext, { workflow, at }: LocatedWorkflow): void {
  const allowed: Record<Action["type"], string[]> = {
    retry: ["queued", "running", "unknown"],
    end: ["empty", "failed", "cancelled", "expired"],
    goto: ["queued"],
  };
  for (const [index, step] of workflow.steps.entries()) {
    for (const [actionIndex, action] of (step.onFailure ?? []).entries()) {
      const path = [...at, "steps", index, "onFailure", actionIndex, "name"];
      if (!allowed[action.type].includes(stateOf(action))) {
        report(
          path,
          "action-name",
          `a ${action.type} is not named ${action.name}`,
          `name it ${allowed[action.type].join(", ")}`,
        );
      } else if (!action.criteria && stateOf(action) !== "unknown") {
        report(path, "action-name", `${action.name} has no criteria`, "only unknown takes whatever is left");
      }
    }
  }
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
