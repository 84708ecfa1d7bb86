import { checkNames, checkWord } from "../options/check-names.js";
import type { Fault } from "./fault.js";
import { faultKind, faultKinds, targetFields } from "./fault-kinds.js";

/**
 * Checks the kind of a fault, the names of its fields, and the words that they may be.
 * @throws {TypeError} if a fault of its kind has no such field
 * @throws {RangeError} if there is no such kind, or if a field is none of its words
 */
export function checkFault(fault: unknown): asserts fault is Fault {
  if (typeof fault !== "object" || fault === null || !("kind" in fault))
    throw new TypeError(`a fault is an object with a kind: ${Object.keys(faultKinds).join(", ")}`);
  const { kind, ...fields } = fault;
  checkWord("the kind of a fault", kind, Object.keys(faultKinds));
  const known = kind as Fault["kind"]; // the line above refuses all others
  checkNames(`a fault of the kind ${known}`, fields, { ...targetFields, ...faultKind(known).fields });
}

/** The JSON Schema of a {@link Fault}, for the values that {@link checkFault} does not look at. */
export const faultSchema = {
  type: "object",
  required: ["kind"],
  properties: Object.assign(
    { kind: { enum: Object.keys(faultKinds) } },
    targetFields,
    ...Object.values(faultKinds).map(({ fields }) => fields),
  ),
};
