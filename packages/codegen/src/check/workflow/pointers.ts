import {
  bodiesRead,
  comparisonsOf,
  type Literal,
  type Operation,
  type ParsedCriterion,
  type Path,
  parseCriterion,
  parseReading,
  pollOf,
  printExpression,
  type Reading,
  type ReplyBody,
  reach,
  readingsOf,
  type Schema,
  type Step,
} from "@outhaul/spec";
import type { ArazzoContext, LocatedWorkflow } from "../context/context.js";

/** Checks that pointers into replies reach something in the schemas, and that the schemas know the words they are compared with. */
export function checkPointers(context: ArazzoContext, { workflow, at }: LocatedWorkflow): void {
  const { operations } = context;
  const poll = pollOf(workflow);
  for (const [index, step] of workflow.steps.entries()) {
    const operation = operations.get(step.operationId);
    if (!operation) continue;
    const path = [...at, "steps", index];
    const criteria = criteriaOf(step, path);
    const bodies = bodiesRead(
      operation,
      criteria.map(({ tests }) => tests),
    );
    const check = (reading: Reading, where: Path): void =>
      checkPointer(context, operation, bodies, reading, where);
    for (const { tests, at: where } of criteria) {
      for (const reading of readingsOf(tests)) check(reading, where);
      for (const test of tests) checkWords(context, bodies, test, where);
    }
    for (const [name, text] of Object.entries(step.outputs ?? {})) {
      const reading = parseReading(text);
      if (reading) check(reading, [...path, "outputs", name]);
    }
    const nextPage = step["x-next-page"];
    const next = nextPage && parseReading(nextPage.value);
    if (next) check(next, [...path, "x-next-page", "value"]);
    const safety = step["x-create"];
    const asked = poll && operations.get(poll.operationId);
    const match = safety && safety !== "none" ? parseReading(safety.match) : undefined;
    if (match && asked && poll) {
      const read = bodiesRead(
        asked,
        criteriaOf(poll, path).map(({ tests }) => tests),
      );
      checkPointer(context, asked, read, match, [...path, "x-create", "match"]);
    }
  }
}

function criteriaOf(step: Step, at: Path): { tests: ParsedCriterion[]; at: Path }[] {
  return [
    { tests: (step.successCriteria ?? []).map(parseCriterion), at: [...at, "successCriteria"] },
    ...(step.onFailure ?? []).map(({ criteria = [] }, index) => ({
      tests: criteria.map(parseCriterion),
      at: [...at, "onFailure", index],
    })),
    {
      tests: (step["x-next-page"]?.criteria ?? []).map(parseCriterion),
      at: [...at, "x-next-page", "criteria"],
    },
  ];
}

function checkPointer(
  { document, report }: ArazzoContext,
  operation: Operation,
  bodies: readonly ReplyBody[],
  reading: Reading,
  at: Path,
): void {
  if (reading.kind !== "body" || reading.pointer.length === 0) return;
  const text = printExpression(reading);
  if (bodies.length === 0) {
    report(
      at,
      "pointer-unknown",
      `${text}: ${operation.id} has no JSON reply`,
      "describe the reply in openapi.yaml",
    );
  }
  for (const { status, schema } of bodies) {
    if (reach(document, schema, reading.pointer)) continue;
    report(
      at,
      "pointer-unknown",
      `${text}: the ${status} reply of ${operation.id} has no such value`,
      "correct the pointer, or the schema of the reply",
    );
  }
}

function checkWords(
  { document, report }: ArazzoContext,
  bodies: readonly ReplyBody[],
  test: ParsedCriterion,
  at: Path,
): void {
  if (test.kind === "regex") return;
  for (const { left, right, operator } of comparisonsOf(test.condition)) {
    const [reading, literal] = left.kind === "literal" ? [right, left] : [left, right];
    if (literal.kind !== "literal" || reading.kind !== "body" || !["==", "!="].includes(operator)) continue;
    const schemas = bodies.flatMap(({ schema }) => reach(document, schema, reading.pointer)?.schemas ?? []);
    const known = schemas.flatMap((schema) => schema["x-extensible-enum"] ?? schema.enum ?? []);
    const types = schemas.flatMap(({ type }) => type ?? []);
    if (known.length > 0 && literal.value !== null && !known.includes(literal.value)) {
      report(
        at,
        "word-unknown",
        `${printExpression(reading)} is never ${quote(literal.value)}`,
        `the schema knows ${known.map(quote).join(", ")}`,
      );
    } else if (
      types.length > 0 &&
      schemas.every(({ type }) => type !== undefined) &&
      !types.some((type) => fits(literal.value, type))
    ) {
      report(
        at,
        "word-unknown",
        `${printExpression(reading)} is ${types.join(" or ")}, and so never ${quote(literal.value)}`,
        "texts stand in 'quotes', numbers do not",
      );
    }
  }
}

/** The words that a schema and its alternatives know. */
export function knownWords(schemas: readonly Schema[]): Literal[] {
  return schemas.flatMap((schema) => schema["x-extensible-enum"] ?? []);
}

function fits(value: Literal, type: string): boolean {
  if (value === null) return type === "null";
  if (typeof value === "number") return type === "number" || (type === "integer" && Number.isInteger(value));
  return typeof value === type;
}

function quote(value: unknown): string {
  return typeof value === "string" ? `'${value}'` : String(value);
}
