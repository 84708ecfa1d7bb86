import type { RequestContext } from "../client/request-context.js";
import { OuthaulError } from "../errors/outhaul-error.js";
import type { JobRecord } from "../record/record.js";
import { isTransient } from "../workflow/reply.js";
import type {
  FurtherFailure,
  FurtherStep,
  JobReference,
  Operation,
  Reply,
  RequestParts,
} from "../workflow/workflow.js";

/** A step between the start and the polls, as the generator compiled it. */
export interface FurtherStepDefinition<Raw> {
  readonly operation: Operation;
  request(job: JobReference): RequestParts;
  accepted(reply: Reply): boolean;
  /** True if the poll's reply says that the step is still to be done. */
  isDue(reply: Reply<Raw>): boolean;
}

/** What is known of one job's step. */
interface Progress {
  /** Set while a request is under way. */
  sending?: Promise<FurtherFailure | undefined> | undefined;
  /** How often in a row the vendor has refused it. */
  refusals: number;
}

/** A single refusal may come of a request whose reply was lost: the next poll tells. */
const MAX_REFUSALS = 2;

/**
 * Sends the step without which the vendor does not begin the job. The job's state alone says if it is still to be done, so a reply that was lost, a
 * process that was killed and a job that is resumed need no care of their own. Vendors without such a step do not load it.
 */
export function furtherStep<Raw>(definition: FurtherStepDefinition<Raw>): FurtherStep<Raw> {
  const jobs = new WeakMap<object, Progress>();

  async function send(record: JobRecord<unknown>, signal: AbortSignal | undefined, progress: Progress) {
    const { operation, request, accepted } = definition;
    const { connection, job } = record;
    const { definition: client, errors } = connection;
    const context: RequestContext = { ...record.requestContext("create"), signal };
    try {
      const reply = await connection.send(operation, request(job), context);
      if (!reply.unreadable && accepted(reply) && !client.errors?.when?.(reply)) {
        progress.refusals = 0;
        return undefined;
      }
      const error = reply.unreadable
        ? errors.protocol(operation, reply, `${reply.unreadable} where JSON was promised`, context)
        : errors.api(operation, reply, context);
      const isFinal = !reply.ok && !isTransient(reply) && ++progress.refusals >= MAX_REFUSALS;
      return { kind: isFinal ? "refused" : "inconclusive", error } as const;
    } catch (error) {
      // A mistake in code is nothing to wait out; after an abort nobody asks.
      if (!(error instanceof OuthaulError) && !signal?.aborted) throw error;
      return { kind: "inconclusive", error: error as OuthaulError } as const;
    }
  }

  return {
    isDue: definition.isDue,
    send(given, signal) {
      const record = given as JobRecord<unknown>; // a job sends its own record
      const progress = jobs.get(record) ?? { refusals: 0 };
      jobs.set(record, progress);
      progress.sending ??= send(record, signal, progress).finally(() => {
        progress.sending = undefined;
      });
      return progress.sending;
    },
  };
}
