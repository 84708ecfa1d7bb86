import { credentialInputs, requestFields } from "@outhaul/spec";
import type { ArazzoContext, LocatedWorkflow } from "../context/context.js";
import { schemaValidators } from "../schema/schema-validators.js";

/** Checks that the first example of `inputs` is a complete request of the start operation. */
export function checkInputsExample(
  { operations, document, report }: ArazzoContext,
  { workflow, at }: LocatedWorkflow,
): void {
  const [start] = workflow.steps;
  const operation = operations.get(start?.operationId ?? "");
  if (!operation) return;
  const fields = requestFields(document, operation);
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
  const reportExample = (message: string): void =>
    report(path, "inputs-example", message, "the README, the sandbox's run and Respect send this example");
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
      reportExample(`the example lacks ${parameter.name}, which ${operation.id} needs`);
    if (value === undefined || !parameter.schema) continue;
    for (const problem of validators([...parameter.at, "schema"])(value))
      reportExample(`${parameter.name}: ${problem}`);
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
    reportExample(`the body that it makes: ${problem}`);
}
