import {
  addressOf,
  bodiesRead,
  type Operation,
  type PartNumber,
  parseCriterion,
  parseExpression,
  parseReading,
  pollOf,
  reach,
  type Schema,
  type Step,
} from "@outhaul/spec";
import type { ArazzoContext, LocatedWorkflow } from "../context/context.js";

type Problem = readonly [message: string, hint: string];

/** Checks that each part of a file can be asked for by its number, and that the poll says how many there are. */
export function checkPartNumber(
  context: ArazzoContext,
  { workflow, at }: LocatedWorkflow,
  step: Step,
  operation: Operation,
): void {
  const partNumber = step["x-part-number"];
  const poll = pollOf(workflow);
  if (!partNumber || !poll || step === poll) return;
  const problem =
    problemOfStep(context, step, partNumber, operation) ?? problemOfCount(context, poll, partNumber);
  if (problem)
    context.report([...at, "steps", workflow.steps.indexOf(step), "x-part-number"], "file-parts", ...problem);
}

function problemOfStep(
  { document }: ArazzoContext,
  step: Step,
  { name, in: where }: PartNumber,
  operation: Operation,
): Problem | undefined {
  const parameter = operation.parameters.find((one) => one.name === name && one.in === where);
  const first = step.parameters?.find((one) => one.name === name && one.in === where)?.value;
  if (addressOf(step) !== undefined)
    return ["the file stands at an address", "x-part-number is about a reply that is a part of the file"];
  if (step["x-next-page"])
    return [
      "the step has x-next-page and x-part-number",
      "a part is asked for by what the one before it says, or by its number",
    ];
  if (!parameter)
    return [`${operation.id} has no parameter ${name} in: ${where}`, "declare it in openapi.yaml"];
  const schemas = reach(document, parameter.schema ?? {}, [])?.schemas ?? [];
  if (schemas.length === 0 || !schemas.every((schema) => hasTypes(schema, ["integer"])))
    return [`${name} is no integer`, "schema: { type: integer }, as the client sends whole numbers"];
  if (!Number.isSafeInteger(first) || Number(first) < 0)
    return [
      `the step does not say which number the first part has in ${name}`,
      `send it as a literal: parameters: [{ name: ${name}, in: ${where}, value: 0 }]`,
    ];
  return undefined;
}

/** Finds out why an output of the poll is no number of parts. */
function problemOfCount(
  { document, operations }: ArazzoContext,
  poll: Step,
  { count }: PartNumber,
): Problem | undefined {
  const expression = parseExpression(count);
  const text =
    expression?.kind === "output" && expression.step === poll.stepId
      ? poll.outputs?.[expression.name]
      : undefined;
  if (text === undefined)
    return [
      `${count} is no output of the poll`,
      `the poll says how many parts there are: $steps.${poll.stepId}.outputs.<name>`,
    ];
  const asked = operations.get(poll.operationId);
  const reading = parseReading(text);
  const tests = [poll.successCriteria, ...(poll.onFailure ?? []).map(({ criteria }) => criteria)];
  const bodies = asked
    ? bodiesRead(
        asked,
        tests.map((criteria = []) => criteria.map(parseCriterion)),
      )
    : [];
  const found = bodies.map(({ schema }) =>
    reading?.kind === "body" ? reach(document, schema, reading.pointer) : undefined,
  );
  if (reading?.kind === "body" && found.includes(undefined)) return undefined; // another rule says so
  const schemas = found.flatMap((one) => one?.schemas ?? []);
  if (schemas.length > 0 && schemas.every((schema) => hasTypes(schema, ["integer", "array", "null"])))
    return undefined;
  return [
    `${text} is neither a whole number nor a list`,
    "the output is the number of parts (type: integer) in the JSON of the poll, or a list with an item for each (type: array)",
  ];
}

/** True if a schema says its types, and they are among these. */
function hasTypes({ type = [] }: Schema, types: readonly string[]): boolean {
  const own = [type].flat();
  return own.length > 0 && own.every((type) => types.includes(type));
}
