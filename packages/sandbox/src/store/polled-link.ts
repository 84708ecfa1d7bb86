import { type Job, stateOf } from "../job/job.js";
import { type Reply, templateReply } from "../reply/reply.js";

/** A link that a client asks at until the file is there. */
export interface PolledLink {
  isReady(): boolean;
  /** Counts a poll. @returns the reply as long as the file is not there, or when it is no longer there */
  poll(): Reply | undefined;
}

/** The link to the file of a job that has no other call for its state. It answers in each of the documented ways in turn. */
export function polledLink(job: Job, now: () => number): PolledLink {
  const state = () => stateOf(job, now()).name;
  return {
    isReady: () => state() === "succeeded",
    poll() {
      const name = state();
      job.polls += 1;
      if (name === "succeeded") return undefined;
      const { states } = job.kind;
      const replies = states.get(name) ?? states.get("running") ?? states.get("queued") ?? [];
      const reply = replies[job.polls % replies.length];
      if (!reply) throw new Error(`nothing that a file store answers is ${name}`);
      return templateReply(reply);
    },
  };
}
