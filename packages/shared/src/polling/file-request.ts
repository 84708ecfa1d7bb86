import { readText } from "../body/body.js";
import type { Connection } from "../client/connection.js";
import type { RequestContext } from "../client/request-context.js";
import type { RawReply } from "../http/transport.js";
import { type FullReply, toReply } from "../workflow/reply.js";
import type { JobReference, PollStep } from "../workflow/workflow.js";

/** How much of a reply that is not the file is read. */
const MAX_TEXT_BYTES = 1_000_000;

/** Sends the status request of a vendor whose reply is the file once the job has succeeded. The file's body is left unread. */
export async function requestFile(
  connection: Connection,
  poll: PollStep,
  job: JobReference,
  context: RequestContext,
): Promise<{ status: number; reply: FullReply; file: RawReply | undefined }> {
  return connection.open(poll.operation, poll.request(job), context, async (raw, afterMs, holdSlot) => {
    const { status, headers, destroy } = raw;
    const isFile = status === 200 && !/json|html/.test(headers.get("content-type") ?? "");
    if (!isFile) {
      const text = await readText(raw, MAX_TEXT_BYTES);
      return { status, reply: toReply(status, headers, text, afterMs), file: undefined };
    }
    const release = holdSlot();
    raw.destroy = (reason) => {
      release();
      destroy.call(raw, reason);
    };
    return { status, reply: toReply(status, headers, "", afterMs), file: raw };
  });
}
