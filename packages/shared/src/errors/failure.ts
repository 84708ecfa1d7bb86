import { short } from "./text.js";

/** Describes why a request failed: the deepest message, and the code of the system. */
export function describeFailure(error: unknown): string {
  const code = errorCode(error);
  const text = deepestMessage(error) || "failed";
  return short(code && !text.includes(code) ? `${text} (${code})` : text);
}

/** The message of what caused an error in the end. */
export function deepestMessage(error: unknown): string {
  let deepest = error;
  for (
    let depth = 0;
    depth < MAX_CAUSES && deepest instanceof Error && deepest.cause instanceof Error;
    depth++
  )
    deepest = deepest.cause;
  return deepest instanceof Error ? deepest.message : String(deepest);
}

/** How deep causes are followed: one may be its own cause. */
const MAX_CAUSES = 8;

/** The code of an error, or of what caused it. */
export function errorCode(error: unknown): string | undefined {
  let current = error;
  for (let depth = 0; typeof current === "object" && current !== null && depth < MAX_CAUSES; depth++) {
    const { code, cause, errors } = current as { code?: unknown; cause?: unknown; errors?: unknown[] };
    if (typeof code === "string") return code;
    current = Array.isArray(errors) ? errors[0] : cause;
  }
  return undefined;
}

/** A request that took too long. */
export class RequestTimedOut extends Error {
  constructor(timeoutMs: number) {
    super(`nothing within ${timeoutMs / 1000} s`);
  }
}
