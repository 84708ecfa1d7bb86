import { readText } from "../body/body.js";
import type { Connection } from "../client/connection.js";
import type { RequestContext } from "../client/request-context.js";
import { beginsWith, mayBeFile, mediaType, signatureOf } from "../file/file-types.js";
import { contentEncoding, type RawReply } from "../http/transport.js";
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
): Promise<StatusOrFile> {
  return connection.open(poll.operation, poll.request(job), context, async (raw, afterMs, holdSlot) => {
    const { status, headers, destroy } = raw;
    if (!(await isFile(raw, poll))) {
      const { unreadable, ...reply } = toReply(status, headers, await readText(raw, MAX_TEXT_BYTES), afterMs);
      // Only what calls itself JSON has promised to be readable; any other text is a word that nobody knows.
      const isBroken = unreadable !== undefined && /json|html/.test(mediaType(headers) ?? "");
      return { status, reply: isBroken ? { ...reply, unreadable } : reply, file: undefined };
    }
    const release = holdSlot();
    raw.destroy = (reason) => {
      release();
      destroy.call(raw, reason);
    };
    return { status, reply: toReply(status, headers, "", afterMs), file: raw };
  });
}

/** The reply to a poll, with the file if it is the file. */
export interface StatusOrFile {
  readonly status: number;
  readonly reply: FullReply;
  readonly file: RawReply | undefined;
}

/** True if a reply is what the spec says of the file: its media type, and how it begins. What is empty is no file. */
async function isFile(raw: RawReply, { file = {} }: PollStep): Promise<boolean> {
  const type = mediaType(raw.headers);
  if (raw.status !== 200 || !mayBeFile(file, type)) return false;
  const isEncoded = contentEncoding(raw.headers) !== "" && !raw.decoded;
  const signature = isEncoded ? "" : signatureOf(file, type);
  const head = await peek(raw, Math.max(1, signature.length));
  return head.length > 0 && beginsWith(head, signature);
}

/** Reads the first bytes of a body, which the reply's reader then gets as well. */
async function peek(raw: RawReply, bytes: number): Promise<readonly number[]> {
  const body = raw.body?.[Symbol.asyncIterator]();
  const head: number[] = [];
  const chunks: Uint8Array[] = [];
  let isDone = !body;
  const next = async () => {
    const { done = false, value } = (await body?.next()) ?? { done: true };
    isDone = done;
    return done ? undefined : (value as Uint8Array); // what is not done has a value
  };
  while (!isDone && head.length < bytes) {
    const chunk = await next();
    if (!chunk) break;
    chunks.push(chunk);
    head.push(...chunk.subarray(0, bytes - head.length));
  }
  raw.body = {
    async *[Symbol.asyncIterator]() {
      yield* chunks;
      while (!isDone) {
        const chunk = await next();
        if (chunk) yield chunk;
      }
    },
  };
  return head;
}
