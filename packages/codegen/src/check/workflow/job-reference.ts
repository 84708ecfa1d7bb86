import {
  credentialInputs,
  type Expression,
  expressionsOf,
  expressionsSent,
  type Path,
  parseReading,
  parseValue,
  pollOf,
  requestFields,
  type Step,
} from "@outhaul/spec";
import type { ArazzoContext, LocatedWorkflow } from "../context/context.js";

/** Whether later steps find what they need in the job's reference, and nothing is in it that must not be. */
export function checkJobReference(context: ArazzoContext, located: LocatedWorkflow): void {
  checkCredentials(context, located);
  checkOrigins(context, located);
  checkClashes(context, located);
  checkCreate(context, located);
}

function checkCredentials({ options, report }: ArazzoContext, { workflow, at }: LocatedWorkflow): void {
  const headers = options.credentials.flat().map(({ header }) => header);
  for (const [index, { name, in: place, value }] of (workflow.parameters ?? []).entries()) {
    const path = [...at, "parameters", index];
    const parsed = parseValue(value);
    const isInput =
      parsed &&
      expressionsOf(parsed).every(({ kind }) => kind === "input") &&
      expressionsOf(parsed).length > 0;
    if (place !== "header" || !headers.includes(name.toLowerCase()) || !isInput) {
      report(
        path,
        "credential-place",
        `${name} is no credential of a security scheme`,
        `the headers of the schemes are ${[...new Set(headers)].join(", ")}; other parameters belong to steps`,
      );
    }
  }
}

function checkOrigins(
  { operations, document, report }: ArazzoContext,
  { workflow, at }: LocatedWorkflow,
): void {
  const credentials = credentialInputs(workflow);
  const declared = Object.keys(workflow.inputs.properties ?? {});
  const start = operations.get(workflow.steps[0]?.operationId ?? "");
  const fields = start ? requestFields(document, start) : undefined;
  const isField = (name: string): boolean =>
    !fields || fields.isOpen || [...fields.path, ...fields.query, ...fields.body].includes(name);

  for (const name of credentials) {
    if (!declared.includes(name))
      report(
        [...at, "parameters"],
        "input-unknown",
        `inputs declares no ${name}`,
        "add it to inputs.properties",
      );
  }
  const look = (expression: Expression, index: number, path: Path): void => {
    if (expression.kind === "input") {
      const { name } = expression;
      if (!declared.includes(name))
        report(path, "input-unknown", `inputs declares no ${name}`, `it declares ${declared.join(", ")}`);
      else if (credentials.includes(name))
        report(
          path,
          "credential-in-job",
          `${name} is a credential`,
          "only the workflow's own parameters carry it",
        );
      else if (index > 0 && !isField(name))
        report(
          path,
          "input-unknown",
          `${name} is no field of the request`,
          "later steps know only what the start was given",
        );
    } else if (expression.kind === "output") {
      const source = workflow.steps.slice(0, index).find(({ stepId }) => stepId === expression.step);
      if (!source)
        report(
          path,
          "output-unknown",
          `there is no step ${expression.step} before`,
          `the steps are ${workflow.steps.map(({ stepId }) => stepId).join(", ")}`,
        );
      else if (!source.outputs?.[expression.name])
        report(
          path,
          "output-unknown",
          `${expression.step} has no output ${expression.name}`,
          "add it to the step's outputs",
        );
    }
  };
  for (const [index, step] of workflow.steps.entries())
    eachSent(step, [...at, "steps", index], (one, path) => look(one, index, path));
  const cancel = workflow["x-cancel"];
  if (cancel) eachSent(cancel, [...at, "x-cancel"], (one, path) => look(one, workflow.steps.length, path));
}

function checkClashes({ report }: ArazzoContext, { workflow, at }: LocatedWorkflow): void {
  const [start, ...later] = workflow.steps;
  const origins = new Map<string, string>([
    ["id", start?.outputs?.["id"] ? `$steps.${start.stepId}.outputs.id` : "the job's id"],
  ]);
  const look = (one: Expression, path: Path): void => {
    if (one.kind !== "input" && one.kind !== "output") return;
    const origin = one.kind === "input" ? `$inputs.${one.name}` : `$steps.${one.step}.outputs.${one.name}`;
    const other = origins.get(one.name) ?? origin;
    if (other !== origin)
      report(
        path,
        "reference-clash",
        `${origin} and ${other} are both called ${one.name}`,
        "call the output something else",
      );
    origins.set(one.name, other);
  };
  for (const [index, step] of later.entries()) eachSent(step, [...at, "steps", index + 1], look);
  if (workflow["x-cancel"]) eachSent(workflow["x-cancel"], [...at, "x-cancel"], look);
}

function checkCreate(
  { operations, document, report }: ArazzoContext,
  { workflow, at }: LocatedWorkflow,
): void {
  const [start] = workflow.steps;
  const path = [...at, "steps", 0];
  const safety = start?.["x-create"];
  const poll = pollOf(workflow);
  if (!start || !poll) return;
  if (safety === undefined) {
    report(
      path,
      "create-safety",
      "the start does not say what to do when its reply is lost",
      "x-create: none, or x-create: { unique: name, match: … }",
    );
  } else if (safety === "none") {
    if (!start.outputs?.["id"])
      report(
        path,
        "job-id-missing",
        "nothing names the job",
        "give the start the output id, or x-create a unique field",
      );
  } else {
    const operation = operations.get(start.operationId);
    const fields = operation && requestFields(document, operation);
    const where = [...path, "x-create"];
    if (fields && !fields.isOpen && ![...fields.query, ...fields.body].includes(safety.unique)) {
      report(
        [...where, "unique"],
        "create-safety",
        `${start.operationId} has no field ${safety.unique}`,
        `its fields are ${[...fields.query, ...fields.body].join(", ")}`,
      );
    }
    if (parseReading(safety.match)?.kind !== "body")
      report(
        [...where, "match"],
        "create-safety",
        `${safety.match} is nothing in a body`,
        "use $response.body#/pointer",
      );
    if (expressionsSent(poll).some((one) => one.kind === "output" && one.step === start.stepId)) {
      report(
        where,
        "create-safety",
        "the poll needs an output of the start, which is lost when the job has to be found",
        "let the poll ask by inputs only, or say x-create: none",
      );
    }
  }
}

function eachSent(
  step: Pick<Step, "parameters" | "requestBody">,
  at: Path,
  look: (expression: Expression, path: Path) => void,
): void {
  const sent = [
    ...(step.parameters ?? []).map(({ value }, index) => ({ value, path: [...at, "parameters", index] })),
    ...Object.entries(step.requestBody?.payload ?? {}).map(([name, value]) => ({
      value,
      path: [...at, "requestBody", "payload", name],
    })),
  ];
  for (const { value, path } of sent) {
    const parsed = parseValue(value);
    for (const expression of parsed ? expressionsOf(parsed) : []) look(expression, path);
  }
}
