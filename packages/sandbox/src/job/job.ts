import type { Source } from "../spec/expression.js";
import { asScalar, type JsonObject } from "../spec/narrow.js";
import type { JobKind } from "./kind.js";
import type { JobOptions } from "./options.js";

/** One export of the sandbox. */
export interface Job {
  /** The value by which the vendor's client calls it: its id, or its unique name. */
  readonly id: string;
  readonly number: number;
  readonly kind: JobKind;
  readonly ids: ReadonlyMap<Source, string | number>;
  /** Every field of the request that started it. */
  readonly request: JsonObject;
  readonly createdAt: number;
  polls: number;
  options: JobOptions;
  /** Counts the changes of its file. */
  revision: number;
}

/** Where a job stands. */
export interface JobState {
  readonly name: "queued" | "running" | "succeeded" | "failed" | "cancelled" | "expired";
  /** How much of it is done, from 0 to 1. */
  readonly fraction: number;
}

/** The state of a job, now or at a poll. */
export function stateOf(job: Job, now: number): JobState {
  const { polls, durationMs, outcome = "succeeded" } = job.options;
  const { states } = job.kind;
  let fraction: number;
  if (polls !== undefined || durationMs === undefined) fraction = ratio(job.polls, polls ?? 2);
  else fraction = ratio(now - job.createdAt, durationMs);
  const mayEnd = outcome === "succeeded" || states.has(outcome);
  if (fraction >= 1 && mayEnd) return { name: outcome, fraction: 1 };
  const isQueued = fraction < 0.25 && polls !== 1;
  const name = states.has("queued") && (isQueued || !states.has("running")) ? "queued" : "running";
  return { name, fraction: Math.min(fraction, 0.99) };
}

/** What a step's parameter has to be to mean this job. */
export function bindingOf(job: Job, source: Source): string | number | undefined {
  return source.startsWith("inputs.")
    ? asScalar(job.request[source.slice("inputs.".length)])
    : job.ids.get(source);
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? Math.max(part, 0) / whole : 1;
}
