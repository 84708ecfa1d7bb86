import type { Job } from "../job/job.js";
import type { Fault, FaultTarget } from "./fault.js";
import { faultKind, type JobFault, type ReplyFault, type RequestFault } from "./fault-kinds.js";

/** The part of a workflow that a request belongs to; `file` if its reply is the export's file. */
export type Part = NonNullable<FaultTarget["on"]>;

/** A request that a fault may apply to. */
export interface FaultCandidate {
  readonly operation?: string;
  readonly parts: ReadonlySet<Part>;
  readonly job?: Job | undefined;
}

/** A fault that has not applied yet, or not as often as it was asked for. */
export interface WaitingFault {
  /** What it is removed by. */
  readonly id: number;
  readonly fault: Fault;
  /** The number of requests that it will still apply to. */
  readonly left: number | "always";
}

/** The faults that have not applied yet, in the order in which they were added. */
export interface FaultQueue {
  add(fault: Fault): void;
  all(): readonly WaitingFault[];
  /** Removes one fault, or all of them. A fault that is gone already is no mistake. */
  remove(id?: number): void;
  /** Removes and returns the first fault for a request that is not handled yet. */
  nextForRequest(request: FaultCandidate): RequestFault | undefined;
  /** Removes and returns the first fault for the reply to a request. */
  nextForReply(request: FaultCandidate): ReplyFault | undefined;
  /** Removes and returns the outcome of the next job. */
  nextOutcome(): JobFault | undefined;
}

/** More faults than anybody waits for. */
const MAX_FAULTS = 1000;

/** Creates an empty queue. */
export function createFaultQueue(): FaultQueue {
  let queue: { id: number; fault: Fault; skip: number; left: number }[] = [];
  let count = 0;

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
      if (queue.length >= MAX_FAULTS) throw new RangeError(`${MAX_FAULTS} faults are waiting already`);
      const { skip = 0, times = 1 } = fault;
      count += 1;
      queue.push({ id: count, fault, skip, left: times === "always" ? Number.POSITIVE_INFINITY : times });
    },
    all: () =>
      queue.map(({ id, fault, left }) => ({ id, fault, left: Number.isFinite(left) ? left : "always" })),
    remove(id) {
      queue = id === undefined ? [] : queue.filter((entry) => entry.id !== id);
    },
    nextForRequest: (request) => next(request, isRequestFault),
    nextForReply: (request) => next(request, isReplyFault),
    nextOutcome: () => next({ parts: new Set(["start"]) }, isJobFault),
  };
}

function applies(fault: Fault, { operation, parts, job }: FaultCandidate): boolean {
  if (fault.operation !== undefined && fault.operation !== operation) return false;
  const part = fault.on ?? (fault.operation === undefined ? faultKind(fault.kind).on : undefined);
  if (part !== undefined && !parts.has(part)) return false;
  return fault.job === undefined || (job !== undefined && hasId(job, fault.job));
}

function hasId(job: Job, id: string): boolean {
  return job.id === id || [...job.ids.values()].some((each) => String(each) === id);
}

function isJobFault(fault: Fault): fault is JobFault {
  return faultKind(fault.kind).phase === "job";
}

function isRequestFault(fault: Fault): fault is RequestFault {
  return faultKind(fault.kind).phase === "request";
}

function isReplyFault(fault: Fault): fault is ReplyFault {
  return faultKind(fault.kind).phase === "reply";
}
