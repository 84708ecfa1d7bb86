import { OuthaulError } from "../errors/outhaul-error.js";

/** What is known of the job that an error leaves behind. */
export interface JobNames {
  readonly vendor: string;
  readonly id: string;
  readonly token: string;
}

/**
 * Adds the job to an error that leaves it behind, so that another process can go on with it. Every error that a wait or a download ends with goes
 * through here, also those of the user's own code. A reason of an abort must not: it is the user's.
 */
export function withJob<T>(error: T, { vendor, id, token }: JobNames): T {
  if (error instanceof OuthaulError) return Object.assign(error, { vendor, jobId: id, token });
  if (error instanceof Error && Object.isExtensible(error) && !("token" in error))
    Object.defineProperty(error, "token", { value: token, enumerable: true, configurable: true });
  return error;
}
