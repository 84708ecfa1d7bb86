import type { Arazzo } from "./arazzo.js";
import { checkClientOptions } from "./check/client-options.js";
import { checkErrors } from "./check/errors.js";
import { checkExamples } from "./check/examples.js";
import { checkOperations } from "./check/operations.js";
import { checkReferences } from "./check/references.js";
import { reporter } from "./check/report.js";
import { arazzoSchema, openapiSchema } from "./check/schemas.js";
import { checkReplySchemas } from "./check/schemas-of-replies.js";
import { checkSchemas } from "./check/schemas-valid.js";
import { checkShape } from "./check/shape.js";
import { checkWorkflows } from "./check/workflows.js";
import type { Diagnostic } from "./diagnostic.js";
import type { Spec } from "./load.js";
import type { OpenApi } from "./openapi.js";
import { readOperations } from "./operations.js";
import { readOptions } from "./options.js";

/** Everything that is wrong with a spec. What builds on a wrong foundation is left out. */
export function check(spec: Spec): Diagnostic[] {
  const wrongOpenApi = checkShape(spec.openapi, openapiSchema, "openapi-shape");
  const wrongArazzo = checkShape(spec.arazzo, arazzoSchema, "arazzo-shape");
  const diagnostics = [...wrongOpenApi, ...wrongArazzo];
  if (wrongOpenApi.length > 0) return diagnostics;

  const document = spec.openapi.value as OpenApi; // its shape was just checked
  const report = reporter(spec.openapi, diagnostics);
  const before = diagnostics.length;
  checkReferences({ document, report });
  if (diagnostics.length > before) return diagnostics;

  const operations = readOperations(document);
  const options = readOptions(spec.vendor, document);
  const context = { spec, document, operations, options, report };
  checkSchemas(context);
  if (diagnostics.length > before) return diagnostics;
  for (const checkPart of [
    checkOperations,
    checkReplySchemas,
    checkClientOptions,
    checkErrors,
    checkExamples,
  ])
    checkPart(context);
  if (wrongArazzo.length > 0) return diagnostics;

  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  const arazzo = spec.arazzo.value as Arazzo; // its shape was checked above
  checkWorkflows({ ...context, arazzo, operations: byId, report: reporter(spec.arazzo, diagnostics) });
  return diagnostics;
}
