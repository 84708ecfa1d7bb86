import {
  credentialInputs,
  expressionsOf,
  follow,
  mediaTypeOf,
  type Operation,
  type Path,
  parseValue,
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
    if (!operation) continue;
    const path = [...at, "steps", index];
    checkParameters(context, operation, step.parameters, path);
    checkContentType(context, operation, step, path);
    if (index > 0) checkBody(context, operation, step, path);
  }
  const cancel = workflow["x-cancel"];
  const cancelOperation = operations.get(cancel?.operationId ?? "");
  if (cancel && cancelOperation) {
    const path = [...at, "x-cancel"];
    checkParameters(context, cancelOperation, cancel.parameters, path);
    checkContentType(context, cancelOperation, cancel, path);
    checkBody(context, cancelOperation, cancel, path);
  }

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
    const parsed = parseValue(value);
    if (!parsed || expressionsOf(parsed).length === 0 || value === `$inputs.${name}`) return;
    report(
      path,
      "request-field",
      `${name} is sent as ${JSON.stringify(value)}`,
      `send $inputs.${name}, or a literal`,
    );
  };
  for (const [index, { name, in: location, value }] of (step.parameters ?? []).entries()) {
    const path = [...at, "parameters", index];
    const parsed = parseValue(value);
    if (location === "header" && parsed && expressionsOf(parsed).length > 0)
      report(
        path,
        "request-field",
        `the header ${name} is sent as ${JSON.stringify(value)}`,
        "the start sends a literal; what an account needs in every request is a security scheme: apiKey, in: header",
      );
    else check(name, value, path);
  }
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

type Sender = Pick<Step, "operationId" | "requestBody">;

/** Checks that a step names the content type that the client sends. */
function checkContentType(
  { report }: ArazzoContext,
  { id, body }: Operation,
  { requestBody }: Sender,
  at: Path,
): void {
  const { contentType, payload } = requestBody ?? {};
  if (!body) {
    if (payload)
      report(
        [...at, "requestBody"],
        "request-body",
        `${id} takes no body`,
        "declare it in openapi.yaml, or leave it out",
      );
  } else if (contentType !== undefined && mediaTypeOf(contentType) !== mediaTypeOf(body.contentType)) {
    report(
      [...at, "requestBody", "contentType"],
      "request-body",
      `${id} is sent as ${body.contentType}, not as ${contentType}`,
      "the client sends the first content type of the operation that it can write",
    );
  }
}

/** Checks that a step after the start sends what the body of its operation needs. */
function checkBody(
  { document, report }: ArazzoContext,
  operation: Operation,
  { requestBody }: Sender,
  at: Path,
): void {
  const { id, body } = operation;
  if (!body) return;
  const sent = requestBody?.payload;
  if (!sent) {
    if (body.required)
      report(at, "request-body", `${id} needs a body`, "send it: requestBody: { payload: { field: value } }");
    return;
  }
  const { body: names, isOpen } = requestFields(document, operation);
  for (const name of Object.keys(sent)) {
    if (isOpen || names.includes(name)) continue;
    report(
      [...at, "requestBody", "payload", name],
      "request-body",
      `the body of ${id} has no field ${name}`,
      `it has ${names.join(", ") || "none"}`,
    );
  }
  const required = body.schema ? follow(document, body.schema, []).value.required : undefined;
  for (const name of required ?? []) {
    if (!(name in sent))
      report(
        [...at, "requestBody"],
        "request-body",
        `the body of ${id} needs ${name}`,
        "add it to the payload",
      );
  }
}
