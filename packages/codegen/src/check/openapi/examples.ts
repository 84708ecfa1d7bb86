import type { OpenApiContext } from "../context/context.js";
import { schemaValidators } from "../schema/schema-validators.js";

/** Checks that the examples of requests and replies are valid for their schemas. */
export function checkExamples({ document, operations, report }: OpenApiContext): void {
  const validators = schemaValidators(document);
  const seen = new Set<string>();
  for (const { body, replies } of operations) {
    for (const { at, schema, examples, isJson } of [
      ...(body ? [body] : []),
      ...replies.flatMap(({ bodies }) => bodies),
    ]) {
      if (!schema || !isJson) continue;
      for (const example of examples) {
        const key = [...at, ...example.at].join("/");
        if (seen.has(key)) continue;
        seen.add(key);
        for (const problem of validators([...at, "schema"])(example.value).slice(0, 3)) {
          report(
            example.at,
            "example-invalid",
            `the example "${example.name}": ${problem}`,
            "correct the example, or the schema",
          );
        }
      }
    }
  }
}
