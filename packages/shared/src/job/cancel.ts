import type { Connection } from "../client/connection.js";
import type { RequestContext } from "../client/exchange.js";
import { TimedOut } from "../errors/failure.js";
import { ConnectionError, JobCancelledError, JobGoneError, TimeoutError } from "../record/errors.js";
import type { CancelOutcome, ExportJob } from "../record/types.js";
import { sleep } from "../time/sleep.js";
import { type FullReply, isTransient } from "../workflow/reply.js";
import type { JobReference, Workflow } from "../workflow/workflow.js";

/** How long the vendor is asked to cancel, and then whether it has. */
const PATIENCE_MS = 30_000;
const REQUEST_MS = 10_000;

/**
 * Asks the vendor to cancel, again after a failure that may pass (asking twice does no harm), then polls until it says so. A DELETE that was answered has ended the job: there is nothing to poll.
 * @param end tells the job that it has ended
 */
export async function cancelJob(
  job: ExportJob,
  connection: Connection,
  { operation, request }: NonNullable<Workflow["cancel"]>,
  reference: JobReference,
  context: RequestContext,
  end: (state: "gone" | "cancelled") => void,
): Promise<CancelOutcome> {
  const { clock } = connection;
  const giveUpAt = clock.now() + PATIENCE_MS;
  const patience = new AbortController();
  const timer = clock.setTimeout(() => {
    const error = connection.errors.connection(operation, new TimedOut(PATIENCE_MS), context, false);
    patience.abort(error);
  }, PATIENCE_MS);
  const { signal } = patience;
  let reply: FullReply;
  try {
    for (let attempt = 1; ; attempt++) {
      let pauseMs = 1000 * 2 ** (attempt - 1);
      const sent = { ...context, attempt, timeoutMs: REQUEST_MS, signal };
      try {
        reply = await connection.send(operation, request(reference), sent);
        pauseMs = Math.max(pauseMs, reply.retryAfterMs ?? 0);
        if (!isTransient(reply) || clock.now() + pauseMs >= giveUpAt) break;
      } catch (error) {
        if (!(error instanceof ConnectionError) || clock.now() + pauseMs >= giveUpAt) throw error;
      }
      await sleep(clock, pauseMs, signal);
    }
  } finally {
    clock.clearTimeout(timer);
  }
  if (reply.status === 404 || reply.status === 410) {
    end("gone");
    return "gone";
  }
  if (!reply.ok && reply.status !== 409) throw connection.errors.api(operation, reply, context);
  if (reply.ok && operation.method === "DELETE" && reply.status !== 202) {
    end("cancelled");
    return "cancelled";
  }
  try {
    await job.wait({ timeoutMs: Math.max(giveUpAt - clock.now(), 0), schedule: () => 2000 });
    return "tooLate";
  } catch (error) {
    if (error instanceof JobCancelledError) return "cancelled";
    if (error instanceof JobGoneError) return "gone";
    if (error instanceof TimeoutError) return reply.ok ? "requested" : "tooLate";
    return "tooLate";
  }
}
