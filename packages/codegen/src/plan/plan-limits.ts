import { type OpenApi, parseRateLimit, type Quota, readOperations } from "@outhaul/spec";

/** The limits that a client keeps. */
export interface LimitsPlan {
  /** Those of all requests together. */
  readonly quotas: readonly Quota[];
  readonly maxConcurrent?: number;
  /** How many jobs may be open at once. */
  readonly maxOpenJobs?: number;
  /** Those of single operations. */
  readonly operations: readonly {
    readonly id: string;
    /** Method and path: `POST /reports`. */
    readonly name: string;
    readonly quotas: readonly Quota[];
  }[];
  /** True if a request may have to wait so long for a slot that it has to be told. */
  readonly isLong: boolean;
  /** True if a start may have to wait for long, so that it takes a time limit. */
  readonly isTimed: boolean;
}

/** A wait for a slot of a longer window has to be told. */
const LONG_WINDOW_MS = 60_000;

/** Reads the limits of a document that has passed the checks. */
export function planLimits(document: OpenApi): LimitsPlan {
  const quotas = parseRateLimit(document["x-ratelimit-policy"] ?? "") ?? [];
  const maxConcurrent = document["x-max-concurrent"];
  const maxOpenJobs = document["x-max-open-jobs"];
  const operations = readOperations(document).flatMap(({ id, method, path, rateLimitPolicy = "" }) => {
    const own = parseRateLimit(rateLimitPolicy);
    return own ? [{ id, name: `${method} ${path}`, quotas: own }] : [];
  });
  const isLong = operations.length > 0 || quotas.some(({ windowMs }) => windowMs > LONG_WINDOW_MS);
  return {
    quotas,
    ...(maxOpenJobs === undefined ? {} : { maxOpenJobs }),
    ...(maxConcurrent === undefined ? {} : { maxConcurrent }),
    operations,
    isLong,
    isTimed: isLong || maxOpenJobs !== undefined,
  };
}
