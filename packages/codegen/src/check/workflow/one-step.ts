import {
  credentialInputs,
  meetsAll,
  oneStepOf,
  type Path,
  readingsOf,
  type Step,
  stateOf,
  wordsOf,
} from "@outhaul/spec";
import type { ArazzoContext, LocatedWorkflow } from "../context/context.js";
import { parsed } from "./parsed.js";

/** Codes that mean something else than that there is nothing to export: the file, or a request that may succeed later. */
const TAKEN = [200, 206, 401, 408, 425, 429, 500, 502, 503, 504];

/** Checks a workflow of one step: the client sends its request when the file is asked for, and knows only the reply to it. */
export function checkOneStep(context: ArazzoContext, { workflow, at }: LocatedWorkflow): void {
  const { operations, report } = context;
  const step = oneStepOf(workflow);
  const operation = operations.get(step?.operationId ?? "");
  if (!step || operation?.method !== "GET") return;
  const path = [...at, "steps", 0];
  const unused: readonly (readonly [where: Path, what: string, isThere: boolean])[] = [
    [[...path, "x-create"], "x-create", step["x-create"] !== undefined],
    [[...path, "outputs"], "outputs", step.outputs !== undefined],
    [[...path, "x-next-page"], "x-next-page", step["x-next-page"] !== undefined],
    [[...path, "x-part-number"], "x-part-number", step["x-part-number"] !== undefined],
    [[...at, "x-cancel"], "x-cancel", workflow["x-cancel"] !== undefined],
  ];
  for (const [where, what, isThere] of unused)
    if (isThere)
      report(
        where,
        "one-step",
        `${workflow.workflowId} has one step, and no use for ${what}`,
        "its reply is the file: nothing is started, named or cancelled; a start, a poll and a download are three steps",
      );
  checkSuccess(context, step, [...path, "successCriteria"]);
  checkEmpty(context, step, [...path, "onFailure"]);
  for (const [name, schema] of Object.entries(workflow.inputs.properties ?? {}))
    if (schema.format === "password" && !credentialInputs(workflow).includes(name))
      report(
        [...at, "inputs", "properties", name],
        "one-step",
        `${name} is a secret, and the request of a workflow of one step is in its resume tokens`,
        "carry it by a security scheme, which the workflow's parameters name",
      );
}

function checkSuccess({ report }: ArazzoContext, { successCriteria = [] }: Step, at: Path): void {
  const tests = successCriteria.map(parsed);
  const isPlain = tests.every((test) => test && readingsOf([test]).every(({ kind }) => kind === "status"));
  const known = tests.filter((test) => test !== undefined);
  if (isPlain && meetsAll(known, replyWith(200))) return;
  report(
    at,
    "one-step",
    "the reply to a workflow of one step is the file, and only its status is looked at",
    "write - condition: $statusCode == 200; an error with the code 200 is told by x-errors.when",
  );
}

function checkEmpty(
  { operations, report }: ArazzoContext,
  { onFailure = [], operationId }: Step,
  at: Path,
): void {
  for (const [index, action] of onFailure.entries()) {
    const where = [...at, index];
    const tests = (action.criteria ?? []).map(parsed).filter((test) => test !== undefined);
    if (action.type !== "end" || stateOf(action) !== "empty") {
      report(
        where,
        "one-step",
        `a workflow of one step cannot be ${stateOf(action)}`,
        "its only action is { name: empty, type: end, … }; every other refusal is an error, and 429 and 5xx are waited out",
      );
      continue;
    }
    const codes = wordsOf(tests, ({ kind }) => kind === "status").map(Number);
    const isByStatus = tests.every((test) => readingsOf([test]).every(({ kind }) => kind === "status"));
    const isOther = TAKEN.find((code) => meetsAll(tests, replyWith(code)));
    const wrong = codes.find((code) => code !== 204 && (code < 400 || code > 499));
    if (codes.length === 0 || !isByStatus || isOther !== undefined || wrong !== undefined)
      report(
        where,
        "one-step",
        isOther === undefined && wrong === undefined
          ? `${action.name} is not told by the status alone`
          : `${action.name} takes ${isOther ?? wrong}, which says something else`,
        "write - condition: $statusCode == 404",
      );
    else if (
      !operations.get(operationId)?.replies.some(({ status }) => meetsAll(tests, replyWith(Number(status))))
    )
      report(
        where,
        "example-missing",
        `no reply of ${operationId} in openapi.yaml is an example of empty`,
        "add one: the sandbox answers with it",
      );
    if (index > 0)
      report(
        where,
        "one-step",
        `${action.name} stands beside another action`,
        "one condition can name several codes: $statusCode == 404 || $statusCode == 410",
      );
  }
}

function replyWith(status: number) {
  return { status, headers: new Headers(), body: undefined };
}
