import { type Change, mergeChanges } from "./change.js";
import { docsLinkChanges } from "./docs-link-changes.js";
import { openapiChanges } from "./openapi-changes.js";
import { optionChanges } from "./option-changes.js";
import { type SpecVersion, workflowChanges } from "./workflow-changes.js";

/** Finds what changes for a client's user between two versions of a spec, the highest bump first. */
export async function specChanges(vendor: string, base: SpecVersion, now: SpecVersion): Promise<Change[]> {
  return mergeChanges([
    ...(await openapiChanges(base.openapi, now.openapi)),
    ...optionChanges(vendor, base.openapi, now.openapi),
    ...workflowChanges(base, now),
    ...docsLinkChanges(base, now),
  ]);
}
