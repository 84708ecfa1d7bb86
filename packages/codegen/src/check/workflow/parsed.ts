import { type Criterion, type ParsedCriterion, parseCriterion } from "@outhaul/spec";

/** A criterion, if its syntax is right; if not, another check tells it. */
export function parsed(criterion: Criterion): ParsedCriterion | undefined {
  try {
    return parseCriterion(criterion);
  } catch {
    return undefined;
  }
}
