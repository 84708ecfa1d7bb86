import { refPath, valueAt } from "@outhaul/spec";

/** A document's value with every reference replaced by what it names, so that each place of it is one of a request or of a reply. A circle ends in `{}`. */
export function inlineRefs(document: unknown, value: unknown, above: readonly string[] = []): unknown {
  if (Array.isArray(value)) return value.map((inner) => inlineRefs(document, inner, above));
  if (typeof value !== "object" || value === null) return value;
  if ("$ref" in value && typeof value.$ref === "string") {
    const { $ref, ...beside } = value;
    if (above.includes($ref)) return {};
    const target = inlineRefs(document, valueAt(document, refPath($ref)), [...above, $ref]);
    const rest = inlineRefs(document, beside, above);
    return typeof target === "object" && target !== null ? { ...target, ...(rest as object) } : target; // an object in, an object out
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, inlineRefs(document, inner, above)]),
  );
}
