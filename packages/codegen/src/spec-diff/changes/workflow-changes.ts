import {
  type Arazzo,
  credentialInputs,
  type FieldRule,
  fieldRules,
  type OpenApi,
  readOperations,
  requestFields,
  type Step,
  type Workflow,
} from "@outhaul/spec";
import { planWorkflow } from "../../plan/plan-workflow.js";
import type { Field, Output, WorkflowPlan } from "../../plan/workflow-plan.js";
import { type AddChange, type Change, code, documentationChange, listChanges, listed } from "./change.js";
import { downloadChanges } from "./download-changes.js";
import { asText } from "./plan-text.js";

/** A version of a vendor's two files. */
export interface SpecVersion {
  readonly openapi: OpenApi;
  readonly arazzo: Arazzo;
}

/** Finds the changes of a vendor's workflows. */
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
  readonly rules: readonly FieldRule[];
}

function plansOf({ openapi, arazzo }: SpecVersion): Map<string, ExportPlan> {
  const operations = new Map(readOperations(openapi).map((operation) => [operation.id, operation]));
  return new Map(
    arazzo.workflows.map((workflow) => {
      const plan = planWorkflow(workflow, operations);
      const { operation, request } = plan.start;
      const { isOpen } = requestFields(openapi, operation);
      const rules = fieldRules(openapi, operation.body?.schema, [...literalsOf(request.body).keys()]);
      return [workflow.workflowId, { ...plan, isOpen, rules }];
    }),
  );
}

function exportChanges(name: string, before: ExportPlan, after: ExportPlan): Change[] {
  const changes: Change[] = [];
  const add: AddChange = (bump, text, atRunTime) => {
    changes.push({ bump, text: `${code(name)}: ${text}`, ...(atRunTime ? { atRunTime } : {}) });
  };
  const isDifferent = (one: unknown, other: unknown): boolean => asText(one) !== asText(other);

  if (before.start.operation.id !== after.start.operation.id)
    add("major", `is started by ${code(after.start.operation.id)}, whose request is its own`);
  for (const location of ["path", "query", "body"] as const) literalChanges(before, after, location, add);
  ruleChanges(before.rules, after.rules, add);
  if (isDifferent(literalsOf(before.start.request.header), literalsOf(after.start.request.header)))
    add("patch", "other headers are sent at its start", true);
  if (isDifferent(before.start.accepted, after.start.accepted))
    add("patch", "another reply means that the job was accepted", true);
  if (isDifferent(before.find, after.find)) {
    if (!before.find && after.find)
      add(
        "minor",
        `a job whose reply was lost is found again; ${code(after.find.unique)} gets a suffix for it`,
        true,
      );
    else if (before.find && !after.find)
      add("minor", "a job whose reply was lost is not looked for any more", true);
    else add("minor", "a job whose reply was lost is looked for in another way", true);
  }
  if (!before.oneStep !== !after.oneStep)
    add(
      "major",
      after.oneStep
        ? `one request is the whole export: ${code("snapshot.raw")} is gone, and resume tokens made before lack the request`
        : "is started and waited for: resume tokens made before name no job of the vendor",
    );
  tokenChanges(before, after, add);

  if (isDifferent(before.further, after.further))
    add(
      "patch",
      after.further
        ? `${code(after.further.operation.id)} is sent between the start and the first poll`
        : "nothing is sent between the start and the first poll any more",
      true,
    );
  if (!before.poll.link !== !after.poll.link)
    add(
      "major",
      after.poll.link
        ? `is asked for at a link of the start's reply: ${code("snapshot.raw")} is a text, and resume tokens made before lack the link`
        : `is asked for by ${code(after.poll.operation.id)}, and not at a link any more: ${code("snapshot.raw")} is of another type`,
    );
  else if (before.poll.operation.id !== after.poll.operation.id)
    add(
      "major",
      `is asked for by ${code(after.poll.operation.id)}: ${code("snapshot.raw")} is of another type`,
    );
  else if (isDifferent(bodyKeys(before), bodyKeys(after)))
    add("major", `${code("snapshot.raw")} is of another type`);
  else if (isDifferent(before.poll.request, after.poll.request))
    add("patch", "is asked for in another way", true);
  if (before.poll.link && after.poll.link && isDifferent(before.poll.link.reading, after.poll.link.reading))
    add("patch", "the link to the file is read elsewhere", true);
  stateChanges(before, after, add);
  if (before.poll.adviceMs !== after.poll.adviceMs)
    add(
      "patch",
      after.poll.adviceMs === undefined
        ? "no interval is advised for asking"
        : `is asked for every ${after.poll.adviceMs / 1000} s, as the vendor advises`,
      true,
    );
  knownChanges(before, after, add);
  downloadChanges(before, after, add);
  cancelChanges(before, after, add);
  if (isDifferent(docsOf(before.workflow), docsOf(after.workflow)))
    changes.push(documentationChange(`the export ${code(name)}`));
  return changes;
}

/** Finds the fields of the request that got another fixed value, or lost it: the type of the request leaves out fields with one. */
function literalChanges(
  before: ExportPlan,
  after: ExportPlan,
  location: "path" | "query" | "body",
  add: AddChange,
): void {
  const [old, now] = [omittedFields(before, location), omittedFields(after, location)];
  for (const [field, value] of now) {
    if (!old.has(field)) add("major", `${code(field)} is always ${value}, and cannot be given any more`);
    else if (old.get(field) !== value)
      add("major", `${code(field)} is always ${value}, and was ${old.get(field)}`, true);
  }
  for (const field of old.keys()) {
    if (now.has(field)) continue;
    const { operation } = after.start;
    const schema = operation.body?.schema;
    const isRequired =
      location === "body"
        ? (schema?.required?.includes(field) ?? true) // behind a reference: it may be
        : operation.parameters.some((parameter) => parameter.name === field && parameter.required);
    add(isRequired ? "major" : "minor", `${code(field)} ${isRequired ? "has to" : "can"} be given`);
  }
}

/** Finds rules between the fields of the request that its type holds users to. */
function ruleChanges(before: readonly FieldRule[], after: readonly FieldRule[], add: AddChange): void {
  const { added, removed } = listChanges(before.map(ruleText), after.map(ruleText));
  for (const text of added) add("major", text);
  for (const text of removed) add("minor", `no longer: ${text}`);
}

function ruleText(rule: FieldRule): string {
  switch (rule.kind) {
    case "some":
      return `one of ${listed(rule.fields)} has to be given`;
    case "apart":
      return `${listed(rule.fields)} cannot be given together`;
    case "together":
      return `with ${code(rule.field)}, ${listed(rule.needs)} ${rule.needs.length > 1 ? "have" : "has"} to be given`;
  }
}

/** The fixed fields that the type of the request leaves out. A body that takes any field keeps them. */
function omittedFields(
  { start, isOpen }: ExportPlan,
  location: "path" | "query" | "body",
): Map<string, string> {
  return location === "body" && isOpen ? new Map() : literalsOf(start.request[location]);
}

function literalsOf(fields: readonly Field[]): Map<string, string> {
  return new Map(
    fields.flatMap(({ name, value }) =>
      value.kind === "literal" ? [[name, code(asText(value.value))]] : [],
    ),
  );
}

/** Finds changes that break resume tokens, which hold what later steps need from the start. */
function tokenChanges(before: ExportPlan, after: ExportPlan, add: AddChange): void {
  const heldBy = ({ start }: WorkflowPlan): Map<string, string> =>
    new Map([
      ...start.keep.map((name): [string, string] => [name, "the request"]),
      ...start.outputs.map(({ name, reading }): [string, string] => [name, asText(reading)]),
    ]);
  const [old, now] = [heldBy(before), heldBy(after)];
  const missing = [...now.keys()].filter((name) => !old.has(name));
  const other = [...now]
    .filter(([name, origin]) => old.has(name) && old.get(name) !== origin)
    .map(([name]) => name);
  if (missing.length > 0) add("major", `resume tokens made before lack ${listed(missing)}`, true);
  if (other.length > 0) add("major", `resume tokens made before hold another ${listed(other)}`, true);
}

function stateChanges(before: ExportPlan, after: ExportPlan, add: AddChange): void {
  const testsOf = ({ poll }: WorkflowPlan): Map<string, string[]> => {
    const found = new Map<string, string[]>();
    for (const { state, tests } of poll.states)
      if (state !== "unknown") found.set(state, [...(found.get(state) ?? []), asText(tests)]);
    return found;
  };
  const [old, now] = [testsOf(before), testsOf(after)];
  const { added, removed } = listChanges([...old.keys()], [...now.keys()]);
  if (added.length > 0) add("minor", `a job may turn out to be ${listed(added)}`, true);
  if (removed.length > 0) add("minor", `a job does not turn out to be ${listed(removed)} any more`, true);
  const other = [...now]
    .filter(([state, tests]) => old.has(state) && asText(old.get(state)) !== asText(tests))
    .map(([state]) => state);
  if (other.length > 0) add("minor", `other words of the vendor mean ${listed(other)}`, true);
  else if (added.length + removed.length === 0 && asText([...old.keys()]) !== asText([...now.keys()]))
    add("minor", "the states are looked for in another order", true);
}

function knownChanges(before: ExportPlan, after: ExportPlan, add: AddChange): void {
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
    if (!old) add("minor", `tells ${what} (${code(name)})`, true);
    else if (!now) add("minor", `does not tell ${what} any more (${code(name)})`, true);
    else add("patch", `${what} is read elsewhere (${code(name)})`, true);
  }
  const outputs = ({ poll }: WorkflowPlan): Output[] => [...poll.outputs];
  if (asText(outputs(before)) !== asText(outputs(after)))
    add("patch", "what the download needs is read elsewhere", true);
}

function cancelChanges(before: ExportPlan, after: ExportPlan, add: AddChange): void {
  const requestOf = ({ cancel }: WorkflowPlan): string =>
    asText(cancel && [cancel.operation.id, cancel.request]);
  if (!before.cancel && after.cancel) add("minor", `${code("cancel()")} stops the job`, true);
  else if (before.cancel && !after.cancel)
    add("major", `${code("cancel()")} cannot stop the job any more`, true);
  else if (requestOf(before) !== requestOf(after))
    add("patch", `${code("cancel()")} stops the job in another way`, true);
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
