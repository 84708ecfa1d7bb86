import { readToken } from "@outhaul/shared";

/** True if an object has all fields of the first list, and each field of both is text. */
export function hasTexts(value: object, required: readonly string[], optional: readonly string[]): boolean {
  const fields = value as Readonly<Record<string, unknown>>; // an object of JSON
  return (
    required.every((name) => typeof fields[name] === "string") &&
    optional.every((name) => fields[name] === undefined || typeof fields[name] === "string")
  );
}

/** True if a value is an object with texts only. */
export function isTextRecord(value: unknown): value is Record<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((one) => typeof one === "string");
}

/** True if a value is a whole resume token. */
export function isResumeToken(value: unknown): value is string {
  if (typeof value !== "string") return false;
  try {
    readToken(value);
    return true;
  } catch {
    return false;
  }
}
