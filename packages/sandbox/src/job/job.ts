import { asScalar, type JsonObject } from "../spec/narrow.js";
import type { Source } from "../spec/workflow.js";
import type { JobKind } from "./job-kind.js";
import type { JobOptions } from "./job-options.js";

/** An export of the sandbox. */
export interface Job {
  /** The id that the vendor's client uses: the vendor's id, or a unique name. */
  readonly id: string;
  readonly number: number;
  readonly kind: JobKind;
  readonly ids: ReadonlyMap<Source, string | number>;
  /** All fields of the request that started it. */
  readonly request: JsonObject;
  readonly createdAt: number;
  polls: number;
  /** True once the job has begun: at its start, or with the step between start and poll. */
  hasBegun: boolean;
  options: JobOptions;
  /** The number of times that its file was changed. */
  revision: number;
}

/** The state of a job. It is `created` until the step between start and poll was sent. */
export interface JobState {
  readonly name:
    | "created"
    | "queued"
    | "running"
    | "succeeded"
    | "empty"
    | "failed"
    | "cancelled"
    | "expired";
  /** The part that is done, from 0 to 1. */
  readonly fraction: number;
}

/** The state of a job at a time. */
export function stateOf(job: Job, now: number): JobState {
  const { polls, durationMs, outcome = "succeeded" } = job.options;
  const { states } = job.kind;
  if (!job.hasBegun) return { name: "created", fraction: 0 };
  if (job.kind.workflow.isOneStep)
    return { name: outcome === "empty" && states.has(outcome) ? outcome : "succeeded", fraction: 1 };
  const fraction =
    polls !== undefined || durationMs === undefined
      ? ratio(job.polls, polls ?? 2)
      : ratio(now - job.createdAt, durationMs);
  const canEnd = outcome === "succeeded" || states.has(outcome);
  if (fraction >= 1 && canEnd) return { name: outcome, fraction: 1 };
  const isEarly = fraction < 0.25 && polls !== 1;
  const name = states.has("queued") && (isEarly || !states.has("running")) ? "queued" : "running";
  return { name, fraction: Math.min(fraction, 0.99) };
}

/** The number of parts that a job's file has: one, unless the vendor sends it as a list of files, in pages or in numbered parts. */
export function partsOf({ options, kind }: Job): number {
  const { nextPage, partNumber } = kind.workflow.download;
  return kind.files || nextPage || partNumber ? (options.parts ?? 3) : 1;
}

/** The value of a step's parameter for a job. */
export function bindingValue(job: Job, source: Source): string | number | undefined {
  return source.startsWith("inputs.")
    ? asScalar(job.request[source.slice("inputs.".length)])
    : job.ids.get(source);
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? Math.max(part, 0) / whole : 1;
}
