import type { Source } from "../spec/expression.js";
import type { JsonObject } from "../spec/narrow.js";
import type { Operation } from "../spec/open-api.js";
import type { Job } from "./job.js";
import { bindingOf } from "./job.js";
import type { JobKind } from "./kind.js";
import type { JobOptions } from "./options.js";

/** The exports of one vendor. */
export interface Jobs {
  all(): readonly Job[];
  create(kind: JobKind, request: JsonObject, options: JobOptions): Job;
  remove(job: Job): void;
  /** The job with this id, whichever of its ids it is. */
  byId(id: string): Job | undefined;
  /** The job of this kind with this value. */
  bySource(kind: JobKind, source: Source, value: string): Job | undefined;
  clear(): void;
}

/** Makes an empty list of exports. */
export function createJobs({ now, random }: { now: () => number; random: () => number }): Jobs {
  const jobs = new Set<Job>();
  const index = new Map<string, Job>();
  const keysOf = (job: Job): string[] => [
    job.id,
    ...[...job.ids].flatMap(([source, id]) => [String(id), keyOf(job.kind, source, String(id))]),
  ];
  let count = 0;
  return {
    all: () => [...jobs],
    create(kind, request, options) {
      count += 1;
      const ids = new Map(kind.ids.map(({ source, example }) => [source, nextId(example, count, random)]));
      const { start, unique } = { start: kind.workflow.start, unique: kind.workflow.unique };
      const id = start.outputs.has("id") ? ids.get(`${start.id}.outputs.id`) : request[unique ?? ""];
      const job: Job = {
        id: String(id ?? count),
        number: count,
        kind,
        ids,
        request,
        createdAt: now(),
        polls: 0,
        options,
        revision: 0,
      };
      jobs.add(job);
      for (const key of keysOf(job)) index.set(key, job);
      return job;
    },
    remove(job) {
      jobs.delete(job);
      for (const key of keysOf(job)) if (index.get(key) === job) index.delete(key);
    },
    byId: (id) => index.get(id),
    bySource: (kind, source, value) => index.get(keyOf(kind, source, value)),
    clear() {
      jobs.clear();
      index.clear();
    },
  };
}

function keyOf(kind: JobKind, source: Source, value: string): string {
  return `${kind.workflow.id} ${source} ${value}`;
}

/** Which job or jobs a request speaks of. */
export type Target =
  | { readonly kind: "one"; readonly job: Job | undefined }
  | {
      readonly kind: "many";
      readonly jobs: readonly Job[];
      readonly jobKind: JobKind;
      readonly isPoll: boolean;
    };

/** Finds the jobs that a request speaks of, by its path or, for a poll that answers a list, by its query. */
export function findTarget(
  operation: Operation,
  kinds: readonly JobKind[],
  jobs: Jobs,
  path: Readonly<Record<string, string>>,
  query: URLSearchParams,
): Target | undefined {
  const places = kinds.flatMap((kind) => kind.paths.map((place) => ({ ...place, kind })));
  const under = places.filter((place) => `${operation.path}/`.startsWith(`${place.path}/`));
  if (under.length > 0) {
    const [job] = under.flatMap(
      ({ kind, source, parameter }) => jobs.bySource(kind, source, path[parameter] ?? "") ?? [],
    );
    return { kind: "one", job };
  }
  if (operation.method !== "GET") return undefined;
  const listed = kinds.find((kind) => kind.list && kind.poll === operation);
  const collection = places.find((place) => place.path === `${operation.path}/{${place.parameter}}`);
  const jobKind = listed ?? collection?.kind;
  if (!jobKind) return undefined;
  const bindings = listed?.workflow.poll.bindings.filter((each) => query.get(each.name)) ?? [];
  const wanted = (job: Job): boolean =>
    job.kind === jobKind &&
    bindings.every((each) => {
      const asked = query.get(each.name) ?? "";
      return String(bindingOf(job, each.source) ?? "").includes(asked);
    });
  return { kind: "many", jobs: jobs.all().filter(wanted).reverse(), jobKind, isPoll: bindings.length > 0 };
}

/** The next id in the form of an example: a number, digits, a UUID or a text. */
function nextId(example: string | number, count: number, random: () => number): string | number {
  if (typeof example === "number") return example + count;
  if (/^\d{1,15}$/.test(example)) return String(Number(example) + count).padStart(example.length, "0");
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(example)) {
    const hex = (pattern: string): string =>
      pattern.replace(/[xy]/g, (at) => {
        const digit = Math.floor(random() * 16);
        return (at === "y" ? (digit & 3) | 8 : digit).toString(16);
      });
    return hex("xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx");
  }
  return `${example}-${count}`;
}
