import type { OpenApiContext } from "../context/context.js";

/** Checks that `x-differs` settles something that can differ: a part of an operation, where there is a document to compare with. */
export function checkSettledDifferences({ document, operations, report }: OpenApiContext): void {
  const settled = document["x-differs"];
  if (!settled) return;
  if (!document["x-openapi"])
    report(
      ["x-differs"],
      "differs-place",
      "x-differs settles differences, and there is no document to differ from",
      "x-openapi: [{ url: https://…, read: 2026-11-22 }] names the vendor's own document",
    );
  const ids = operations.map(({ id }) => id);
  for (const place of Object.keys(settled)) {
    const [id = ""] = place.split(" ", 1);
    if (ids.includes(id)) continue;
    report(
      ["x-differs", place],
      "differs-place",
      `there is no operation "${id}"`,
      "a place is what docs:check writes before the colon, such as startExport request name required",
    );
  }
}
