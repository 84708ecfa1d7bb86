import type { DownloadErrorCode } from "../errors/download-error.js";
import { retryAfterMs } from "../http/retry-after.js";
import { type RawReply, readText } from "../http/transport.js";
import { plainText, short } from "../workflow/reply.js";
import { Retry } from "./retry.js";
import { failure } from "./state.js";

/** How much of a refused reply is read and kept on the error. */
const SNIPPET_BYTES = 8192;

/** Ends a reply that is not the file, with an error that tells what it said. @throws always */
export async function refuse(
  reply: RawReply,
  code: DownloadErrorCode,
  problem: string,
  transient = false,
  now = 0,
): Promise<never> {
  const { status, headers, url } = reply;
  const afterMs = retryAfterMs(headers, now);
  const text = await readText(reply, SNIPPET_BYTES).catch(() => "");
  const body = reply.redact?.(text) ?? text;
  // A store repeats the address it was asked for, with its signature.
  const said = short(plainText(body).replace(/\?[^\s"'<>]*=[^\s"'<>]*/g, "?…"));
  const error = failure(code, url, problem + (said && `: ${said}`), { status, retryAfterMs: afterMs, body });
  throw transient ? new Retry(error, { afterMs }) : error;
}
