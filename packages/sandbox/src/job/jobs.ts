import type { JsonObject } from "../spec/narrow.js";
import type { Source } from "../spec/workflow.js";
import type { Job } from "./job.js";
import type { JobKind } from "./job-kind.js";
import type { JobOptions } from "./job-options.js";
import { nextId } from "./next-id.js";

/** The jobs of one vendor. */
export interface Jobs {
  all(): readonly Job[];
  create(kind: JobKind, request: JsonObject, options: JobOptions): Job;
  remove(job: Job): void;
  /** The job that has an id, whichever of its ids it is. */
  byId(id: string): Job | undefined;
  /** The job of a kind that has an id in one place. */
  bySource(kind: JobKind, source: Source, value: string): Job | undefined;
  clear(): void;
}

/** What a list of jobs needs. */
export interface JobsOptions {
  readonly now: () => number;
  readonly random: () => number;
  /** The most jobs that are kept; the oldest go first. @default 10000 */
  readonly limit?: number;
}

/** Creates an empty list of jobs. */
export function createJobs({ now, random, limit = 10_000 }: JobsOptions): Jobs {
  const jobs = new Set<Job>();
  const index = new Map<string, Job>();
  const keysOf = (job: Job): string[] => [
    job.id,
    ...[...job.ids].flatMap(([source, id]) => [String(id), sourceKey(job.kind, source, String(id))]),
  ];
  const remove = (job: Job): void => {
    jobs.delete(job);
    for (const key of keysOf(job)) if (index.get(key) === job) index.delete(key);
  };
  let count = 0;
  return {
    all: () => [...jobs],
    create(kind, request, options) {
      count += 1;
      const { start, unique = "" } = kind.workflow;
      const ids = new Map(kind.ids.map(({ source, example }) => [source, nextId(example, count, random)]));
      const id = start.outputs.has("id") ? ids.get(`${start.id}.outputs.id`) : request[unique];
      const job: Job = {
        id: String(id ?? count),
        number: count,
        kind,
        ids,
        request,
        createdAt: now(),
        polls: 0,
        hasBegun: kind.workflow.further === undefined,
        options,
        revision: 0,
      };
      jobs.add(job);
      for (const key of keysOf(job)) index.set(key, job);
      for (const oldest of jobs) {
        if (jobs.size <= limit) break;
        remove(oldest);
      }
      return job;
    },
    remove,
    byId: (id) => index.get(id),
    bySource: (kind, source, value) => index.get(sourceKey(kind, source, value)),
    clear() {
      jobs.clear();
      index.clear();
    },
  };
}

function sourceKey(kind: JobKind, source: Source, value: string): string {
  return `${kind.workflow.id} ${source} ${value}`;
}
