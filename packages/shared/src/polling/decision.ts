import type { Connection } from "../client/connection.js";
import type { RequestContext } from "../client/request-context.js";
import { short } from "../errors/text.js";
import type { PollResult } from "../record/poll-result.js";
import { type FullReply, isTransient } from "../workflow/reply.js";
import type { JobReference, Workflow } from "../workflow/workflow.js";

/**
 * Decides what a poll's reply says about the job. The workflow's own conditions come first. What they do not mention is decided by the status: 408,
 * 425, 429, 5xx and unreadable bodies are inconclusive; 410 means that the job has expired; the rest of 4xx, and a redirect to elsewhere, will not
 * change. Where the poll is the download, only the file itself is a success. Where a job is found by its unique name, a reply about another job is never used.
 */
export function decidePoll(
  connection: Connection,
  { poll, find, download }: Workflow,
  job: JobReference,
  reply: FullReply,
  context: RequestContext,
  isFile: boolean,
): PollResult {
  const error = () => connection.errors.api(poll.operation, reply, context);
  const unreadable = (problem: string): PollResult => ({
    kind: "inconclusive",
    error: connection.errors.protocol(poll.operation, reply, problem, context),
  });
  if (reply.ok && reply.unreadable) return unreadable(`${reply.unreadable} where JSON was promised`);
  if (reply.ok && connection.definition.errors?.when?.(reply))
    return { kind: "inconclusive", error: error() };
  const uniqueName = find && job[find.unique];
  const isOtherJob =
    uniqueName !== undefined &&
    reply.ok &&
    poll.status?.(reply) !== undefined &&
    !find?.matches(reply, uniqueName);
  if (isOtherJob) return { kind: "unknown", rawStatus: `not the job named "${uniqueName}"` };
  const isPossible = (state: string) => state !== "succeeded" || download !== undefined || isFile;
  const state = poll.states.find(([name, when]) => isPossible(name) && when(reply))?.[0];
  if (state && state !== "unknown") return { kind: "state", state };
  if (reply.ok) {
    const word = poll.status?.(reply);
    const isReadable = typeof word === "string" || (typeof word === "number" && poll.numericStatus);
    if (poll.status && !isReadable)
      return unreadable(
        word === undefined ? "no status" : `a status of type ${word === null ? "null" : typeof word}`,
      );
    const rawStatus = String(word ?? JSON.stringify(reply.body) ?? "an empty reply");
    return { kind: "unknown", rawStatus: short(connection.credentials.redact(rawStatus)) };
  }
  if (reply.status === 304) return { kind: "inconclusive", error: error() };
  if (reply.status === 410) return { kind: "state", state: "expired" };
  if (reply.status === 404) return { kind: "notFound", error: error() };
  if (reply.status === 403) return { kind: "forbidden", error: error() };
  return { kind: isTransient(reply) ? "inconclusive" : "refused", error: error() };
}
