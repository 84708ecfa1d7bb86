import { type OpenApi, readOperations } from "@outhaul/spec";
import { inlineRefs } from "./inline-refs.js";

/** Two versions of a document, and the names of their operations. */
export interface View {
  readonly before: unknown;
  readonly after: unknown;
  nameOf(path: readonly string[]): string | undefined;
}

/** Reduces a document to its operations, without references, each with all its parameters. */
export function callsOf(document: OpenApi): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of readOperations(document)) {
    const raw = inlineRefs(document, at(document, operation.at));
    const item = paths[operation.path] ?? {};
    item[operation.method.toLowerCase()] = {
      ...(isObject(raw) ? raw : {}),
      parameters: operation.parameters.map(({ at: _, ...parameter }) => inlineRefs(document, parameter)),
      security: undefined,
    };
    paths[operation.path] = item;
  }
  return { openapi: document.openapi, info: { title: "", version: "1" }, paths };
}

/** The name of the operation that a path leads into. */
export function operationName(
  document: unknown,
  [root, address = "", method = ""]: readonly string[],
): string | undefined {
  const name = root === "paths" ? at(document, ["paths", address, method, "operationId"]) : undefined;
  return typeof name === "string" ? name : undefined;
}

/** The value at a path of a parsed document. */
export function at(value: unknown, path: readonly (string | number)[]): unknown {
  let found = value;
  for (const token of path) {
    if (!isObject(found) || !Object.hasOwn(found, token)) return undefined;
    found = found[String(token)];
  }
  return found;
}

/** True for an object or a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
