import { refPath, valueAt } from "@outhaul/spec";
import { isObject, type JsonObject, objectOf, textOf } from "./json-object.js";
import type { Published } from "./read-published.js";

/** What stands at the end of a reference. */
export interface Followed {
  readonly value: JsonObject;
  /** The last reference that led there. Missing if the value stood there itself. */
  readonly ref?: string;
  /** A reference that leads nowhere: to another file, in a circle, or to nothing. */
  readonly broken?: string;
}

/** Follows `$ref` to the object that it means. */
export function followReference({ root }: Published, start: unknown): Followed {
  let value = objectOf(start);
  let ref: string | undefined;
  for (let hops = 0; hops < 20; hops += 1) {
    const next = textOf(value["$ref"]);
    if (next === undefined) return { value, ...(ref === undefined ? {} : { ref }) };
    const target = next.startsWith("#/") ? valueAt(root, refPath(next)) : undefined;
    if (!isObject(target)) return { value: {}, broken: next };
    ref = next;
    value = target;
  }
  return { value: {}, broken: ref ?? "" };
}
