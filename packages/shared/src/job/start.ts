import type { Connection } from "../client/connection.js";
import type { RequestContext } from "../client/exchange.js";
import type { StartOptions } from "../client/options.js";
import { askStatus } from "../polling/request.js";
import { checkMs } from "../polling/wait-options.js";
import { ApiError, ConnectionError, CreateAmbiguousError, ProtocolError } from "../record/errors.js";
import type { ExportJob } from "../record/types.js";
import { sleep } from "../time/sleep.js";
import { type FullReply, firstText } from "../workflow/reply.js";
import type { JobReference, Workflow } from "../workflow/workflow.js";
import { Job } from "./job.js";

/** How often a create is sent at most while the vendor cannot be reached. */
const MAX_UNSENT = 5;
/** How long a create is sent again while the vendor refuses it for now (429, 503 with Retry-After). */
const REFUSED_MS = 600_000;

/**
 * Starts an export. A create is sent again only when it was certainly not taken; a create whose reply was lost is looked for where the vendor lets jobs be found.
 * @throws {@link ApiError}, {@link ConnectionError}, {@link ProtocolError}; {@link CreateAmbiguousError} when a job may exist that could not be found
 */
export async function startJob<Request, Raw>(
  connection: Connection,
  workflow: Workflow<Request, Raw>,
  given: Request,
  { signal, visibilityMs = 30_000 }: StartOptions = {},
): Promise<ExportJob<Raw>> {
  const { vendor, clock } = connection;
  if (typeof given !== "object" || given === null)
    throw new TypeError(`${vendor}: ${workflow.name} expects an object, the request`);
  checkMs("visibilityMs", visibilityMs);
  const { start, find } = workflow;
  const unique = find && uniqueName((given as Record<string, unknown>)[find.unique]); // the generator has seen that the field is there
  const request: Request = find ? { ...given, [find.unique]: unique } : given;
  const parts = start.request(request);
  const kept = start.keep?.(request) ?? {};
  const context: RequestContext = { kind: "create", workflow: workflow.name, signal };
  const createdAt = clock.now();

  const job = (
    outputs: Record<string, unknown>,
    extra: { adopted?: boolean; notBefore?: number } = {},
  ): ExportJob<Raw> => {
    const reference: Record<string, string> = {};
    for (const [key, value] of Object.entries({ id: unique, ...kept, ...outputs })) {
      const text = firstText(value);
      if (text !== undefined) reference[key] = text;
    }
    return new Job(connection, workflow, { job: reference, createdAt, ...extra });
  };

  /** Looks for the job of a create whose reply was lost. */
  async function lost(cause: unknown): Promise<ExportJob<Raw>> {
    const what = `${vendor}: ${workflow.name}: the reply to ${start.operation.method} ${start.operation.path} was lost`;
    if (!find || !unique) {
      throw new CreateAmbiguousError(
        `${what}: the export may have been started. Look for it at the vendor before you start it again`,
        { vendor, cause },
      );
    }
    const reference: JobReference = {
      id: unique,
      ...Object.fromEntries(Object.entries(kept).map(([key, value]) => [key, String(value)])),
    };
    const giveUpAt = clock.now() + visibilityMs;
    for (let waitMs = 1000; ; waitMs *= 2) {
      const { reply, file } = await askStatus(connection, workflow, reference, { ...context, kind: "poll" });
      file?.destroy();
      if (reply?.ok && find.matches(reply as never, unique))
        return job({ ...workflow.poll.outputs?.(reply as never) }, { adopted: true }); // the reply's type is what the spec promises
      const leftMs = giveUpAt - clock.now();
      const floorMs = reply?.retryAfterMs ?? 0;
      if (leftMs <= 0 || floorMs > leftMs) break;
      await sleep(clock, Math.max(Math.min(waitMs, leftMs), floorMs), signal); // the last look is at the end
    }
    throw new CreateAmbiguousError(
      `${what}, and no export named "${unique}" is to be found after ${visibilityMs / 1000} s: it may have been started. Look for it at the vendor before you start it again`,
      { vendor, cause },
    );
  }

  for (let attempt = 1; ; attempt++) {
    let reply: FullReply;
    try {
      reply = await connection.send(start.operation, parts, { ...context, attempt });
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      if (error.requestSent) return lost(error);
      if (attempt >= MAX_UNSENT) throw error;
      await sleep(clock, 500 * 2 ** (attempt - 1), signal);
      continue;
    }
    const error = () => connection.errors.api(start.operation, reply, context);
    if (isRefusal(reply)) {
      const waitMs = reply.retryAfterMs ?? 10_000 * 2 ** (attempt - 1);
      if (clock.now() + waitMs - createdAt > REFUSED_MS) throw error();
      await sleep(clock, waitMs, signal);
      continue;
    }
    if (reply.status === 502 || reply.status === 504 || (reply.ok && reply.unreadable)) return lost(error());
    if (!start.accepted(reply) || connection.definition.errors?.when?.(reply)) throw error();
    const outputs = start.outputs(reply);
    if (!unique && firstText(outputs["id"]) === undefined) {
      throw new ProtocolError(
        `${vendor}: ${workflow.name}: the vendor accepted the export (${reply.status}) but gave no id to follow it by. Look for it at the vendor before you start it again`,
        { vendor },
      );
    }
    return job(
      outputs,
      reply.retryAfterMs === undefined ? {} : { notBefore: clock.now() + reply.retryAfterMs },
    );
  }
}

/** The vendor has not taken the create, and says so. */
function isRefusal({ status, headers, retryAfterMs }: FullReply): boolean {
  if (headers.get("x-should-retry") === "false") return false;
  return status === 429 || (status === 503 && retryAfterMs !== undefined);
}

/** A name that no other job has. */
function uniqueName(name: unknown): string {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  const suffix = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${typeof name === "string" && name.trim() ? name.trim() : "export"} ${suffix}`;
}
