import { pollOf, type Step, type StepParameter, stateOf, type Workflow } from "../language/arazzo.js";
import { parseCriterion, readingsOf, type Test } from "../language/criteria.js";
import {
  type Expression,
  parseReading,
  parseValue,
  type Reading,
  type Value,
} from "../language/expression.js";
import { expressionsSent } from "../language/expressions-sent.js";
import type { Operation } from "../language/operations.js";
import { bodiesRead, type ReplyBody } from "../language/reply-body.js";
import { kebabCase, pascalCase } from "../text/names.js";

/** A name and what is sent under it. */
export interface Field {
  readonly name: string;
  readonly value: Value;
}

/** What a step sends, sorted by place. */
export interface StepRequest {
  readonly path: readonly Field[];
  readonly query: readonly Field[];
  readonly header: readonly Field[];
  readonly body: readonly Field[];
}

/** A named value of a reply. */
export interface Output {
  readonly name: string;
  readonly reading: Reading;
}

/** A state and what tells it. */
export interface StatePlan {
  readonly state: string;
  readonly tests: readonly Test[];
}

/** A workflow of the profile, understood: what the generated code and the README are written from. */
export interface WorkflowPlan {
  readonly workflow: Workflow;
  readonly name: string;
  readonly file: string;
  readonly typeName: string;
  readonly start: {
    readonly operation: Operation;
    readonly bodies: readonly ReplyBody[];
    readonly request: StepRequest;
    readonly accepted: readonly Test[];
    readonly outputs: readonly Output[];
    /** Fields of the request that later steps use. */
    readonly keep: readonly string[];
  };
  /** The field that the client makes unique, and the value that shows it again. */
  readonly find?: { readonly unique: string; readonly match: Reading };
  readonly poll: {
    readonly operation: Operation;
    readonly bodies: readonly ReplyBody[];
    readonly request: StepRequest;
    readonly states: readonly StatePlan[];
    readonly status?: Reading;
    readonly outputs: readonly Output[];
    readonly known: Readonly<Partial<Record<KnownOutput, Reading>>>;
    readonly adviceMs?: number;
  };
  readonly download?: {
    readonly operation: Operation;
    readonly bodies: readonly ReplyBody[];
    readonly request: StepRequest;
    readonly fileUrl?: Reading;
  };
  readonly cancel?: { readonly operation: Operation; readonly request: StepRequest };
}

/** Outputs of a poll that have a meaning of their own. */
const knownOutputs = ["progressDone", "progressTotal", "fileName", "failureReason"] as const;

type KnownOutput = (typeof knownOutputs)[number];

/** Reads a workflow that has passed the checks. */
export function plan(workflow: Workflow, operations: ReadonlyMap<string, Operation>): WorkflowPlan {
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
