import { jsonBodies, mediaTypeOf, type Operation, type ParsedCriterion, readingsOf } from "@outhaul/spec";
import { encodingCode } from "./encoding-code.js";

/** True if criteria read the body of a reply. */
export function readsBody(criteria: readonly ParsedCriterion[]): boolean {
  return readingsOf(criteria).some(({ kind }) => kind === "body");
}

/** An operation, as the runtime has it. */
export function operationCode(operation: Operation, sendsBody: boolean): string {
  const { id, method, path, body } = operation;
  const accept = acceptOf(operation);
  const encoding = sendsBody && body ? encodingCode(body) : undefined;
  const parts = [
    `id: ${JSON.stringify(id)}`,
    `method: ${JSON.stringify(method)}`,
    `path: ${JSON.stringify(path)}`,
    ...(encoding ? [`body: ${encoding}`] : []),
    ...(accept ? [`accept: ${JSON.stringify(accept)}`] : []),
  ];
  return `operation: { ${parts.join(", ")} }`;
}

/** The media type of JSON to ask for, where the replies have another than `application/json`. */
function acceptOf(operation: Operation): string | undefined {
  const types = jsonBodies(operation)
    .filter(({ status }) => status.startsWith("2"))
    .map(({ contentType }) => mediaTypeOf(contentType));
  return types.includes("application/json") ? undefined : types[0];
}

/** A property that is an object, a line each. */
export function objectCode(name: string, lines: readonly string[]): string {
  return `${name}: {\n${lines.join(",\n")},\n}`;
}

/** A function of a reply. */
export function lambda(code: string): string {
  return `(${code.includes("reply") ? "reply" : ""}) => ${code}`;
}
