import { parseJson } from "./json.js";
import type { Reply } from "./workflow.js";

/** A reply that was read to its end. */
export interface FullReply extends Reply {
  /** What the vendor asks to wait before the next request. */
  readonly retryAfterMs?: number | undefined;
  /** What the body is instead of the JSON that its type promises. */
  readonly unreadable?: string;
}

/** A reply as the criteria see it: JSON where the text is JSON, else the text. */
export function toReply(status: number, headers: Headers, text: string, retryAfterMs?: number): FullReply {
  const base = { status, ok: status >= 200 && status < 300, headers, retryAfterMs };
  const type = headers.get("content-type") ?? "";
  const trimmed = text.trim();
  if (trimmed === "") return { ...base, body: undefined };
  if (/html/.test(type)) return { ...base, body: text, unreadable: "HTML" };
  if (/^text\/(?!json)/.test(type)) return { ...base, body: text };
  try {
    return { ...base, body: parseJson(trimmed) };
  } catch {
    return { ...base, body: text, unreadable: trimmed.startsWith("<") ? "HTML" : "no valid JSON" };
  }
}

/** True if the same request may succeed later. */
export function isTransient({ status, headers }: Reply): boolean {
  return (
    (status === 408 || status === 425 || status === 429 || status >= 500) &&
    headers.get("x-should-retry") !== "false"
  );
}

/** The value at a path into an untrusted body; `undefined` where the path reaches nothing. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string | number, unknown>)[key]; // an own key, as just seen
  }
  return found;
}

/** The first value that is a text or a number, as text. */
export function firstText(...values: unknown[]): string | undefined {
  for (const value of values) {
    if ((typeof value === "string" && value.trim() !== "") || typeof value === "number") return String(value);
  }
  return undefined;
}

/** The values that are texts or numbers, as texts. */
export function textsOf(values: Record<string, unknown>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [key, value] of Object.entries(values)) {
    const text = firstText(value);
    if (text !== undefined) texts[key] = text;
  }
  return texts;
}
