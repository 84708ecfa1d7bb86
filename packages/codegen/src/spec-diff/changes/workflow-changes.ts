import {
  type Arazzo,
  credentialInputs,
  type OpenApi,
  readOperations,
  requestFields,
  type Step,
  type Workflow,
} from "@outhaul/spec";
import { planWorkflow } from "../../plan/plan-workflow.js";
import type { Field, Output, WorkflowPlan } from "../../plan/workflow-plan.js";
import { type Bump, type Change, code, listChanges, listed } from "./change.js";

/** A version of a vendor's two files. */
export interface SpecVersion {
  readonly openapi: OpenApi;
  readonly arazzo: Arazzo;
}

/** What is different in the exports of a vendor. */
export function workflowChanges(base: SpecVersion, now: SpecVersion): Change[] {
  const [before, after] = [plansOf(base), plansOf(now)];
  return [
    ...[...before.keys()]
      .filter((name) => !after.has(name))
      .map(
        (name): Change => ({
          bump: "major",
          text: `The export ${code(name)} is gone, and resume tokens of its jobs with it`,
        }),
      ),
    ...[...after].flatMap(([name, plan]): Change[] => {
      const old = before.get(name);
      return old
        ? exportChanges(name, old, plan)
        : [{ bump: "minor", text: `There is a new export ${code(name)}` }];
    }),
  ];
}

interface ExportPlan extends WorkflowPlan {
  readonly isOpen: boolean;
}

function plansOf({ openapi, arazzo }: SpecVersion): Map<string, ExportPlan> {
  const operations = new Map(readOperations(openapi).map((operation) => [operation.id, operation]));
  return new Map(
    arazzo.workflows.map((workflow) => {
      const understood = planWorkflow(workflow, operations);
      return [
        workflow.workflowId,
        { ...understood, isOpen: requestFields(openapi, understood.start.operation).isOpen },
      ];
    }),
  );
}

function exportChanges(name: string, before: ExportPlan, after: ExportPlan): Change[] {
  const changes: Change[] = [];
  const say = (bump: Bump, text: string, atRunTime?: true): void => {
    changes.push({ bump, text: `${code(name)}: ${text}`, ...(atRunTime ? { atRunTime } : {}) });
  };
  const differ = (one: unknown, other: unknown): boolean => asText(one) !== asText(other);

  if (before.start.operation.id !== after.start.operation.id)
    say("major", `is started by ${code(after.start.operation.id)}, whose request is its own`);
  for (const place of ["path", "query", "body"] as const) literalChanges(before, after, place, say);
  if (differ(literalsOf(before.start.request.header), literalsOf(after.start.request.header)))
    say("patch", "other headers are sent at its start", true);
  if (differ(before.start.accepted, after.start.accepted))
    say("patch", "another reply means that the job was accepted", true);
  if (differ(before.find, after.find)) {
    if (!before.find && after.find)
      say(
        "minor",
        `a job whose reply was lost is found again; ${code(after.find.unique)} gets a suffix for it`,
        true,
      );
    else if (before.find && !after.find)
      say("minor", "a job whose reply was lost is not looked for any more", true);
    else say("minor", "a job whose reply was lost is looked for in another way", true);
  }
  tokenChanges(before, after, say);

  if (before.poll.operation.id !== after.poll.operation.id)
    say(
      "major",
      `is asked for by ${code(after.poll.operation.id)}: ${code("snapshot.raw")} is of another type`,
    );
  else if (differ(bodyKeys(before), bodyKeys(after)))
    say("major", `${code("snapshot.raw")} is of another type`);
  else if (differ(before.poll.request, after.poll.request)) say("patch", "is asked for in another way", true);
  stateChanges(before, after, say);
  if (before.poll.adviceMs !== after.poll.adviceMs)
    say(
      "patch",
      after.poll.adviceMs === undefined
        ? "no interval is advised for asking"
        : `is asked for every ${after.poll.adviceMs / 1000} s, as the vendor advises`,
      true,
    );
  knownChanges(before, after, say);
  if (differ(downloadOf(before), downloadOf(after))) say("patch", "the file is fetched in another way", true);
  cancelChanges(before, after, say);
  if (differ(docsOf(before.workflow), docsOf(after.workflow)))
    say("patch", "its documentation says something else");
  return changes;
}

type Say = (bump: Bump, text: string, atRunTime?: true) => void;

/** A field that is always sent with one value is no field of the request. */
function literalChanges(
  before: ExportPlan,
  after: ExportPlan,
  place: "path" | "query" | "body",
  say: Say,
): void {
  const [old, now] = [omittedFields(before, place), omittedFields(after, place)];
  for (const [field, value] of now) {
    if (!old.has(field)) say("major", `${code(field)} is always ${value}, and cannot be given any more`);
    else if (old.get(field) !== value)
      say("major", `${code(field)} is always ${value}, and was ${old.get(field)}`, true);
  }
  for (const field of old.keys()) {
    if (now.has(field)) continue;
    const { operation } = after.start;
    const schema = operation.body?.schema;
    const isRequired =
      place === "body"
        ? (schema?.required?.includes(field) ?? true) // behind a reference: it may be
        : operation.parameters.some((parameter) => parameter.name === field && parameter.required);
    say(isRequired ? "major" : "minor", `${code(field)} ${isRequired ? "has to" : "can"} be given`);
  }
}

/** A body that takes any field keeps all of them in its type. */
function omittedFields({ start, isOpen }: ExportPlan, place: "path" | "query" | "body"): Map<string, string> {
  return place === "body" && isOpen ? new Map() : literalsOf(start.request[place]);
}

function literalsOf(fields: readonly Field[]): Map<string, string> {
  return new Map(
    fields.flatMap(({ name, value }) =>
      value.kind === "literal" ? [[name, code(asText(value.value))]] : [],
    ),
  );
}

/** A resume token holds what later steps need of the start. One that was made before holds what they needed then. */
function tokenChanges(before: ExportPlan, after: ExportPlan, say: Say): void {
  const held = ({ start }: WorkflowPlan): Map<string, string> =>
    new Map([
      ...start.keep.map((name): [string, string] => [name, "the request"]),
      ...start.outputs.map(({ name, reading }): [string, string] => [name, asText(reading)]),
    ]);
  const [old, now] = [held(before), held(after)];
  const missing = [...now.keys()].filter((name) => !old.has(name));
  const other = [...now]
    .filter(([name, origin]) => old.has(name) && old.get(name) !== origin)
    .map(([name]) => name);
  if (missing.length > 0) say("major", `resume tokens made before lack ${listed(missing)}`, true);
  if (other.length > 0) say("major", `resume tokens made before hold another ${listed(other)}`, true);
}

function stateChanges(before: ExportPlan, after: ExportPlan, say: Say): void {
  const testsOf = ({ poll }: WorkflowPlan): Map<string, string[]> => {
    const found = new Map<string, string[]>();
    for (const { state, tests } of poll.states)
      if (state !== "unknown") found.set(state, [...(found.get(state) ?? []), asText(tests)]);
    return found;
  };
  const [old, now] = [testsOf(before), testsOf(after)];
  const { added, removed } = listChanges([...old.keys()], [...now.keys()]);
  if (added.length > 0) say("minor", `a job may turn out to be ${listed(added)}`, true);
  if (removed.length > 0) say("minor", `a job does not turn out to be ${listed(removed)} any more`, true);
  const other = [...now]
    .filter(([state, tests]) => old.has(state) && asText(old.get(state)) !== asText(tests))
    .map(([state]) => state);
  if (other.length > 0) say("minor", `other words of the vendor mean ${listed(other)}`, true);
  else if (added.length + removed.length === 0 && asText([...old.keys()]) !== asText([...now.keys()]))
    say("minor", "the states are looked for in another order", true);
}

function knownChanges(before: ExportPlan, after: ExportPlan, say: Say): void {
  const meanings = {
    progressDone: "progress",
    progressTotal: "progress",
    fileName: "the file's name",
    failureReason: "why a job failed",
  };
  for (const [name, what] of Object.entries(meanings)) {
    const key = name as keyof typeof meanings; // it is one of them
    const [old, now] = [before.poll.known[key], after.poll.known[key]];
    if (asText(old) === asText(now)) continue;
    if (!old) say("minor", `tells ${what} (${code(name)})`, true);
    else if (!now) say("minor", `does not tell ${what} any more (${code(name)})`, true);
    else say("patch", `${what} is read elsewhere (${code(name)})`, true);
  }
  const outputs = ({ poll }: WorkflowPlan): Output[] => [...poll.outputs];
  if (asText(outputs(before)) !== asText(outputs(after)))
    say("patch", "what the download needs is read elsewhere", true);
}

function cancelChanges(before: ExportPlan, after: ExportPlan, say: Say): void {
  const requestOf = ({ cancel }: WorkflowPlan): string =>
    asText(cancel && [cancel.operation.id, cancel.request]);
  if (!before.cancel && after.cancel) say("minor", `${code("cancel()")} stops the job`, true);
  else if (before.cancel && !after.cancel)
    say("major", `${code("cancel()")} cannot stop the job any more`, true);
  else if (requestOf(before) !== requestOf(after))
    say("patch", `${code("cancel()")} stops the job in another way`, true);
}

function downloadOf({ download }: WorkflowPlan): unknown {
  return download && [download.operation.id, download.request, download.fileUrl];
}

function bodyKeys({ poll }: WorkflowPlan): unknown {
  return poll.bodies.map(({ status, contentType }) => [status, contentType]);
}

function docsOf(workflow: Workflow): unknown {
  const start: Step | undefined = workflow.steps[0];
  const credentials = credentialInputs(workflow);
  return [
    workflow.summary,
    workflow.description,
    workflow["x-docs"]?.map(({ url }) => url),
    workflow.inputs.examples?.[0],
    start?.description,
    credentials,
  ];
}

/** Any parsed value as a text to compare: patterns of criteria are objects of their own. */
function asText(value: unknown): string {
  return value === undefined
    ? ""
    : JSON.stringify(value, (_, inner) =>
        inner instanceof RegExp ? String(inner) : inner instanceof Map ? [...inner] : inner,
      );
}
