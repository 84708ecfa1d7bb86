import { readRefused } from "../body/refused.js";
import type { DownloadErrorCode } from "../errors/download-error.js";
import { retryAfterMs } from "../http/retry-after.js";
import type { RawReply } from "../http/transport.js";
import { RetryableFailure } from "./retry.js";
import type { BodyInspection } from "./source.js";
import { downloadError } from "./state.js";

/** What is wrong with a reply that is not the file. */
export interface Refusal {
  readonly code: DownloadErrorCode;
  readonly problem: string;
  /** True if the same request may succeed later. */
  readonly transient?: boolean;
}

/**
 * Ends a reply that is not the file, with an error that quotes what it said.
 * @param inspection finds the error that the body is
 * @param now the time that a date in Retry-After is compared with
 * @throws always
 */
export async function refuseReply(
  reply: RawReply,
  { code, problem, transient = false }: Refusal,
  now = 0,
  inspection?: BodyInspection,
): Promise<never> {
  const { status, headers, url } = reply;
  const afterMs = retryAfterMs(headers, now);
  const { text, body, quote } = await readRefused(reply);
  const told = inspection?.errorIn(new TextEncoder().encode(text));
  if (told) throw told;
  const details = { status, retryAfterMs: afterMs, body };
  const error = downloadError(code, url, problem + (quote && `: ${quote}`), details);
  throw transient ? new RetryableFailure(error, { afterMs }) : error;
}
