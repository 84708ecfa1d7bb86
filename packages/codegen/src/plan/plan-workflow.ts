import {
  bodiesRead,
  type Expression,
  expressionsSent,
  type Operation,
  parseCriterion,
  parseReading,
  parseValue,
  pollOf,
  type Reading,
  readingsOf,
  type Step,
  type StepParameter,
  stateOf,
  type Workflow,
} from "@outhaul/spec";
import { kebabCase, pascalCase } from "../text/names.js";

import {
  type Field,
  knownOutputs,
  type Output,
  type StatePlan,
  type StepRequest,
  type WorkflowPlan,
} from "./workflow-plan.js";

/** Reads a workflow that has passed the checks. */
export function planWorkflow(workflow: Workflow, operations: ReadonlyMap<string, Operation>): WorkflowPlan {
  const operation = (id: string): Operation => found(operations.get(id), `the operation ${id}`);
  const [start, second, download] = workflow.steps;
  const first = found(start, "a first step");
  const poll = found(pollOf(workflow) ?? second, "a poll");
  const cancel = workflow["x-cancel"];
  const safety = first["x-create"] ?? "none";

  const states: StatePlan[] = [
    { state: "succeeded", tests: (poll.successCriteria ?? []).map(parseCriterion) },
    ...(poll.onFailure ?? []).map((action) => ({
      state: stateOf(action),
      tests: (action.criteria ?? []).map(parseCriterion),
    })),
  ];
  const later = [poll, download].filter((step) => step !== undefined);
  const used = [...later, ...(cancel ? [cancel] : [])].flatMap(expressionsSent);
  const advice = poll.onFailure?.find((action) => stateOf(action) === "running")?.retryAfter;
  const bodyReadings = readingsOf(states[0]?.tests ?? []).filter(
    (one) => one.kind === "body" && one.pointer.length > 0, // a whole body is no word
  );
  const fileUrl = download?.outputs?.["fileUrl"];

  return {
    workflow,
    name: workflow.workflowId,
    file: kebabCase(workflow.workflowId),
    typeName: pascalCase(workflow.workflowId),
    start: {
      operation: operation(first.operationId),
      bodies: bodiesRead(operation(first.operationId)),
      request: requestOf(first),
      accepted: (first.successCriteria ?? []).map(parseCriterion),
      outputs: outputsOf(first, (name) => name === "id" || isUsed(used, first, name)),
      keep: [...new Set(used.flatMap((one) => (one.kind === "input" ? [one.name] : [])))],
    },
    ...(safety === "none" ? {} : { find: { unique: safety.unique, match: reading(safety.match) } }),
    poll: {
      operation: operation(poll.operationId),
      bodies: bodiesRead(
        operation(poll.operationId),
        states.map(({ tests }) => tests),
      ),
      request: requestOf(poll),
      states,
      ...(bodyReadings[0] ? { status: bodyReadings[0] } : {}),
      outputs: outputsOf(poll, (name) => isUsed(used, poll, name)),
      known: Object.fromEntries(
        knownOutputs.flatMap((name) => (poll.outputs?.[name] ? [[name, reading(poll.outputs[name])]] : [])),
      ),
      ...(advice === undefined ? {} : { adviceMs: Math.round(advice * 1000) }),
    },
    ...(download
      ? {
          download: {
            operation: operation(download.operationId),
            bodies: bodiesRead(operation(download.operationId)),
            request: requestOf(download),
            ...(fileUrl === undefined ? {} : { fileUrl: reading(fileUrl) }),
          },
        }
      : {}),
    ...(cancel ? { cancel: { operation: operation(cancel.operationId), request: requestOf(cancel) } } : {}),
  };
}

function requestOf({ parameters = [], requestBody }: Pick<Step, "parameters" | "requestBody">): StepRequest {
  const field = (name: string, value: unknown): Field => ({
    name,
    value: found(parseValue(value), `the value of ${name}`),
  });
  const at = (place: StepParameter["in"]): Field[] =>
    parameters.filter((parameter) => parameter.in === place).map(({ name, value }) => field(name, value));
  const body = Object.entries(requestBody?.payload ?? {}).map(([name, value]) => field(name, value));
  return { path: at("path"), query: at("query"), header: at("header"), body };
}

function outputsOf(step: Step, isWanted: (name: string) => boolean): Output[] {
  return Object.entries(step.outputs ?? {})
    .filter(([name]) => isWanted(name))
    .map(([name, text]) => ({ name, reading: reading(text) }));
}

function isUsed(used: readonly Expression[], step: Step, name: string): boolean {
  return used.some((one) => one.kind === "output" && one.step === step.stepId && one.name === name);
}

function reading(text: string): Reading {
  return found(parseReading(text), `the expression ${text}`);
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is not there, though the checks passed`);
  return value;
}
