import type { Connection } from "../client/connection.js";
import type { StartOptions } from "../client/options.js";
import { requestStatus } from "../polling/status-request.js";
import { CreateAmbiguousError } from "../record/errors.js";
import { sleep } from "../time/sleep.js";
import { textsOf } from "../workflow/reply.js";
import type { JobReference, Workflow } from "../workflow/workflow.js";

/** A create whose reply was lost. */
export interface LostCreate<Request, Raw> {
  readonly workflow: Workflow<Request, Raw>;
  /** Why the reply is not known. */
  readonly cause: unknown;
  /** What is known of the job without the reply. */
  readonly kept: JobReference;
  /** The name that no other job has, where the vendor lets jobs be found by one. */
  readonly uniqueName: string | undefined;
}

/**
 * Looks for the job of a create whose reply was lost; returns what the vendor says of it.
 * @throws {@link CreateAmbiguousError} if it cannot be found: it may exist all the same
 */
export async function findLostJob<Request, Raw>(
  connection: Connection,
  { workflow, cause, kept, uniqueName }: LostCreate<Request, Raw>,
  { signal, visibilityMs = 30_000 }: StartOptions,
): Promise<JobReference> {
  const { vendor, clock } = connection;
  const { start, find, poll, name } = workflow;
  const reason = cause instanceof Error ? ` (${cause.message})` : "";
  const what = `${vendor}: ${name}: the reply to ${start.operation.method} ${start.operation.path} was lost${reason}`;
  if (!find || !uniqueName)
    throw new CreateAmbiguousError(
      `${what}: the export may have been started. Look for it at the vendor before you start it again`,
      { vendor, cause },
    );
  const context = { kind: "poll", workflow: name, signal } as const;
  const deadlineAt = clock.now() + visibilityMs;
  for (let waitMs = 1000; ; waitMs *= 2) {
    const { reply, file } = await requestStatus(connection, workflow, kept, context);
    file?.destroy();
    if (reply?.ok && find.matches(reply as never, uniqueName))
      return textsOf(poll.outputs?.(reply as never) ?? {}); // the reply's type is what the spec promises
    const leftMs = deadlineAt - clock.now();
    const minMs = reply?.retryAfterMs ?? 0;
    if (leftMs <= 0 || minMs > leftMs) break;
    await sleep(clock, Math.max(Math.min(waitMs, leftMs), minMs), signal); // the last look is at the deadline
  }
  throw new CreateAmbiguousError(
    `${what}, and no export named "${uniqueName}" is to be found after ${visibilityMs / 1000} s: it may have been started. Look for it at the vendor before you start it again`,
    { vendor, cause },
  );
}
