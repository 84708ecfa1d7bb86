import type { Job } from "../job/job.js";
import type { EarlyFault, Fault, FaultTarget, LateFault } from "./fault.js";

/** What is known of a request when a fault is looked for. */
export interface Met {
  readonly operation?: string;
  /** Its parts in workflows; `file` where its reply is, or will be, the file. */
  readonly parts: ReadonlySet<NonNullable<FaultTarget["on"]>>;
  readonly job?: Job | undefined;
}

/** The faults that wait for their request. */
export interface Faults {
  add(fault: Fault): void;
  /** Takes the first fault that meets a request before it is looked at. */
  early(met: Met): EarlyFault | undefined;
  /** Takes the first fault that meets a reply. */
  late(met: Met): LateFault | undefined;
  /** Takes the way that the next job shall end. */
  outcome(): Extract<Fault, { kind: "outcome" }> | undefined;
  waiting(): readonly Fault[];
  clear(): void;
}

/** Makes an empty queue of faults. */
export function createFaults(): Faults {
  let waiting: { fault: Fault; skip: number; left: number }[] = [];

  function take<Kind extends Fault>(met: Met, isKind: (fault: Fault) => fault is Kind): Kind | undefined {
    for (const entry of waiting) {
      if (!isKind(entry.fault) || !meets(entry.fault, met)) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.left -= 1;
      waiting = waiting.filter(({ left }) => left > 0);
      return entry.fault;
    }
    return undefined;
  }

  return {
    add(fault) {
      const { skip = 0, times = 1 } = fault;
      waiting.push({ fault, skip, left: times === "always" ? Number.POSITIVE_INFINITY : times });
    },
    early: (met) => take(met, isEarly),
    late: (met) => take(met, isLate),
    outcome: () => take({ parts: new Set(["start"]) }, isOutcome),
    waiting: () => waiting.map(({ fault }) => fault),
    clear() {
      waiting = [];
    },
  };
}

const EARLY: readonly string[] = ["error", "dropped", "hang", "unknownStatus", "changedFile", "expiredLink"];

function isOutcome(fault: Fault): fault is Extract<Fault, { kind: "outcome" }> {
  return fault.kind === "outcome";
}

function isEarly(fault: Fault): fault is EarlyFault {
  return EARLY.includes(fault.kind);
}

function isLate(fault: Fault): fault is LateFault {
  return !isEarly(fault) && !isOutcome(fault);
}

const DEFAULT_PART: Partial<Record<Fault["kind"], NonNullable<FaultTarget["on"]>>> = {
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

function meets(fault: Fault, { operation, parts, job }: Met): boolean {
  if (fault.operation !== undefined && fault.operation !== operation) return false;
  const part = fault.on ?? (fault.operation === undefined ? DEFAULT_PART[fault.kind] : undefined);
  if (part !== undefined && !parts.has(part)) return false;
  return fault.job === undefined || (job !== undefined && isNamed(job, fault.job));
}

/** Whether one of a job's ids is this one. */
export function isNamed(job: Job, id: string): boolean {
  return job.id === id || [...job.ids.values()].some((each) => String(each) === id);
}
