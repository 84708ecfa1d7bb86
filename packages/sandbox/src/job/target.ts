import { valueAt } from "@outhaul/spec";
import type { JsonObject } from "../spec/narrow.js";
import type { Operation } from "../spec/open-api.js";
import type { Binding, Call } from "../spec/workflow.js";
import { bindingValue, type Job } from "./job.js";
import type { JobKind, JobPath, Role } from "./job-kind.js";
import type { Jobs } from "./jobs.js";

/** The job or the jobs that a request is about. */
export type Target =
  | {
      readonly kind: "one";
      readonly job: Job | undefined;
      /** What the request does to the job, where a call of the workflow says so. */
      readonly role?: Role;
    }
  | {
      readonly kind: "many";
      readonly jobs: readonly Job[];
      readonly jobKind: JobKind;
      readonly isPoll: boolean;
    };

/** The parts of a request that can tell which job it is about. */
export interface TargetRequest {
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed body, if calls of the operation name their job there. */
  readonly body: unknown;
}

/** True if requests to an operation may name their job in the body. */
export function namesJobInBody(operation: Operation, kinds: readonly JobKind[]): boolean {
  return kinds.some(({ calls }) =>
    calls.some((one) => one.operation === operation && one.call.bindings.some(isJobInBody)),
  );
}

/** Finds the job of a request by what the workflow's calls send, else by its path, or the jobs of a list by its query. */
export function findTarget(
  operation: Operation,
  kinds: readonly JobKind[],
  jobs: Jobs,
  request: TargetRequest,
): Target | undefined {
  const { path, query } = request;
  const oneStep = kinds.find(({ workflow, start }) => workflow.isOneStep && start === operation);
  if (oneStep) return { kind: "one", job: findSame(oneStep, jobs, request), role: "download" };
  const called = findCall(operation, kinds, jobs, request);
  if (called) return called;
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

/** The export that the same request has made: its file stays the same, so that the rest of it can be asked for. */
function findSame(kind: JobKind, jobs: Jobs, request: TargetRequest): Job | undefined {
  const sent = JSON.stringify(requestedFields(request));
  return jobs.all().find((job) => job.kind === kind && JSON.stringify(job.request) === sent);
}

/** The fields of a path and a query. One that is repeated is a list. */
export function requestedFields({ path, query }: Pick<TargetRequest, "path" | "query">): JsonObject {
  const names = [...new Set(query.keys())];
  const fieldOf = (name: string): unknown => {
    const values = query.getAll(name);
    return values.length > 1 ? values : values[0];
  };
  return { ...path, ...Object.fromEntries(names.map((name) => [name, fieldOf(name)])) };
}

/** Finds the call of a workflow that a request is: its operation, its literals, and a job that has the values it sends. */
function findCall(
  operation: Operation,
  kinds: readonly JobKind[],
  jobs: Jobs,
  request: TargetRequest,
): Target | undefined {
  let isCall = false;
  for (const kind of kinds) {
    for (const { role, call, operation: called } of kind.calls) {
      if (called !== operation || !call.literals.every((one) => hasLiteral(request.body, one))) continue;
      const own = call.bindings.filter(({ source }) => !source.startsWith("inputs."));
      if (own.length === 0) continue;
      const values = own.map((binding) => [binding.source, sentValue(binding, request)] as const);
      if (values.some(([, value]) => value === undefined)) continue;
      isCall = true;
      const [job] = values.map(([source, value = ""]) => jobs.bySource(kind, source, value));
      if (job && values.every(([source, value = ""]) => jobs.bySource(kind, source, value) === job))
        return { kind: "one", job, role };
    }
  }
  const isStart = kinds.some(({ start }) => start === operation);
  return isCall && !isStart ? { kind: "one", job: undefined } : undefined;
}

function sentValue({ in: location, name, pointer }: Binding, request: TargetRequest): string | undefined {
  if (location === "path") return request.path[name];
  if (location === "query") return request.query.get(name) ?? undefined;
  const value = valueAt(request.body, pointer);
  return value === undefined || value === null ? undefined : String(value);
}

/** A body that was not read has no literals to look at. */
function hasLiteral(body: unknown, { pointer, value }: Call["literals"][number]): boolean {
  return body === undefined || JSON.stringify(valueAt(body, pointer)) === JSON.stringify(value);
}

function isJobInBody({ in: location, source }: Binding): boolean {
  return location === "body" && !source.startsWith("inputs.");
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
