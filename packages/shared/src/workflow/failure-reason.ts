import { firstText } from "./reply.js";
import type { VendorErrorInfo } from "./workflow.js";

/** The names under which vendors put a message, and an error within an error. */
const MESSAGES = ["message", "error_message", "reason", "detail", "description", "title"];
const INNER = /^(inner_?error|cause|errors?|details)$/i;
const MAX_DEPTH = 8;

/**
 * What a vendor says of a failure, as a text or as errors within errors: the first code, and the deepest message, which is the nearest to the cause.
 * Vendors that give no reason do not load it.
 */
export function vendorError(reported: unknown): VendorErrorInfo | undefined {
  let code: string | undefined;
  let message = firstText(reported);
  let current = reported;
  for (let depth = 0; depth < MAX_DEPTH && typeof current === "object" && current !== null; depth++) {
    const fields: Record<string, unknown> = { ...(Array.isArray(current) ? current[0] : current) };
    code ??= firstText(fields["code"]);
    const inner = Object.entries(fields).find(([name]) => INNER.test(name))?.[1];
    message = firstText(inner, ...MESSAGES.map((name) => fields[name])) ?? message;
    current = inner;
  }
  if (message === undefined && code === undefined) return undefined;
  return { message: message ?? `code ${code}`, ...(code === undefined ? {} : { code }) };
}
