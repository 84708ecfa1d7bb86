import { readToken } from "@outhaul/shared";
import { UsageError } from "../errors/command-error.js";
import type { Io } from "../terminal/io.js";
import type { JobRecord } from "./record.js";
import { openJobStore } from "./store.js";

/** A job that a user named. */
export interface FoundJob {
  readonly token: string;
  /** Its record, if it was started on this machine. */
  readonly record: JobRecord | undefined;
}

/**
 * Finds a job by its resume token, or by the id of a recorded job.
 * @throws {UsageError} if the text is neither, or if several jobs have the id
 */
export function findJob(text: string, io: Io): FoundJob {
  const { records, damaged } = openJobStore(io).list();
  if (/^v\d+\./.test(text)) {
    const { vendor, workflow, id } = readToken(text);
    const record = records.find((one) => one.vendor === vendor && one.workflow === workflow && one.id === id);
    return { token: text, record };
  }
  const matches = records.filter((record) => record.id === text && record.token !== undefined);
  const [record] = matches;
  if (!record?.token)
    throw new UsageError(
      `"${text.slice(0, 40)}" is neither a resume token nor an id of outhaul jobs`,
      ...damaged,
    );
  if (matches.length > 1)
    throw new UsageError(`several vendors have a job ${text}: give its token (outhaul jobs --json)`);
  return { token: record.token, record };
}
