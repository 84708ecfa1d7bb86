import type { Connection } from "../client/connection.js";
import type { StartOptions, TimedStartOptions } from "../client/options.js";
import type { RequestContext } from "../client/request-context.js";
import { toHex } from "../encoding/hex.js";
import { ConnectionError, ProtocolError } from "../errors/request-errors.js";
import { checkOptions, type OptionTable } from "../options/check-options.js";
import { MAX_SOFT_HINT_MS } from "../polling/timing.js";
import { sleep } from "../time/sleep.js";
import { type FullReply, textsOf } from "../workflow/reply.js";
import type { Workflow } from "../workflow/workflow.js";
import type { ExportJob } from "./export-job.js";
import { Job } from "./job.js";

/** The options of every start. */
export const START_OPTIONS: OptionTable<StartOptions> = { signal: "", visibilityMs: "number" };

/** How often a create is sent at most while the vendor cannot be reached. */
const MAX_UNSENT = 5;
/** How long a create is sent again while the vendor refuses it for now (429, 503 with Retry-After). */
const MAX_REFUSED_MS = 600_000;

/** The result of a create: the vendor's reply, or why nobody knows whether it was received. */
type CreateResult = { readonly reply: FullReply } | { readonly lost: unknown };

/**
 * Starts an export. A create is sent again only if it was certainly not accepted; a create whose reply was lost is looked for where the vendor
 * lets jobs be found.
 * @throws {@link ApiError}, {@link ConnectionError}, {@link ProtocolError}; {@link CreateAmbiguousError} if a job may exist that could not be found
 */
export async function startJob<Request, Raw>(
  connection: Connection,
  workflow: Workflow<Request, Raw>,
  given: Request,
  options: TimedStartOptions = {},
): Promise<ExportJob<Raw>> {
  const { vendor, clock, definition, turns } = connection;
  const { name } = workflow;
  if (typeof given !== "object" || given === null)
    throw new TypeError(`${vendor}: ${name}: expects an object`);
  const { startOptions } = definition.openJobs ?? definition.longLimits ?? {};
  checkOptions(`${vendor}: ${name}`, options, { ...START_OPTIONS, ...startOptions });
  const { signal, timeoutMs } = options;
  const deadlineAt = timeoutMs === undefined ? undefined : clock.now() + timeoutMs;
  const leave = await turns?.enter(name, { signal, deadlineAt });
  try {
    return await startNow(connection, workflow, given, options, deadlineAt);
  } finally {
    leave?.();
  }
}

async function startNow<Request, Raw>(
  connection: Connection,
  workflow: Workflow<Request, Raw>,
  given: Request,
  options: StartOptions,
  deadlineAt: number | undefined,
): Promise<ExportJob<Raw>> {
  const { vendor, clock } = connection;
  const { start, find } = workflow;
  const uniqueName = find && makeUniqueName((given as Record<string, unknown>)[find.unique]); // the generator has checked that the field exists
  const request: Request = find ? { ...given, [find.unique]: uniqueName } : given;
  const kept = textsOf({ id: uniqueName, ...start.keep?.(request) });
  const sentAt = clock.now();

  const result = await sendCreate(connection, workflow, request, options.signal, deadlineAt);
  if ("lost" in result) {
    const { findLostCreate } = await import("./lost-create.js");
    const lost = { workflow, cause: result.lost, kept, uniqueName };
    const found = await findLostCreate(connection, lost, options);
    return new Job(connection, workflow, { job: { ...kept, ...found }, createdAt: sentAt, adopted: true });
  }
  const { reply } = result;
  const { retryAfterMs, status } = reply;
  const outputs = textsOf(await start.outputs(reply, connection));
  if (!uniqueName && outputs["id"] === undefined)
    throw new ProtocolError(
      `${vendor}: ${workflow.name}: the vendor accepted the export (${status}) but gave no id to follow it by. Look for it at the vendor before you start it again`,
      { vendor },
    );
  const createdAt = clock.now(); // a create may have been refused for minutes before it was accepted
  const timing =
    retryAfterMs === undefined ? {} : { notBefore: createdAt + Math.min(retryAfterMs, MAX_SOFT_HINT_MS) };
  return new Job(connection, workflow, { job: { ...kept, ...outputs }, createdAt, ...timing });
}

/** Sends the create until the vendor has accepted it. @throws {@link ApiError} if the vendor refuses it */
async function sendCreate<Request, Raw>(
  connection: Connection,
  { name, start }: Workflow<Request, Raw>,
  request: Request,
  signal: AbortSignal | undefined,
  deadlineAt: number | undefined,
): Promise<CreateResult> {
  const { clock, errors, definition } = connection;
  const context: RequestContext = { kind: "create", workflow: name, signal, deadlineAt };
  const parts = start.request(request);
  const refusedUntil = deadlineAt ?? clock.now() + MAX_REFUSED_MS;
  for (let attempt = 1; ; attempt++) {
    let reply: FullReply;
    try {
      reply = await connection.send(start.operation, parts, { ...context, attempt });
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      if (error.requestSent) return { lost: error };
      if (attempt >= MAX_UNSENT) throw error;
      await sleep(clock, 500 * 2 ** (attempt - 1), signal);
      continue;
    }
    const error = () => errors.api(start.operation, reply, context);
    if (isRefusedForNow(reply)) {
      const waitMs = reply.retryAfterMs ?? 10_000 * 2 ** (attempt - 1);
      if (clock.now() + waitMs > refusedUntil) throw error();
      await sleep(clock, waitMs, signal);
      continue;
    }
    if (isReplyLost(reply)) return { lost: error() };
    if (!start.accepted(reply) || definition.errors?.when?.(reply)) throw error();
    return { reply };
  }
}

/** True if the vendor has not accepted the create, and says so. */
function isRefusedForNow({ status, headers, retryAfterMs }: FullReply): boolean {
  if (headers.get("x-should-retry") === "false") return false;
  return status === 429 || (status === 503 && retryAfterMs !== undefined);
}

/** True if something between us and the vendor has answered in its place. */
function isReplyLost({ status, ok, unreadable }: FullReply): boolean {
  return status === 502 || status === 504 || (ok && unreadable !== undefined);
}

/** A name that no other job has. */
function makeUniqueName(name: unknown): string {
  const suffix = toHex(crypto.getRandomValues(new Uint8Array(6)));
  return `${typeof name === "string" && name.trim() ? name.trim() : "export"} ${suffix}`;
}
