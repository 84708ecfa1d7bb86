import type { Step, StepParameter } from "../arazzo.js";
import { credentialInputs } from "../credential-inputs.js";
import type { Operation } from "../openapi.js";
import { type RequestFields, requestFields } from "../request-fields.js";
import type { Path } from "../source.js";
import { schemaValidators } from "./examples.js";
import type { ArazzoContext } from "./report.js";
import type { LocatedWorkflow } from "./workflows.js";

/** Whether the steps send what their operations take, and the start's flat request can be taken apart again. */
export function checkRequest(context: ArazzoContext, located: LocatedWorkflow): void {
  const { workflow, at } = located;
  const { operations, document, report } = context;
  for (const [index, step] of workflow.steps.entries()) {
    const operation = operations.get(step.operationId);
    if (operation) checkParameters(context, operation, step.parameters, [...at, "steps", index]);
  }
  const cancel = operations.get(workflow["x-cancel"]?.operationId ?? "");
  if (cancel) checkParameters(context, cancel, workflow["x-cancel"]?.parameters, [...at, "x-cancel"]);

  const [start] = workflow.steps;
  const operation = operations.get(start?.operationId ?? "");
  if (!start || !operation) return;
  const fields = requestFields(document, operation);
  const where = [...at, "steps", 0];
  const all = [...fields.path, ...fields.query, ...fields.body];
  for (const name of new Set(all.filter((one, index) => all.indexOf(one) !== index))) {
    report(
      [...where, "operationId"],
      "request-clash",
      `${operation.id} has ${name} in two places`,
      "a flat request cannot tell them apart",
    );
  }
  checkOwnNames(context, start, fields, where);
  const credentials = credentialInputs(workflow);
  for (const name of Object.keys(workflow.inputs.properties ?? {})) {
    if (credentials.includes(name) || all.includes(name) || fields.isOpen) continue;
    report(
      [...at, "inputs", "properties", name],
      "request-field",
      `${name} is neither a credential nor a field of ${operation.id}`,
      `its fields are ${all.join(", ")}`,
    );
  }
  checkInputsExample(context, located, operation, fields);
}

function checkParameters(
  { report }: ArazzoContext,
  operation: Operation,
  sent: readonly StepParameter[] = [],
  at: Path,
): void {
  for (const [index, { name, in: place }] of sent.entries()) {
    const isKnown = operation.parameters.some(
      (parameter) => parameter.name === name && parameter.in === place,
    );
    if (isKnown || (place === "header" && name.toLowerCase() === "accept")) continue;
    report(
      [...at, "parameters", index],
      "parameter-unknown",
      `${operation.id} has no parameter ${name} in: ${place}`,
      "correct the name or the place, or declare it in openapi.yaml",
    );
  }
  for (const parameter of operation.parameters) {
    const isSent = sent.some(({ name, in: place }) => parameter.name === name && parameter.in === place);
    if (!parameter.required || isSent) continue;
    report(
      at,
      "parameter-missing",
      `${operation.id} needs ${parameter.name} in: ${parameter.in}`,
      "add it to the step's parameters",
    );
  }
}

function checkOwnNames({ report }: ArazzoContext, step: Step, fields: RequestFields, at: Path): void {
  const check = (name: string, value: unknown, path: Path): void => {
    if (!JSON.stringify(value)?.includes("$") || value === `$inputs.${name}`) return;
    report(
      path,
      "request-field",
      `${name} is sent as ${JSON.stringify(value)}`,
      `send $inputs.${name}, or a literal`,
    );
  };
  for (const [index, { name, value }] of (step.parameters ?? []).entries())
    check(name, value, [...at, "parameters", index]);
  for (const [name, value] of Object.entries(step.requestBody?.payload ?? {})) {
    const path = [...at, "requestBody", "payload", name];
    check(name, value, path);
    if (!fields.isOpen && !fields.body.includes(name)) {
      report(
        path,
        "request-field",
        `the body has no field ${name}`,
        `it has ${fields.body.join(", ") || "none"}`,
      );
    }
  }
}

function checkInputsExample(
  { document, report }: ArazzoContext,
  { workflow, at }: LocatedWorkflow,
  operation: Operation,
  fields: RequestFields,
): void {
  const [example] = workflow.inputs.examples ?? [];
  if (!example) {
    report(
      [...at, "inputs"],
      "inputs-example",
      "inputs has no examples",
      "examples: [{ … }] is a complete request",
    );
    return;
  }
  const path = [...at, "inputs", "examples", 0];
  const say = (message: string): void =>
    report(path, "inputs-example", message, "the README, the sandbox's run and Respect send this example");
  const [start] = workflow.steps;
  const sent = [
    ...(start?.parameters ?? []).map(({ name, value }): [string, unknown] => [name, value]),
    ...Object.entries(start?.requestBody?.payload ?? {}),
  ];
  const literals: Record<string, unknown> = {};
  for (const [name, value] of sent) {
    if (value !== `$inputs.${name}`) literals[name] = value;
  }
  const validators = schemaValidators(document);
  for (const parameter of operation.parameters) {
    const value = parameter.name ? (literals[parameter.name] ?? example[parameter.name]) : undefined;
    if (parameter.in === "header") continue;
    if (value === undefined && parameter.required)
      say(`the example lacks ${parameter.name}, which ${operation.id} needs`);
    if (value === undefined || !parameter.schema) continue;
    for (const problem of validators([...parameter.at, "schema"])(value))
      say(`${parameter.name}: ${problem}`);
  }
  if (!operation.body?.schema) return;
  const elsewhere = [...credentialInputs(workflow), ...fields.path, ...fields.query];
  const own = Object.entries(example).filter(([name]) => !elsewhere.includes(name));
  const inPayload = Object.entries(literals).filter(
    ([name]) =>
      !fields.path.includes(name) &&
      !fields.query.includes(name) &&
      name in (start?.requestBody?.payload ?? {}),
  );
  const body = Object.fromEntries([...own, ...inPayload]);
  for (const problem of validators([...operation.body.at, "schema"])(body).slice(0, 3))
    say(`the body that it makes: ${problem}`);
}
