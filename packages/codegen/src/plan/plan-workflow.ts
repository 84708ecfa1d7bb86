import {
  bodiesRead,
  type Expression,
  expressionsSent,
  filesOf,
  furtherStepOf,
  isGzipAtAddress,
  isLinkStep,
  LINK_OPERATION,
  linkOperation,
  type NextPage,
  type Operation,
  oneStepOf,
  parseCriterion,
  parseExpression,
  parsePointer,
  parseReading,
  parseValue,
  pollOf,
  type Reading,
  readingsOf,
  type Step,
  type StepParameter,
  stateOf,
  type Workflow,
  withLinks,
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

type FilesPlan = NonNullable<NonNullable<WorkflowPlan["download"]>["files"]>;

/** Plans the code of a workflow that has passed the checks. */
export function planWorkflow(given: Workflow, operations: ReadonlyMap<string, Operation>): WorkflowPlan {
  const workflow = withLinks(given);
  const operation = (id: string): Operation =>
    id === LINK_OPERATION ? linkOperation() : found(operations.get(id), `the operation ${id}`);
  const [first, second] = workflow.steps;
  const oneStep = oneStepOf(workflow);
  const start = found(first, "a first step");
  const poll = found(oneStep ?? pollOf(workflow) ?? second, "a poll");
  const further = furtherStepOf(workflow);
  const end = workflow.steps.at(-1);
  const last = end === poll && !oneStep ? undefined : end;
  const cancel = workflow["x-cancel"];
  const safety = start["x-create"] ?? "none";
  const later = [further, poll, last, cancel].filter((step) => step !== undefined);
  const used = oneStep ? [] : later.flatMap(expressionsSent); // the job holds the whole request then
  return {
    workflow,
    name: workflow.workflowId,
    file: kebabCase(workflow.workflowId),
    typeName: pascalCase(workflow.workflowId),
    start: planStart(start, operation(start.operationId), used),
    ...(safety === "none" ? {} : { find: { unique: safety.unique, match: reading(safety.match) } }),
    ...(oneStep ? { oneStep: planOneStep(oneStep) } : {}),
    ...(further ? { further: planFurther(further, poll, operation(further.operationId)) } : {}),
    poll: {
      ...planPoll(poll, operation(poll.operationId), used),
      ...(last || isLinkStep(poll) ? {} : { file: filesOf(operation(poll.operationId)) }),
      ...(isLinkStep(poll) ? planLink(start, poll) : {}),
    },
    ...(last ? { download: planDownload(last, operation(last.operationId), poll) } : {}),
    ...(cancel ? { cancel: { operation: operation(cancel.operationId), request: requestOf(cancel) } } : {}),
  };
}

function planOneStep({ onFailure = [] }: Step): NonNullable<WorkflowPlan["oneStep"]> {
  const action = onFailure.find((one) => stateOf(one) === "empty");
  return action ? { empty: (action.criteria ?? []).map(parseCriterion) } : {};
}

/** Where the start's reply has the link, and what is inside the file there, if that is gzip. */
function planLink(
  { outputs = {} }: Step,
  { "x-compressed-media-type": inside }: Step,
): Pick<WorkflowPlan["poll"], "link"> {
  const address = reading(found(outputs["fileUrl"], "the output fileUrl"));
  return { link: { reading: address, ...(inside === undefined ? {} : { inside }) } };
}

/** @param used the expressions in what later steps send */
function planStart(step: Step, operation: Operation, used: readonly Expression[]): WorkflowPlan["start"] {
  return {
    operation,
    bodies: bodiesRead(operation),
    request: requestOf(step),
    accepted: (step.successCriteria ?? []).map(parseCriterion),
    outputs: outputsOf(step, (name) => name === "id" || isUsed(used, step, name)),
    keep: [...new Set(used.flatMap((one) => (one.kind === "input" ? [one.name] : [])))],
  };
}

function planFurther(step: Step, poll: Step, operation: Operation): NonNullable<WorkflowPlan["further"]> {
  const action = poll.onFailure?.find(({ type, stepId }) => type === "goto" && stepId === step.stepId);
  return {
    operation,
    bodies: bodiesRead(operation),
    request: requestOf(step),
    accepted: (step.successCriteria ?? []).map(parseCriterion),
    due: (found(action, `an action that leads to ${step.stepId}`).criteria ?? []).map(parseCriterion),
  };
}

function planPoll(step: Step, operation: Operation, used: readonly Expression[]): WorkflowPlan["poll"] {
  const { successCriteria = [], onFailure = [], outputs = {} } = step;
  const succeeded = successCriteria.map(parseCriterion);
  const states: StatePlan[] = [
    { state: "succeeded", tests: succeeded },
    ...onFailure.map((action) => ({
      state: stateOf(action),
      tests: (action.criteria ?? []).map(parseCriterion),
    })),
  ];
  const advisedSeconds = onFailure.find((action) => stateOf(action) === "running")?.retryAfter;
  const status = readingsOf(succeeded).find((one) => one.kind === "body" && one.pointer.length > 0); // a whole body is no word
  return {
    operation,
    bodies: bodiesRead(
      operation,
      states.map(({ tests }) => tests),
    ),
    request: requestOf(step),
    states,
    ...(status ? { status } : {}),
    outputs: outputsOf(step, (name) => isUsed(used, step, name)),
    known: Object.fromEntries(
      knownOutputs.flatMap((name) => (outputs[name] ? [[name, reading(outputs[name])]] : [])),
    ),
    ...(advisedSeconds === undefined ? {} : { adviceMs: Math.round(advisedSeconds * 1000) }),
  };
}

function planDownload(step: Step, operation: Operation, poll: Step): NonNullable<WorkflowPlan["download"]> {
  const { compression } = step.outputs ?? {};
  const files = planFiles(step);
  const address = files ? firstOf(files) : step.outputs?.["fileUrl"];
  const nextPage = step["x-next-page"];
  const tests = (nextPage?.criteria ?? []).map(parseCriterion);
  return {
    operation,
    bodies: bodiesRead(operation, [tests]),
    request: withPart(requestOf(step), step),
    ...(address === undefined
      ? { file: filesOf(operation) }
      : { fileUrl: typeof address === "string" ? reading(address) : address }),
    ...(files ? { files } : {}),
    ...(nextPage
      ? { nextPage: { value: reading(nextPage.value), tests, ...requiredHeader(nextPage, operation) } }
      : {}),
    ...planPartNumber(step, poll),
    ...(address === undefined || compression === undefined ? {} : { compression: reading(compression) }),
    ...(step["x-trusted-origin"] === undefined ? {} : { trustedOrigin: step["x-trusted-origin"] }),
    ...(isGzipAtAddress(step) ? { inside: step["x-compressed-media-type"] ?? "" } : {}),
  };
}

/** The header that names the next page, if the spec says that every page has it. */
function requiredHeader({ value }: NextPage, { replies }: Operation): { header?: string } {
  const read = reading(value);
  const name = read.kind === "header" ? read.name.toLowerCase() : "";
  const isRequired = replies.some((reply) => reply.status === "200" && reply.requiredHeaders.includes(name));
  return isRequired ? { header: name } : {};
}

function planFiles({ outputs = {}, "x-file-url": item = "" }: Step): FilesPlan | undefined {
  const { fileUrls } = outputs;
  return fileUrls === undefined
    ? undefined
    : { list: reading(fileUrls), item: found(parsePointer(item), `the pointer ${item}`) };
}

/** The address of the first file of a list. */
function firstOf({ list, item }: FilesPlan): Reading {
  return list.kind === "body" ? { kind: "body", pointer: [...list.pointer, "0", ...item] } : list;
}

/** What the step sends as the number of a part is that of the first one. */
function planPartNumber(
  { parameters = [], "x-part-number": partNumber }: Step,
  { outputs = {} }: Step,
): Pick<NonNullable<WorkflowPlan["download"]>, "partNumber"> {
  if (!partNumber) return {};
  const first = parameters.find((one) => one.name === partNumber.name && one.in === partNumber.in);
  const count = parseExpression(partNumber.count);
  const text = count?.kind === "output" ? outputs[count.name] : undefined;
  return {
    partNumber: {
      first: Number(found(first, "the number of the first part").value),
      count: reading(found(text, "the number of parts")),
    },
  };
}

/** The request of one part: the job's reference has what the page before it said, or the number of the part. */
function withPart(request: StepRequest, step: Step): StepRequest {
  const { stepId, "x-next-page": nextPage, "x-part-number": partNumber } = step;
  const part = nextPage ?? partNumber;
  if (!part) return request;
  const value = { kind: "output", step: stepId, name: "nextPage" } as const;
  const others = request[part.in].filter(({ name }) => name !== part.name);
  return { ...request, [part.in]: [...others, { name: part.name, value }] };
}

function requestOf({ parameters = [], requestBody }: Pick<Step, "parameters" | "requestBody">): StepRequest {
  const field = (name: string, value: unknown): Field => ({
    name,
    value: found(parseValue(value), `the value of ${name}`),
  });
  const at = (location: StepParameter["in"]): Field[] =>
    parameters.filter((parameter) => parameter.in === location).map(({ name, value }) => field(name, value));
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
