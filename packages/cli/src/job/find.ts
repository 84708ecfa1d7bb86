import { readToken } from "@outhaul/shared";
import { UsageError } from "../errors/command-error.js";
import type { Io } from "../terminal/io.js";
import { openJobStore, type StoredJob } from "./store.js";

/** A job that a user named. */
export interface FoundJob {
  readonly token: string;
  /** Its record, if it was started on this machine. */
  readonly record: StoredJob | undefined;
}

/**
 * Finds a job by its resume token, or by the id of a recorded job.
 * @throws {UsageError} if the text is neither, or if several jobs have the id
 */
export function findJob(text: string, io: Io): FoundJob {
  const { records, damaged } = openJobStore(io).list();
  if (isToken(text)) return { token: text, record: recordOf(text, records) };
  const matches = records.filter((record) => record.id === text && record.token !== undefined);
  const [record] = matches;
  if (!record?.token)
    throw new UsageError(
      `"${text.slice(0, 40)}" is neither a resume token nor an id of outhaul jobs`,
      ...damaged,
    );
  if (matches.length > 1)
    throw new UsageError(`several exports have the id ${text}: give the token of one (outhaul jobs --json)`);
  return { token: record.token, record };
}

/**
 * Finds the record of a job by its token, its id, or the name that `outhaul jobs` gives one that has no id.
 * @throws {UsageError} if there is none, or if several jobs have the id
 */
export function findRecord(text: string, io: Io): StoredJob {
  const { records, damaged } = openJobStore(io).list();
  const found = isToken(text) ? recordOf(text, records) : undefined;
  const matches = found ? [found] : records.filter(({ key }) => key === text);
  const [record] = matches;
  if (!record) throw new UsageError(`outhaul jobs has no "${text.slice(0, 40)}"`, ...damaged);
  if (matches.length > 1)
    throw new UsageError(`several exports have the id ${text}: give the token of one (outhaul jobs --json)`);
  return record;
}

function isToken(text: string): boolean {
  return /^v\d+\./.test(text);
}

function recordOf(token: string, records: readonly StoredJob[]): StoredJob | undefined {
  const { vendor, workflow, id, createdAt } = readToken(token);
  const named = records.filter(
    (one) => one.vendor === vendor && one.workflow === workflow && one.id === id && one.token !== undefined,
  );
  // Two accounts may have a job of one id; a job keeps the time of its creation in all its tokens.
  const isSame = ({ token: kept = "" }: StoredJob) =>
    readToken(kept).createdAt.getTime() === createdAt.getTime();
  return named.find(isSame) ?? (named.length === 1 ? named[0] : undefined);
}
