import type { Arazzo } from "./arazzo.js";
import type { OpenApi } from "./openapi.js";
import { readOperations } from "./operations.js";
import { plan, type WorkflowPlan } from "./workflow/plan.js";
import { type Vendor, workflowCode } from "./workflow/workflow-code.js";

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
