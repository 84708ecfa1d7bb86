import { ResumeTokenError } from "../record/errors.js";
import type { PollStep, Reply, Workflow } from "../workflow/workflow.js";

/** A workflow whose poll asks at a link of the start's reply, as the generator compiled it. */
export interface LinkPollDefinition<Request>
  extends Omit<Workflow<Request, string>, "poll" | "download" | "find" | "further" | "oneStep"> {
  /** The link in the reply to the start. */
  link(reply: Reply): unknown;
  readonly poll: Pick<PollStep<string>, "states" | "adviceMs" | "source">;
}

/**
 * A workflow without a call for the job's state: the reply to the start brings a link, which leads to the file once that is there. Who has the link has the
 * file. So it stands in the resume token sealed with the client's credentials, and a process that resumes the job has to have the same. It is asked without
 * them. Vendors without such a workflow do not load it.
 */
export function linkPoll<Request extends object>(
  definition: LinkPollDefinition<Request>,
): Workflow<Request, string> {
  const { link, start, poll, ...rest } = definition;
  const load = () => import("./link.js"); // loaded with the first reply to a start, or the first poll
  return {
    ...rest,
    start: {
      ...start,
      outputs: async (reply, connection) => ({
        ...(await start.outputs(reply, connection)),
        ...(await (await load()).sealLink(connection, rest.name, reply, link(reply))),
      }),
    },
    poll: {
      ...poll,
      operation: { id: "link", method: "GET", path: "{fileUrl}" },
      request: () => ({}),
      states: [["unknown", refuseUnreadable], ...poll.states],
      async source(source, connection, job) {
        const own = (await load()).linkSource(source, connection, job);
        return (await poll.source?.(own, connection, job)) ?? own;
      },
      loadFilePoll: load,
    },
  };
}

/** Ends the wait for a job whose link cannot be read: no other poll would tell more. */
function refuseUnreadable({ body }: Reply): boolean {
  if (body instanceof ResumeTokenError) throw body;
  return false;
}
