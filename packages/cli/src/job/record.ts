import { hostname } from "node:os";
import { hasTexts, isResumeToken, isTextRecord } from "./shape.js";

/** The record of an unfinished job: all that another process needs to resume it. It holds no secret. */
export interface JobRecord {
  readonly v: 1;
  readonly vendor: string;
  readonly workflow: string;
  /** `starting` until the vendor answers the request that starts the job. */
  readonly state: "starting" | "unfinished";
  /** The last known state of the job, such as `running`. */
  readonly jobState?: string;
  readonly id?: string;
  readonly token?: string;
  /** The filled output template; `-` for stdout. */
  readonly target?: string;
  /** The account of the vendor, where it has a name. */
  readonly profile?: string;
  /** Options of the client that are no secrets. */
  readonly clientOptions: Readonly<Record<string, string>>;
  readonly startedAt: string;
  /** The process that waits for the job. */
  readonly pid: number;
  readonly host: string;
  /** The message of the error that ended the last attempt. */
  readonly error?: string;
}

/** True if a value is a record that this program wrote. */
export function isJobRecord(value: unknown): value is JobRecord {
  if (typeof value !== "object" || value === null) return false;
  const record = value as Partial<Record<keyof JobRecord, unknown>>; // each field is checked below
  const { v, state, pid, startedAt, clientOptions, token } = record;
  return (
    v === 1 &&
    (state === "starting" || (state === "unfinished" && token !== undefined)) &&
    Number.isSafeInteger(pid) &&
    typeof startedAt === "string" &&
    !Number.isNaN(Date.parse(startedAt)) &&
    hasTexts(record, ["vendor", "workflow", "host"], ["id", "target", "error", "jobState", "profile"]) &&
    isTextRecord(clientOptions) &&
    (token === undefined || isResumeToken(token))
  );
}

/** True if another process on this machine waits for the job. */
export function isAttended({ pid, host }: JobRecord): boolean {
  if (host !== hostname() || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // it runs, as another user
  }
}
