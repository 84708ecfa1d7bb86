import {
  ConditionError,
  jsonBodies,
  type Path,
  parseCriterion,
  parseReading,
  printExpression,
  type Reading,
  reach,
  readingsOf,
} from "@outhaul/spec";
import type { OpenApiContext } from "../context/context.js";

/** Checks that `x-errors` reads values that some reply has. */
export function checkErrors({ document, operations, report }: OpenApiContext): void {
  const errors = document["x-errors"];
  if (!errors) return;
  const bodies = operations.flatMap(jsonBodies);
  const checkReading = (reading: Reading, path: Path): void => {
    if (reading.kind !== "body" || bodies.some(({ schema }) => reach(document, schema, reading.pointer)))
      return;
    report(
      path,
      "pointer-unknown",
      `${printExpression(reading)}: no reply has such a value`,
      "correct the pointer, or the schemas of the error replies",
    );
  };
  for (const key of ["when", "renew"] as const) {
    const condition = errors[key];
    if (condition === undefined) continue;
    try {
      for (const reading of readingsOf([parseCriterion({ condition })]))
        checkReading(reading, ["x-errors", key]);
    } catch (error) {
      if (!(error instanceof ConditionError)) throw error;
      report(
        ["x-errors", key],
        "error-expression",
        `${condition}: ${error.message}`,
        "the specs' README.md has the grammar under Criteria",
      );
    }
  }
  for (const key of ["message", "requestId"] as const) {
    for (const [index, text] of (errors[key] ?? []).entries()) {
      const reading = parseReading(text);
      if (reading) checkReading(reading, ["x-errors", key, index]);
      else
        report(
          ["x-errors", key, index],
          "error-expression",
          `${text} reads nothing of a reply`,
          "use $response.body#/pointer, $response.body or $response.header.name",
        );
    }
  }
}
