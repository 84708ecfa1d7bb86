import type { Connection } from "../client/connection.js";
import type { StartOptions } from "../client/options.js";
import { requestStatus } from "../polling/status-request.js";
import { sleep } from "../time/sleep.js";
import { textsOf } from "../workflow/reply.js";
import type { JobReference, Workflow } from "../workflow/workflow.js";

/** Looks for the job with a unique name; returns what the vendor says of it, or nothing. Vendors whose jobs have no such name do not load it. */
export async function findLostJob<Request, Raw>(
  connection: Connection,
  workflow: Workflow<Request, Raw>,
  kept: JobReference,
  uniqueName: string,
  { signal, visibilityMs = 30_000 }: StartOptions,
): Promise<JobReference | undefined> {
  const { clock } = connection;
  const { find, poll, name } = workflow;
  const context = { kind: "poll", workflow: name, signal } as const;
  const deadlineAt = clock.now() + visibilityMs;
  for (let waitMs = 1000; ; waitMs *= 2) {
    const { reply, file } = await requestStatus(connection, workflow, kept, context);
    file?.destroy();
    if (reply?.ok && find?.matches(reply as never, uniqueName))
      return textsOf(poll.outputs?.(reply as never) ?? {}); // the reply's type is what the spec promises
    const leftMs = deadlineAt - clock.now();
    const minMs = reply?.retryAfterMs ?? 0;
    if (leftMs <= 0 || minMs > leftMs) return undefined;
    await sleep(clock, Math.max(Math.min(waitMs, leftMs), minMs), signal); // the last look is at the deadline
  }
}
