import { refPath, valueAt } from "@outhaul/spec";

/** Replaces each reference in a value by its target, so that each part belongs to one request or reply. A circular reference ends in `{}`. */
export function inlineRefs(document: unknown, value: unknown, above: readonly string[] = []): unknown {
  if (Array.isArray(value)) return value.map((inner) => inlineRefs(document, inner, above));
  if (typeof value !== "object" || value === null) return value;
  if ("$ref" in value && typeof value.$ref === "string") {
    const { $ref, ...beside } = value;
    if (above.includes($ref)) return {};
    const target = inlineRefs(document, valueAt(document, refPath($ref)), [...above, $ref]);
    const rest = inlineRefs(document, beside, above);
    return typeof target === "object" && target !== null ? { ...target, ...(rest as object) } : target; // an object stays an object
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, inlineRefs(document, inner, above)]),
  );
}
