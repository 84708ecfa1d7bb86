import { readText } from "../body/body.js";
import type { DownloadErrorCode } from "../errors/download-error.js";
import { plainText, short } from "../errors/text.js";
import { retryAfterMs } from "../http/retry-after.js";
import type { RawReply } from "../http/transport.js";
import { RetryableFailure } from "./retry.js";
import type { BodyInspection } from "./source.js";
import { downloadError } from "./state.js";

/** How much of a refused reply is read and kept on the error. */
const MAX_BODY_BYTES = 8192;

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
  const text = await readText(reply, MAX_BODY_BYTES).catch(() => "");
  const told = inspection?.errorIn(new TextEncoder().encode(text));
  if (told) throw told;
  const body = reply.redact?.(text) ?? text;
  // A store repeats the address it was asked for, with its signature.
  const quote = short(plainText(body).replace(/\?[^\s"'<>?=]*=[^\s"'<>]*/g, "?…"));
  const details = { status, retryAfterMs: afterMs, body };
  const error = downloadError(code, url, problem + (quote && `: ${quote}`), details);
  throw transient ? new RetryableFailure(error, { afterMs }) : error;
}
