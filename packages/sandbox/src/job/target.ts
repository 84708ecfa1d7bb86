import type { Operation } from "../spec/open-api.js";
import { bindingValue, type Job } from "./job.js";
import type { JobKind, JobPath } from "./job-kind.js";
import type { Jobs } from "./jobs.js";

/** The job or the jobs that a request is about. */
export type Target =
  | { readonly kind: "one"; readonly job: Job | undefined }
  | {
      readonly kind: "many";
      readonly jobs: readonly Job[];
      readonly jobKind: JobKind;
      readonly isPoll: boolean;
    };

/** Finds the job of a request by its path, or the jobs of a list by its query. */
export function findTarget(
  operation: Operation,
  kinds: readonly JobKind[],
  jobs: Jobs,
  path: Readonly<Record<string, string>>,
  query: URLSearchParams,
): Target | undefined {
  const jobPaths = kinds.flatMap((kind) => kind.paths.map((jobPath) => ({ ...jobPath, kind })));
  const above = jobPaths.filter((jobPath) => `${operation.path}/`.startsWith(`${jobPath.path}/`));
  if (above.length > 0) {
    const [job] = above.flatMap(
      ({ kind, source, parameter }) => jobs.bySource(kind, source, path[parameter] ?? "") ?? [],
    );
    return { kind: "one", job };
  }
  if (operation.method !== "GET") return undefined;
  return findList(operation, kinds, jobPaths, jobs, query);
}

function findList(
  operation: Operation,
  kinds: readonly JobKind[],
  jobPaths: readonly (JobPath & { readonly kind: JobKind })[],
  jobs: Jobs,
  query: URLSearchParams,
): Target | undefined {
  const polled = kinds.find((kind) => kind.list && kind.poll === operation);
  const collection = jobPaths.find(({ path, parameter }) => path === `${operation.path}/{${parameter}}`);
  const jobKind = polled ?? collection?.kind;
  if (!jobKind) return undefined;
  const filters = polled?.workflow.poll.bindings.filter(({ name }) => query.get(name)) ?? [];
  const isListed = (job: Job): boolean =>
    job.kind === jobKind &&
    filters.every(({ name, source }) =>
      String(bindingValue(job, source) ?? "").includes(query.get(name) ?? ""),
    );
  return { kind: "many", jobs: jobs.all().filter(isListed).reverse(), jobKind, isPoll: filters.length > 0 };
}
