import { type Body, bodyFormat, mediaTypeOf } from "@outhaul/spec";

/** Writes how a body is encoded, where it is not simply `application/json`. */
export function encodingCode(body: Body): string | undefined {
  const { contentType, deepFields } = body;
  const isForm = bodyFormat(body) === "form";
  if (!isForm && mediaTypeOf(contentType) === "application/json") return undefined;
  const deep = deepFields.length > 0 ? JSON.stringify(deepFields) : "";
  return `{ type: ${JSON.stringify(contentType)}${isForm ? `, write: formBody(${deep})` : ""} }`;
}
