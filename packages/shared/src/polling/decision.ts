import type { Connection } from "../client/connection.js";
import type { RequestContext } from "../client/exchange.js";
import type { OuthaulError } from "../errors/outhaul-error.js";
import { type FullReply, isTransient, short } from "../workflow/reply.js";
import type { JobReference, PolledState, Workflow } from "../workflow/workflow.js";

/** What a poll's reply says about the job. */
export type Verdict =
  | { kind: "state"; state: Exclude<PolledState, "unknown"> }
  /** A word that the workflow does not know. */
  | { kind: "unknown"; rawStatus: string }
  /** No news, which is not bad news: the next poll may fare better. */
  | { kind: "silence"; error: OuthaulError }
  | { kind: "notFound"; error: OuthaulError }
  | { kind: "forbidden"; error: OuthaulError }
  /** The vendor refuses to tell, and would refuse again. */
  | { kind: "refused"; error: OuthaulError };

/**
 * Reads a poll's reply. Where a job is found by its unique name, a reply about another job is never taken for one about this. The workflow's own conditions come first; what they do not speak of is judged by its status: 408, 425, 429, 5xx and unreadable bodies are no news; 410 means that the
 * job has expired; the rest of 4xx, and a redirect to elsewhere, will not change.
 */
export function judge(
  connection: Connection,
  { poll, find }: Workflow,
  job: JobReference,
  reply: FullReply,
  context: RequestContext,
): Verdict {
  const error = () => connection.errors.api(poll.operation, reply, context);
  const unreadable = (problem: string): Verdict => ({
    kind: "silence",
    error: connection.errors.protocol(poll.operation, reply, problem, context),
  });
  if (reply.ok && reply.unreadable) return unreadable(`${reply.unreadable} where JSON was promised`);
  if (reply.ok && connection.definition.errors?.when?.(reply)) return { kind: "silence", error: error() };
  const unique = find && job[find.unique];
  const listsOther =
    unique !== undefined && reply.ok && poll.status?.(reply) !== undefined && !find?.matches(reply, unique);
  if (listsOther) return { kind: "unknown", rawStatus: `not the job named "${unique}"` };
  const state = poll.states.find(([, when]) => when(reply))?.[0];
  if (state && state !== "unknown") return { kind: "state", state };
  if (reply.ok) {
    const word = poll.status?.(reply);
    const known = typeof word === "string" || (typeof word === "number" && poll.numericStatus);
    if (poll.status && !known)
      return unreadable(
        word === undefined ? "no status" : `a status of type ${word === null ? "null" : typeof word}`,
      );
    return {
      kind: "unknown",
      rawStatus: short(connection.credentials.redact(String(word ?? JSON.stringify(reply.body)))),
    };
  }
  if (reply.status === 410) return { kind: "state", state: "expired" };
  if (reply.status === 404) return { kind: "notFound", error: error() };
  if (reply.status === 403) return { kind: "forbidden", error: error() };
  return { kind: isTransient(reply) ? "silence" : "refused", error: error() };
}
