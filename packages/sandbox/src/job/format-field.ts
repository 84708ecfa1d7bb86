import { type Pointer, refPath, valueAt } from "@outhaul/spec";
import { isFileFormat } from "../file/media-type.js";
import { asList, asObject } from "../spec/narrow.js";
import type { Api } from "../spec/open-api.js";

/** The field of a request that chooses the file format. */
export interface FormatField {
  readonly pointer: Pointer;
}

/** Finds the first field of a schema that offers a choice of file formats. */
export function findFormatField(schema: unknown, api: Api, pointer: Pointer = []): FormatField | undefined {
  if (pointer.length > 4) return undefined;
  const reference = asObject(schema)["$ref"];
  const resolved = asObject(typeof reference === "string" ? valueAt(api.root, refPath(reference)) : schema);
  const words = asList(resolved["enum"]).filter((word) => typeof word === "string");
  if (words.length > 1 && words.every(isFileFormat)) return { pointer };
  for (const [name, property] of Object.entries(asObject(resolved["properties"]))) {
    const found = findFormatField(property, api, [...pointer, name]);
    if (found) return found;
  }
  return undefined;
}
