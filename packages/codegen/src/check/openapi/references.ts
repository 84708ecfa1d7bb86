import { type Path, refPath, valueAt } from "@outhaul/spec";
import type { OpenApiContext } from "../context/context.js";

/** Checks that each $ref points to something. */
export function checkReferences({ document, report }: Pick<OpenApiContext, "document" | "report">): void {
  visit(document, [], (ref, path) => {
    if (!ref.startsWith("#/")) {
      report(
        path,
        "ref-unknown",
        `${ref} leaves the document`,
        "move it here: the two files of a vendor are all there is",
      );
    } else if (valueAt(document, refPath(ref)) === undefined) {
      report(path, "ref-unknown", `${ref} leads nowhere`, "correct the name, or add what it names");
    }
  });
}

function visit(value: unknown, path: Path, found: (ref: string, path: Path) => void): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const where = [...path, key];
    if (key === "$ref") found(String(inner), where);
    else if (key !== "example" && !(key === "value" && path.includes("examples"))) visit(inner, where, found);
  }
}
