/**
 * How long a reply asks to wait, in milliseconds: `retry-after-ms`, else `Retry-After` in seconds or as a date, which is read against the reply's own `Date` so that a wrong
 * clock here does no harm. Negative, past and unreadable values count as none. RFC 9110 §10.2.3.
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const precise = amount(headers.get("retry-after-ms"));
  if (precise !== undefined) return precise;
  const value = headers.get("retry-after");
  const seconds = amount(value);
  if (seconds !== undefined) return seconds * 1000;
  const date =
    value && /[a-z]/i.test(value) ? Date.parse(value) - (Date.parse(headers.get("date") ?? "") || now) : 0;
  return date > 0 ? date : undefined;
}

function amount(value: string | null): number | undefined {
  return value !== null && /^\s*\d{1,10}(\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
}
