import { withoutUndefined } from "../errors/without-undefined.js";
import type { JobProgress } from "./workflow.js";

/** The vendor's counts, given as numbers or as texts, as far as they are counts. Vendors that count nothing do not load it. */
export function toProgress(reported: { done?: unknown; total?: unknown }): JobProgress | undefined {
  const done = count(reported.done);
  const total = count(reported.total);
  if (done === undefined && total === undefined) return undefined;
  const fraction = done !== undefined && total ? Math.min(done / total, 1) : undefined;
  return withoutUndefined({ done, total, fraction });
}

function count(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) && number >= 0 ? number : undefined;
}
