import { RequestTimedOut } from "../errors/failure.js";
import { ConnectionError } from "../errors/request-errors.js";
import { toleranceOf } from "../polling/wait-options.js";
import { JobCancelledError, JobGoneError, TimeoutError } from "../record/errors.js";
import type { JobRecord } from "../record/record.js";
import { sleep } from "../time/sleep.js";
import { type FullReply, isTransient } from "../workflow/reply.js";
import type { Workflow } from "../workflow/workflow.js";
import type { CancelOutcome, ExportJob } from "./export-job.js";

type CancelStep = NonNullable<Workflow["cancel"]>;

/** How long the vendor is asked to cancel, and then whether it has. */
const TOTAL_MS = 30_000;
const REQUEST_MS = 10_000;
const POLL_MS = 2000;

/**
 * Asks the vendor to cancel, and polls until it says that it has. A DELETE that succeeded has ended the job, so there is nothing to poll.
 * @param onEnd called if the job has ended
 */
export async function cancelJob<Raw>(
  job: ExportJob<Raw>,
  record: JobRecord<Raw>,
  step: CancelStep,
  onEnd: (state: "gone" | "cancelled") => void,
): Promise<CancelOutcome> {
  const { clock, errors } = record.connection;
  const { operation } = step;
  const deadlineAt = clock.now() + TOTAL_MS;
  const reply = await sendCancel(record, step, deadlineAt);
  if (reply.status === 410 || (reply.status === 404 && isGone(record))) {
    onEnd("gone");
    return "gone";
  }
  if (!reply.ok && reply.status !== 409) throw errors.api(operation, reply, record.requestContext("cancel"));
  if (reply.ok && operation.method === "DELETE" && reply.status !== 202) {
    onEnd("cancelled");
    return "cancelled";
  }
  try {
    await job.wait({ timeoutMs: Math.max(deadlineAt - clock.now(), 0), schedule: () => POLL_MS });
    return "tooLate";
  } catch (error) {
    if (error instanceof JobCancelledError) return "cancelled";
    if (error instanceof JobGoneError) return "gone";
    if (error instanceof TimeoutError) return reply.ok ? "requested" : "refused";
    return "tooLate";
  }
}

/** True if a 404 means that there is no such job any more. */
function isGone<Raw>(record: JobRecord<Raw>): boolean {
  return record.isGone(toleranceOf({}).notFoundMs);
}

/** Sends the request again after failures that may pass, also of a vendor that does not know its job yet: asking twice does no harm. */
async function sendCancel<Raw>(
  record: JobRecord<Raw>,
  { operation, request }: CancelStep,
  deadlineAt: number,
): Promise<FullReply> {
  const { connection, job } = record;
  const { clock } = connection;
  const context = record.requestContext("cancel");
  const deadline = new AbortController();
  const { signal } = deadline;
  const timer = clock.setTimeout(() => {
    deadline.abort(connection.errors.connection(operation, new RequestTimedOut(TOTAL_MS), context, false));
  }, TOTAL_MS);
  try {
    for (let attempt = 1; ; attempt++) {
      let pauseMs = 1000 * 2 ** (attempt - 1);
      const isLast = () => clock.now() + pauseMs >= deadlineAt;
      try {
        const attemptContext = { ...context, attempt, timeoutMs: REQUEST_MS, signal };
        const reply = await connection.send(operation, request(job), attemptContext);
        pauseMs = Math.max(pauseMs, reply.retryAfterMs ?? 0);
        const isPassing = isTransient(reply) || (reply.status === 404 && !isGone(record));
        if (!isPassing || isLast()) return reply;
      } catch (error) {
        if (!(error instanceof ConnectionError) || isLast()) throw error;
      }
      await sleep(clock, pauseMs, signal);
    }
  } finally {
    clock.clearTimeout(timer);
  }
}
