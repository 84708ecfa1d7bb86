import { OuthaulError } from "../errors/outhaul-error.js";
import type { ExportJob } from "../job/export-job.js";
import type { ExportRecord, ExportStore } from "./export-store.js";

/** What {@link exportOnce} works with. */
export interface ExportOnceOptions<Result> {
  /** Where exports are remembered. */
  readonly store: ExportStore;
  /** Names the export, with its day where there is one a day: `contacts-2026-01-31`. */
  readonly key: string;
  /** The client of the vendor, which goes on with an export that an earlier run left. */
  readonly client: { resume(token: string): ExportJob };
  /** Starts the export; called when no run has done so. */
  start(): Promise<ExportJob>;
  /** Waits for the export and brings it home. What it resolves to is remembered, so it has to be something that JSON can hold. */
  save(job: ExportJob): Promise<Result>;
}

/** What ends an export for good, so that the next run starts it anew. */
const OVER = new Set<unknown>(["JOB_FAILED", "JOB_CANCELLED", "JOB_EXPIRED", "JOB_GONE"]);

/**
 * Brings an export home once, over as many runs of a program as it takes: starts it, or goes on where an earlier run left it, or says at once what an earlier
 * run brought home. Its resume token is kept before anything is waited for. An export that failed is forgotten, so that the next run starts a new one; after
 * any other error the next run goes on with it.
 * @returns what `save` resolves to, or resolved to in an earlier run
 * @throws {@link OuthaulError} `STORE_START_UNKNOWN` when a run ended, or is still, between sending the start and its answer; `STORE_FAILED`, with the token, when
 * an export that was started could not be remembered; what `start`, `save` and the store throw
 * @example
 * const file = await exportOnce({
 *   store: createFileStore("state"),
 *   key: `contacts-${day}`,
 *   client: ongage,
 *   start: () => ongage.exportContacts(request),
 *   save: (job) => job.save(`exports/contacts-${day}.csv`, { timeoutMs: 6 * 3_600_000 }),
 * });
 */
export async function exportOnce<Result>(options: ExportOnceOptions<Result>): Promise<Result> {
  const { store, key, client, save } = options;
  const found = await store.read(key);
  if (found?.state === "done") return found.result as Result; // the key names what this call brings home
  const job = found?.state === "running" ? client.resume(found.token) : await startNew(options, found);
  const result = await save(job).catch(async (error: unknown) => {
    if (OVER.has(codeOf(error))) await store.remove(key);
    throw error;
  });
  await store.replace(key, { v: 1, state: "done", since: now(), result });
  return result;
}

async function startNew<Result>(
  { store, key, start }: ExportOnceOptions<Result>,
  found: ExportRecord | undefined,
): Promise<ExportJob> {
  const mark: ExportRecord = { v: 1, state: "starting", since: now() };
  if (found || !(await store.add(key, mark))) throw unknownStart(key, found ?? (await store.read(key)));
  const remember = async (token: string): Promise<void> => {
    await store.replace(key, { v: 1, state: "running", since: now(), token }).catch((cause: unknown) => {
      const message = `the export "${key}" was started, and could not be remembered: keep its token, ${token}`;
      throw new OuthaulError(message, { code: "STORE_FAILED", token, cause });
    });
  };
  let job: ExportJob;
  try {
    job = await start();
  } catch (error) {
    const token = OuthaulError.isInstance(error) ? error.token : undefined;
    if (token !== undefined) await remember(token);
    else if (wasNotTaken(error)) await store.remove(key);
    throw error;
  }
  await remember(job.token);
  return job;
}

/** True if an error of a start says that the vendor has no export of it. Of an abort nobody knows. */
function wasNotTaken(error: unknown): boolean {
  if (OuthaulError.isInstance(error)) return error.code !== "CREATE_AMBIGUOUS";
  return error instanceof TypeError || error instanceof RangeError; // wrong options: nothing was sent
}

function unknownStart(key: string, found: ExportRecord | undefined): OuthaulError {
  const since = found === undefined ? "" : ` (since ${found.since})`;
  const message = `the export "${key}" is being started, or its start was cut off${since}: the vendor may have taken it. If no process does, look there; then remove "${key}" from the store to start it anew`;
  return new OuthaulError(message, { code: "STORE_START_UNKNOWN" });
}

function codeOf(error: unknown): unknown {
  return OuthaulError.isInstance(error) ? error.code : undefined;
}

function now(): string {
  return new Date().toISOString();
}
