import { short } from "./text.js";

/** Codes of errors that come before a request's first byte is sent. */
const NOT_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|FailedToOpenSocket|ERR_TLS_\w+|ERR_SSL_\w+|EPROTO|ERR_INVALID_URL|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/;

/** True if it is certain that nothing of the failed request was sent. */
export function wasNotSent(error: unknown): boolean {
  const code = errorCode(error);
  // fetch refuses some ports without asking the network, and gives no code.
  return code === undefined ? deepestMessage(error) === "bad port" : NOT_SENT.test(code);
}

/** Describes why a request failed: the deepest message, and the code of the system. */
export function describeFailure(error: unknown): string {
  const code = errorCode(error);
  const text = deepestMessage(error) || "failed";
  return short(code && !text.includes(code) ? `${text} (${code})` : text);
}

function deepestMessage(error: unknown): string {
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
