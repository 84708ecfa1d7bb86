import { type OpenApi, readOperations } from "@outhaul/spec";
import type { CheckedSpec } from "../check/check.js";
import type { Repository } from "../config/repository.js";
import { readOptions, type VendorOptions } from "../load/client-options.js";
import { type LimitsPlan, planLimits } from "./plan-limits.js";
import { planWorkflow } from "./plan-workflow.js";
import type { WorkflowPlan } from "./workflow-plan.js";

/** The versions that a package names. */
export interface Versions {
  /** The version that the package has now. */
  readonly version: string;
  /** The range of `@outhaul/shared` that it depends on. */
  readonly sharedRange: string;
}

/** A vendor's package as its files are written from it. */
export interface VendorPlan extends Versions {
  readonly vendor: string;
  /** The vendor's name as the vendor writes it. */
  readonly title: string;
  readonly packageName: string;
  /** The package's folder, from the repository's root. */
  readonly folder: string;
  /** The sentence that each generated file begins with. */
  readonly notice: string;
  readonly document: OpenApi;
  readonly options: VendorOptions;
  readonly limits: LimitsPlan;
  readonly workflows: readonly WorkflowPlan[];
  readonly repository: Repository;
}

/** Plans the package of a vendor whose spec has passed the checks. */
export function planVendor(
  { vendor, document, arazzo }: CheckedSpec,
  repository: Repository,
  { version, sharedRange }: Versions,
): VendorPlan {
  const operations = new Map(readOperations(document).map((operation) => [operation.id, operation]));
  return {
    vendor,
    title: document.info.title,
    version,
    sharedRange,
    packageName: repository.packageName(vendor),
    folder: repository.packageFolder(vendor),
    notice: repository.notice(repository.specFolder(vendor)),
    document,
    options: readOptions(vendor, document),
    limits: planLimits(document),
    workflows: arazzo.workflows.map((workflow) => planWorkflow(workflow, operations)),
    repository,
  };
}
