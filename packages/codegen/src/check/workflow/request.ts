import {
  credentialInputs,
  type Operation,
  type Path,
  type RequestFields,
  requestFields,
  type Step,
  type StepParameter,
} from "@outhaul/spec";
import type { ArazzoContext, LocatedWorkflow } from "../context/context.js";

/** Checks that each step sends what its operation takes, and that the flat request of the start can be split again. */
export function checkRequest(context: ArazzoContext, { workflow, at }: LocatedWorkflow): void {
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
}

function checkParameters(
  { report }: ArazzoContext,
  operation: Operation,
  sent: readonly StepParameter[] = [],
  at: Path,
): void {
  for (const [index, { name, in: location }] of sent.entries()) {
    const isKnown = operation.parameters.some(
      (parameter) => parameter.name === name && parameter.in === location,
    );
    if (isKnown || (location === "header" && name.toLowerCase() === "accept")) continue;
    report(
      [...at, "parameters", index],
      "parameter-unknown",
      `${operation.id} has no parameter ${name} in: ${location}`,
      "correct the name or the place, or declare it in openapi.yaml",
    );
  }
  for (const parameter of operation.parameters) {
    const isSent = sent.some(
      ({ name, in: location }) => parameter.name === name && parameter.in === location,
    );
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
