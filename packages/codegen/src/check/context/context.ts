import type { Arazzo, OpenApi, Operation, Path, Workflow } from "@outhaul/spec";
import type { VendorOptions } from "../../load/client-options.js";
import type { Spec } from "../../load/load.js";
import type { Report } from "./report.js";

/** The input of the checks of openapi.yaml. */
export interface OpenApiContext {
  readonly spec: Spec;
  readonly document: OpenApi;
  readonly operations: readonly Operation[];
  readonly options: VendorOptions;
  readonly report: Report;
}

/** The input of the checks of exports.arazzo.yaml. Their reports name that file. */
export interface ArazzoContext extends Omit<OpenApiContext, "operations"> {
  readonly arazzo: Arazzo;
  readonly operations: ReadonlyMap<string, Operation>;
}

/** A workflow and its path in the document. */
export interface LocatedWorkflow {
  readonly workflow: Workflow;
  readonly at: Path;
}
