import { readFileSync } from "node:fs";
import { type OpenApi, readOperations } from "@outhaul/spec";
import { parse } from "yaml";
import { root, type VendorWorkflow } from "../vendors.js";

/** The fields of forms that every request of a workflow has and Respect cannot write: those with brackets, which it writes as `[object Object]`. */
export function unwritableFields(vendor: string, { operations }: VendorWorkflow): string[] {
  const document: OpenApi = parse(readFileSync(`${root}specs/${vendor}/openapi.yaml`, "utf8"));
  return readOperations(document)
    .filter(({ id }) => operations.includes(id))
    .flatMap(({ body }) => (body?.schema?.required ?? []).filter((name) => body?.deepFields.includes(name)));
}
