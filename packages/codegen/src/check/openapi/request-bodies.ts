import { type Body, bodyFormat, follow, type OpenApi, type Schema } from "@outhaul/spec";
import type { OpenApiContext } from "../context/context.js";

/** Checks that the client can write the body of each operation. */
export function checkRequestBodies({ document, operations, report }: OpenApiContext): void {
  for (const { id, body, parameters } of operations) {
    for (const { name = "", in: location, at } of parameters) {
      if (location !== "header" || !/^(content-type|accept|authorization)$/i.test(name)) continue;
      report(
        at,
        "parameter-place",
        `${name} is no parameter: OpenAPI says it by other words`,
        "the content of requestBody and responses, and security, say what is sent",
      );
    }
    if (!body) continue;
    const format = bodyFormat(body);
    if (!format)
      report(
        body.at,
        "request-body",
        `${id} takes ${body.contentType}, which the client cannot write`,
        "bodies are JSON or application/x-www-form-urlencoded; take the operation out of the spec",
      );
    if (format !== "form") continue;
    for (const [name, problem] of formProblems(document, body))
      report(
        body.at,
        "request-body",
        `the form field ${name} of ${id} ${problem}`,
        `encoding: { ${name}: { style: deepObject, explode: true } }`,
      );
  }
}

/** The fields of a form of which OpenAPI does not say how they are written. */
function formProblems(document: OpenApi, { schema, deepFields }: Body): [name: string, problem: string][] {
  const resolved = (one: Schema): Schema => follow(document, one, []).value;
  return Object.entries(schema ? (resolved(schema).properties ?? {}) : {}).flatMap(([name, field]) => {
    if (deepFields.includes(name)) return [];
    const { type, items, properties } = resolved(field);
    const types = [type ?? []].flat();
    const itemType = items && resolved(items).type;
    if (types.includes("object") || properties) return [[name, "is an object"] as [string, string]];
    if (itemType === "object" || itemType === "array")
      return [[name, "is a list of objects or lists"] as [string, string]];
    return [];
  });
}
