import type { Connection } from "../client/connection.js";
import type { StartOptions } from "../client/options.js";
import { CreateAmbiguousError } from "../record/errors.js";
import type { JobReference, Workflow } from "../workflow/workflow.js";

/** A create whose reply was lost. */
interface LostCreate<Request, Raw> {
  readonly workflow: Workflow<Request, Raw>;
  /** Why the reply is not known. */
  readonly cause: unknown;
  /** What is known of the job without the reply. */
  readonly kept: JobReference;
  /** The name that no other job has, where the vendor lets jobs be found by one. */
  readonly uniqueName: string | undefined;
}

/**
 * What the vendor says of the job of a create whose reply was lost.
 * @throws {@link CreateAmbiguousError} if it cannot be found: it may exist all the same
 */
export async function findLostCreate<Request, Raw>(
  connection: Connection,
  lost: LostCreate<Request, Raw>,
  options: StartOptions,
): Promise<JobReference> {
  const { vendor } = connection;
  const { cause, workflow, kept, uniqueName } = lost;
  const { start, find, name } = workflow;
  const reason = cause instanceof Error ? ` (${cause.message})` : "";
  const what = `${vendor}: ${name}: the reply to ${start.operation.method} ${start.operation.path} was lost${reason}`;
  let found: JobReference | undefined;
  let searched = ": the export";
  if (find && uniqueName) {
    const { findLostJob } = (await find.load()) as typeof import("./find-lost-job.js"); // what the generator writes loads it
    found = await findLostJob(connection, workflow, kept, uniqueName, options);
    searched = `, and no export named "${uniqueName}" is to be found after ${(options.visibilityMs ?? 30_000) / 1000} s: it`;
  }
  if (found) return found;
  throw new CreateAmbiguousError(
    `${what}${searched} may have been started. Look for it at the vendor before you start it again`,
    { vendor, cause },
  );
}
