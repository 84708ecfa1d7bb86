import {
  type CreateSafety,
  credentialInputs,
  type Expression,
  expressionsOf,
  expressionsSent,
  furtherStepOf,
  type Path,
  parseReading,
  parseValue,
  pollOf,
  requestFields,
  type Step,
} from "@outhaul/spec";
import type { ArazzoContext, LocatedWorkflow } from "../context/context.js";

/** Checks that the job's reference holds what later steps need, and no credential. */
export function checkJobReference(context: ArazzoContext, located: LocatedWorkflow): void {
  checkCredentials(context, located);
  checkOrigins(context, located);
  checkClashes(context, located);
  checkCreate(context, located);
}

function checkCredentials({ options, report }: ArazzoContext, { workflow, at }: LocatedWorkflow): void {
  const carriers = options.credentials.flat();
  const placeOf = ({ location }: (typeof carriers)[number]): string =>
    location === "query" ? "query" : "header";
  const headers = carriers.map((carrier) =>
    placeOf(carrier) === "query" ? `${carrier.header} (in: query)` : carrier.header,
  );
  for (const [index, { name, in: location, value }] of (workflow.parameters ?? []).entries()) {
    const path = [...at, "parameters", index];
    const parsed = parseValue(value);
    const isInput =
      parsed &&
      expressionsOf(parsed).every(({ kind }) => kind === "input") &&
      expressionsOf(parsed).length > 0;
    const isCarrier = carriers.some(
      (carrier) =>
        placeOf(carrier) === location &&
        carrier.header === (location === "query" ? name : name.toLowerCase()),
    );
    if (!isCarrier || !isInput) {
      report(
        path,
        "credential-place",
        `${name} is no credential of a security scheme`,
        `the schemes are carried by ${[...new Set(headers)].join(", ")}; other parameters belong to steps`,
      );
    }
  }
}

/** Checks that each input that is named is declared, and each output is one of an earlier step. */
function checkOrigins(context: ArazzoContext, located: LocatedWorkflow): void {
  const { workflow, at } = located;
  const { report } = context;
  const declared = Object.keys(workflow.inputs.properties ?? {});
  for (const name of credentialInputs(workflow)) {
    if (declared.includes(name)) continue;
    report(
      [...at, "parameters"],
      "input-unknown",
      `inputs declares no ${name}`,
      "add it to inputs.properties",
    );
  }
  const checkOne = (expression: Expression, index: number, path: Path): void => {
    if (expression.kind === "input") checkInput(context, located, { name: expression.name, index, path });
    if (expression.kind === "output") checkOutput(context, located, { ...expression, index, path });
  };
  for (const [index, step] of workflow.steps.entries())
    eachSent(step, [...at, "steps", index], (one, path) => checkOne(one, index, path));
  const cancel = workflow["x-cancel"];
  if (cancel)
    eachSent(cancel, [...at, "x-cancel"], (one, path) => checkOne(one, workflow.steps.length, path));
}

/** An expression in what a step sends. */
interface Use {
  readonly name: string;
  /** The index of the step. */
  readonly index: number;
  readonly path: Path;
}

function checkInput(
  { operations, document, report }: ArazzoContext,
  { workflow }: LocatedWorkflow,
  { name, index, path }: Use,
): void {
  const declared = Object.keys(workflow.inputs.properties ?? {});
  const start = operations.get(workflow.steps[0]?.operationId ?? "");
  const fields = start && requestFields(document, start);
  const isField =
    !fields || fields.isOpen || [...fields.path, ...fields.query, ...fields.body].includes(name);
  if (!declared.includes(name))
    report(path, "input-unknown", `inputs declares no ${name}`, `it declares ${declared.join(", ")}`);
  else if (credentialInputs(workflow).includes(name))
    report(
      path,
      "credential-in-job",
      `${name} is a credential`,
      "only the workflow's own parameters carry it",
    );
  else if (index > 0 && !isField)
    report(
      path,
      "input-unknown",
      `${name} is no field of the request`,
      "later steps know only what the start was given",
    );
}

function checkOutput(
  { report }: ArazzoContext,
  { workflow }: LocatedWorkflow,
  { name, step, index, path }: Use & { readonly step: string },
): void {
  const source = workflow.steps.slice(0, index).find(({ stepId }) => stepId === step);
  if (!source)
    report(
      path,
      "output-unknown",
      `there is no step ${step} before`,
      `the steps are ${workflow.steps.map(({ stepId }) => stepId).join(", ")}`,
    );
  else if (!source.outputs?.[name])
    report(path, "output-unknown", `${step} has no output ${name}`, "add it to the step's outputs");
}

function checkClashes({ report }: ArazzoContext, { workflow, at }: LocatedWorkflow): void {
  const [start, ...later] = workflow.steps;
  const origins = new Map<string, string>([
    ["id", start?.outputs?.["id"] ? `$steps.${start.stepId}.outputs.id` : "the job's id"],
  ]);
  const checkOne = (one: Expression, path: Path): void => {
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
  for (const [index, step] of later.entries()) eachSent(step, [...at, "steps", index + 1], checkOne);
  if (workflow["x-cancel"]) eachSent(workflow["x-cancel"], [...at, "x-cancel"], checkOne);
}

/** Checks that the start says what to do if its reply is lost, and that the job has an id. */
function checkCreate(context: ArazzoContext, located: LocatedWorkflow): void {
  const { workflow, at } = located;
  const { report } = context;
  const [start] = workflow.steps;
  const path = [...at, "steps", 0];
  const safety = start?.["x-create"];
  for (const [index, { stepId, "x-create": other }] of workflow.steps.entries())
    if (index > 0 && other !== undefined)
      report(
        [...at, "steps", index, "x-create"],
        "create-safety",
        `${stepId} starts no job`,
        "x-create belongs to the first step",
      );
  if (!start || !pollOf(workflow)) return;
  if (safety === undefined)
    report(
      path,
      "create-safety",
      "the start does not say what to do when its reply is lost",
      "x-create: none, or x-create: { unique: name, match: … }",
    );
  else if (safety !== "none") checkFind(context, located, start, safety);
  else if (!start.outputs?.["id"])
    report(
      path,
      "job-id-missing",
      "nothing names the job",
      "give the start the output id, or x-create a unique field",
    );
}

/** Checks that a job can be found by its unique field. */
function checkFind(
  { operations, document, report }: ArazzoContext,
  { workflow, at }: LocatedWorkflow,
  start: Step,
  { unique, match }: Exclude<CreateSafety, "none">,
): void {
  const operation = operations.get(start.operationId);
  const fields = operation && requestFields(document, operation);
  const path = [...at, "steps", 0, "x-create"];
  if (fields && !fields.isOpen && ![...fields.query, ...fields.body].includes(unique))
    report(
      [...path, "unique"],
      "create-safety",
      `${start.operationId} has no field ${unique}`,
      `its fields are ${[...fields.query, ...fields.body].join(", ")}`,
    );
  if (parseReading(match)?.kind !== "body")
    report(
      [...path, "match"],
      "create-safety",
      `${match} is nothing in a body`,
      "use $response.body#/pointer",
    );
  const asked = [furtherStepOf(workflow), pollOf(workflow)].filter((step) => step !== undefined);
  if (asked.flatMap(expressionsSent).some((one) => one.kind === "output" && one.step === start.stepId))
    report(
      path,
      "create-safety",
      "the poll needs an output of the start, which is lost when the job has to be found",
      "let the poll ask by inputs only, or say x-create: none",
    );
}

/** Calls a function with each expression in what a step sends, and its path. */
function eachSent(
  step: Pick<Step, "parameters" | "requestBody">,
  at: Path,
  visit: (expression: Expression, path: Path) => void,
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
    for (const expression of parsed ? expressionsOf(parsed) : []) visit(expression, path);
  }
}
