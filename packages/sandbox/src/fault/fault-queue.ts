import type { Job } from "../job/job.js";
import type { Fault, FaultTarget, ReplyFault, RequestFault } from "./fault.js";

/** The part of a workflow that a request belongs to; `file` if its reply is the export's file. */
export type Part = NonNullable<FaultTarget["on"]>;

/** A request that a fault may apply to. */
export interface FaultCandidate {
  readonly operation?: string;
  readonly parts: ReadonlySet<Part>;
  readonly job?: Job | undefined;
}

/** The faults that have not applied yet, in the order in which they were added. */
export interface FaultQueue {
  add(fault: Fault): void;
  /** Removes and returns the first fault for a request that is not handled yet. */
  nextForRequest(request: FaultCandidate): RequestFault | undefined;
  /** Removes and returns the first fault for the reply to a request. */
  nextForReply(request: FaultCandidate): ReplyFault | undefined;
  /** Removes and returns the outcome of the next job. */
  nextOutcome(): Extract<Fault, { kind: "outcome" }> | undefined;
  clear(): void;
}

/** Creates an empty queue. */
export function createFaultQueue(): FaultQueue {
  let queue: { fault: Fault; skip: number; left: number }[] = [];

  function next<Kind extends Fault>(
    request: FaultCandidate,
    isKind: (fault: Fault) => fault is Kind,
  ): Kind | undefined {
    for (const entry of queue) {
      if (!isKind(entry.fault) || !applies(entry.fault, request)) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.left -= 1;
      queue = queue.filter(({ left }) => left > 0);
      return entry.fault;
    }
    return undefined;
  }

  return {
    add(fault) {
      const { skip = 0, times = 1 } = fault;
      queue.push({ fault, skip, left: times === "always" ? Number.POSITIVE_INFINITY : times });
    },
    nextForRequest: (request) => next(request, isRequestFault),
    nextForReply: (request) => next(request, isReplyFault),
    nextOutcome: () => next({ parts: new Set(["start"]) }, isOutcome),
    clear() {
      queue = [];
    },
  };
}

/** The part that a fault applies to if its target names none. */
const DEFAULT_PART: Partial<Record<Fault["kind"], Part>> = {
  outcome: "start",
  unknownStatus: "poll",
  lostReply: "start",
  cutConnection: "file",
  truncatedBody: "file",
  slowBody: "file",
  html: "file",
  expiredLink: "file",
  changedFile: "file",
};

function applies(fault: Fault, { operation, parts, job }: FaultCandidate): boolean {
  if (fault.operation !== undefined && fault.operation !== operation) return false;
  const part = fault.on ?? (fault.operation === undefined ? DEFAULT_PART[fault.kind] : undefined);
  if (part !== undefined && !parts.has(part)) return false;
  return fault.job === undefined || (job !== undefined && hasId(job, fault.job));
}

function hasId(job: Job, id: string): boolean {
  return job.id === id || [...job.ids.values()].some((each) => String(each) === id);
}

const REQUEST_FAULTS: readonly string[] = [
  "error",
  "dropped",
  "hang",
  "unknownStatus",
  "changedFile",
  "expiredLink",
];

function isOutcome(fault: Fault): fault is Extract<Fault, { kind: "outcome" }> {
  return fault.kind === "outcome";
}

function isRequestFault(fault: Fault): fault is RequestFault {
  return REQUEST_FAULTS.includes(fault.kind);
}

function isReplyFault(fault: Fault): fault is ReplyFault {
  return !isRequestFault(fault) && !isOutcome(fault);
}
