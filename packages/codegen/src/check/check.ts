import {
  type Arazzo,
  isLinkStep,
  LINK_OPERATION,
  linkOperation,
  type OpenApi,
  readOperations,
  withLinks,
} from "@outhaul/spec";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { readOptions } from "../load/client-options.js";
import type { Spec } from "../load/load.js";
import { reporter } from "./context/report.js";
import { checkClientOptions } from "./openapi/client-options.js";
import { checkErrors } from "./openapi/errors.js";
import { checkExamples } from "./openapi/examples.js";
import { checkOperations } from "./openapi/operations.js";
import { checkReferences } from "./openapi/references.js";
import { checkRequestBodies } from "./openapi/request-bodies.js";
import { checkReplySchemas } from "./openapi/schemas-of-replies.js";
import { checkSchemas } from "./openapi/schemas-valid.js";
import { checkSettledDifferences } from "./openapi/settled-differences.js";
import { arazzoSchema } from "./schema/arazzo-schema.js";
import { openapiSchema } from "./schema/openapi-schema.js";
import { checkShape } from "./schema/shape.js";
import { checkWorkflows } from "./workflow/workflows.js";

/** A spec that has passed the checks, with its two documents typed. */
export interface CheckedSpec {
  readonly vendor: string;
  readonly document: OpenApi;
  readonly arazzo: Arazzo;
}

/** Checks a spec. @returns its documents if nothing is wrong with it */
export function checkSpec(spec: Spec): { spec?: CheckedSpec; diagnostics: readonly Diagnostic[] } {
  const diagnostics = check(spec);
  if (diagnostics.length > 0) return { diagnostics };
  const { vendor, openapi, arazzo } = spec;
  return {
    spec: { vendor, document: openapi.value as OpenApi, arazzo: arazzo.value as Arazzo }, // their shapes were checked
    diagnostics,
  };
}

/** Finds the mistakes in a spec. A check is skipped if an earlier mistake makes it meaningless. */
export function check(spec: Spec): Diagnostic[] {
  const wrongOpenApi = checkShape(spec.openapi, openapiSchema, "openapi-shape");
  const wrongArazzo = checkShape(spec.arazzo, arazzoSchema, "arazzo-shape");
  const diagnostics = [...wrongOpenApi, ...wrongArazzo];
  if (wrongOpenApi.length > 0) return diagnostics;

  const document = spec.openapi.value as OpenApi; // its shape was checked above
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
    checkRequestBodies,
    checkReplySchemas,
    checkClientOptions,
    checkErrors,
    checkExamples,
    checkSettledDifferences,
  ])
    checkPart(context);
  if (wrongArazzo.length > 0) return diagnostics;

  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  const given = spec.arazzo.value as Arazzo; // its shape was checked above
  const arazzo = { ...given, workflows: given.workflows.map(withLinks) };
  if (arazzo.workflows.some(({ steps }) => steps.some(isLinkStep))) byId.set(LINK_OPERATION, linkOperation());
  checkWorkflows({ ...context, arazzo, operations: byId, report: reporter(spec.arazzo, diagnostics) });
  return diagnostics;
}
