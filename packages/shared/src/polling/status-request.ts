import type { Connection } from "../client/connection.js";
import type { RequestContext } from "../client/request-context.js";
import { OuthaulError } from "../errors/outhaul-error.js";
import type { RawReply } from "../http/transport.js";
import type { FullReply } from "../workflow/reply.js";
import type { JobReference, Workflow } from "../workflow/workflow.js";

/** The result of a status request: a reply, together with the file if the reply is the file; or the error. */
export type StatusAnswer =
  | { readonly reply: FullReply; readonly file?: RawReply | undefined; readonly error?: undefined }
  | { readonly reply?: undefined; readonly file?: undefined; readonly error: OuthaulError };

/** Sends one status request. A failed connection is an answer, too; an abort rejects. */
export async function requestStatus(
  connection: Connection,
  { poll, download }: Workflow,
  job: JobReference,
  context: RequestContext,
): Promise<StatusAnswer> {
  try {
    if (download) return { reply: await connection.send(poll.operation, poll.request(job), context) };
    const filePoll = (await poll.loadFilePoll?.()) as typeof import("./file-request.js"); // what the generator writes loads it
    return await filePoll.requestFile(connection, poll, job, context);
  } catch (error) {
    if (context.signal?.aborted || !(error instanceof OuthaulError)) throw error;
    return { error };
  }
}
