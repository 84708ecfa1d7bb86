import type { Arazzo } from "../../language/arazzo.js";
import type { OpenApi } from "../../language/openapi.js";
import { readOperations } from "../../language/operations.js";
import { plan, type WorkflowPlan } from "../../plan/plan.js";
import { type Vendor, workflowCode } from "./workflow-code.js";

/** A workflow, understood and compiled. */
export interface CompiledWorkflow {
  readonly plan: WorkflowPlan;
  readonly code: string;
}

/** Compiles every workflow of a vendor to TypeScript. */
export function workflows(vendor: Vendor, document: OpenApi, arazzo: Arazzo): CompiledWorkflow[] {
  const operations = new Map(readOperations(document).map((operation) => [operation.id, operation]));
  return arazzo.workflows.map((workflow) => {
    const understood = plan(workflow, operations);
    return { plan: understood, code: workflowCode(vendor, document, understood) };
  });
}
