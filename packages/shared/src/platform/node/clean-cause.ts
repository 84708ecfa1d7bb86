import { OuthaulError } from "../../errors/outhaul-error.js";

/** What errors of the system and of libraries say of a connection. Whatever else they have may be a part of a request or of a reply. */
const HARMLESS =
  /^(stack|message|name|cause|errors|code|errno|syscall|address|port|hostname|library|reason)$/;
const MAX_DEPTH = 8;

/**
 * The cause of an error as it may stand in a log: the same one, if it and all that caused it hold no secret and nothing of a request or of a reply;
 * else a copy without that. undici, for example, keeps what a server sent on its errors.
 */
export function cleanCause(cause: unknown, redact: (text: string) => string, depth = 0): unknown {
  if (cause === undefined || cause instanceof OuthaulError) return cause; // ours are clean
  if (depth > MAX_DEPTH) return undefined;
  if (!(cause instanceof Error)) return typeof cause === "object" ? undefined : redact(String(cause));
  const given = cause as Error & { errors?: unknown };
  const inner = cleanCause(given.cause, redact, depth + 1);
  const errors = Array.isArray(given.errors)
    ? given.errors.map((error) => cleanCause(error, redact, depth + 1))
    : [];
  const texts = new Map<string, unknown>();
  let isClean =
    inner === given.cause && errors.every((error, index) => error === (given.errors as unknown[])[index]);
  for (const name of Object.getOwnPropertyNames(cause)) {
    const value = (cause as unknown as Record<string, unknown>)[name];
    const clean = typeof value === "string" ? redact(value) : value;
    const isHarmless = HARMLESS.test(name);
    isClean &&= isHarmless && clean === value;
    if (isHarmless && typeof clean !== "object") texts.set(name, clean);
  }
  if (isClean) return cause;
  const copy = new Error(redact(cause.message), inner === undefined ? undefined : { cause: inner });
  copy.name = cause.name;
  return Object.assign(copy, errors.length ? { errors } : undefined, Object.fromEntries(texts));
}
