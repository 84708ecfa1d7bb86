import { readFileSync } from "node:fs";
import { type OpenApi, readOperations } from "@outhaul/spec";
import { parse } from "yaml";
import { root, type VendorWorkflow } from "../vendors.js";

/** What Respect sends for a workflow. */
export interface PlayableInputs {
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The fields that every request has and Respect cannot write. */
  readonly missing: readonly string[];
}

/** The example of a workflow without the form's fields that are written with brackets: Respect writes them as `[object Object]`. */
export function playableInputs(vendor: string, { example, operations }: VendorWorkflow): PlayableInputs {
  const document: OpenApi = parse(readFileSync(`${root}specs/${vendor}/openapi.yaml`, "utf8"));
  const bodies = readOperations(document).flatMap(({ id, body }) =>
    body && operations.includes(id) ? [body] : [],
  );
  const deep = new Set(bodies.flatMap(({ deepFields }) => deepFields));
  return {
    inputs: Object.fromEntries(Object.entries(example).filter(([name]) => !deep.has(name))),
    missing: bodies.flatMap(({ schema }) => schema?.required ?? []).filter((name) => deep.has(name)),
  };
}
