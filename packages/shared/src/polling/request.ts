import type { Connection } from "../client/connection.js";
import type { RequestContext } from "../client/exchange.js";
import { OuthaulError } from "../errors/outhaul-error.js";
import { type RawReply, readText } from "../http/transport.js";
import { type FullReply, toReply } from "../workflow/reply.js";
import type { JobReference, Workflow } from "../workflow/workflow.js";

/** What a status request brought: a reply, and with it the file where the reply is the file; or nothing. */
export type Answer =
  | { readonly reply: FullReply; readonly file?: RawReply | undefined; readonly error?: undefined }
  | { readonly reply?: undefined; readonly file?: undefined; readonly error: OuthaulError };

/** How much of a reply that is not the file is read. */
const MAX_TEXT_BYTES = 1_000_000;

/** Sends one status request. A failed connection is an answer, too; an abort rejects. */
export async function askStatus(
  connection: Connection,
  { poll, download }: Workflow,
  job: JobReference,
  context: RequestContext,
): Promise<Answer> {
  try {
    if (download) return { reply: await connection.send(poll.operation, poll.request(job), context) };
    return await connection.open(poll.operation, poll.request(job), context, async (raw, afterMs, hold) => {
      const { status, headers, destroy } = raw;
      const file = status === 200 && !/json|html/.test(headers.get("content-type") ?? "") ? raw : undefined;
      if (file) {
        const leave = hold();
        file.destroy = (reason) => {
          leave();
          destroy.call(raw, reason);
        };
      }
      const text = file ? "" : await readText(raw, MAX_TEXT_BYTES);
      return { status, reply: toReply(status, headers, text, afterMs), file };
    });
  } catch (error) {
    if (context.signal?.aborted || !(error instanceof OuthaulError)) throw error;
    return { error };
  }
}
