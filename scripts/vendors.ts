import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { openRepository } from "../packages/codegen/src/config/repository.js";
import { readVendorNames } from "../packages/codegen/src/load/vendor-names.js";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** What a script needs to know of a vendor to use its client without knowing the vendor. */
export interface Vendor {
  readonly name: string;
  /** `@outhaul/<name>`. */
  readonly packageName: string;
  readonly title: string;
  /** The function that makes the client. */
  readonly createName: string;
  readonly workflows: readonly VendorWorkflow[];
  /** The options that are credentials. */
  readonly credentials: readonly string[];
}

export interface VendorWorkflow {
  readonly id: string;
  /** The names of what it can be given: fields of the request, and credentials. */
  readonly inputs: readonly string[];
  /** A complete request. */
  readonly example: Record<string, unknown>;
  /** True if one request is the whole export, so that it is never queued. */
  readonly isOneStep: boolean;
  /** The longest of the intervals between its polls, in seconds. */
  readonly pollSeconds: number;
  /** The operations of its steps. */
  readonly operations: readonly string[];
}

interface ArazzoWorkflow {
  workflowId: string;
  inputs: { properties?: object; examples: Record<string, unknown>[] };
  steps: { operationId: string; onFailure?: { retryAfter?: number }[] }[];
}

let vendors: readonly Vendor[] | undefined;

/** The vendors that have a spec, by name; the specs are read once in a process. */
export function readVendors(): readonly Vendor[] {
  vendors ??= readSpecs();
  return vendors;
}

function readSpecs(): Vendor[] {
  const specs = `${root}specs`;
  return readVendorNames(openRepository(root)).map((name) => {
    const openapi = parse(readFileSync(`${specs}/${name}/openapi.yaml`, "utf8"));
    const arazzo = parse(readFileSync(`${specs}/${name}/exports.arazzo.yaml`, "utf8"));
    const pascal = name.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
    return {
      name,
      packageName: `@outhaul/${name}`,
      title: openapi.info.title,
      createName: `create${pascal}`,
      credentials: Object.entries<{ scheme?: string }>(openapi.components?.securitySchemes ?? {}).flatMap(
        ([key, { scheme }]) => (scheme === "basic" ? ["username", "password"] : [key]),
      ),
      workflows: (arazzo.workflows as ArazzoWorkflow[]).map(({ workflowId, inputs, steps }) => ({
        id: workflowId,
        inputs: Object.keys(inputs.properties ?? {}),
        example: inputs.examples[0] ?? {},
        pollSeconds: Math.max(
          0,
          ...steps.flatMap(({ onFailure = [] }) => onFailure.map(({ retryAfter = 0 }) => retryAfter)),
        ),
        isOneStep: steps.length === 1,
        operations: steps.map(({ operationId }) => operationId),
      })),
    };
  });
}
