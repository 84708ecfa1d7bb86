import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { ExportJob } from "@outhaul/shared";
import { DiskError, UsageError } from "../errors/command-error.js";
import { reasonOf, systemCode } from "../errors/system-reason.js";
import { makeFolder } from "../files/make-folder.js";
import { userFolder } from "../files/user-folder.js";
import { writeWhole } from "../files/write-whole.js";
import type { Io } from "../terminal/io.js";
import { printLine } from "../terminal/print.js";
import { isJobRecord, type JobRecord } from "./record.js";

/** A job's record that this process may change. Every change is written to its file. */
export interface JobEntry {
  readonly record: JobRecord;
  /** True until the record is removed. */
  readonly isKept: boolean;
  /** Records that the vendor accepted the job. */
  markAccepted(job: ExportJob): void;
  update(changes: Partial<JobRecord>): void;
  /** Removes the record, because there is nothing left to resume. */
  remove(): void;
}

/** A record of the store, and what to call it. */
export interface StoredJob extends JobRecord {
  /** The job's id; before the vendor gave one, a name of the record's own that can be typed. */
  readonly key: string;
  /** The record's file. */
  readonly file: string;
}

/** The records of a store. */
export interface JobList {
  readonly records: readonly StoredJob[];
  /** What to do about each file that is no record, one line each. */
  readonly damaged: readonly string[];
}

/** The unfinished jobs of this user. Each has a file of its own, so that many processes can write at once. */
export interface JobStore {
  readonly folder: string;
  /** Records a job that is about to be started. */
  begin(job: Pick<JobRecord, "vendor" | "workflow" | "profile" | "clientOptions" | "target">): JobEntry;
  /** Takes over the record of a job, or creates one for a job of another machine. */
  adopt(job: ExportJob, record: Partial<JobRecord>): JobEntry;
  list(): JobList;
  /** Removes the record of a job that nobody wants to go on with. */
  forget(job: StoredJob): void;
}

/** Opens the job store in the user's state folder (XDG Base Directory Specification). */
export function openJobStore(io: Io): JobStore {
  const folder = join(userFolder("state", io), "jobs");
  const owner = { pid: process.pid, host: hostname() };
  return {
    folder,
    begin(job) {
      const startedAt = new Date().toISOString();
      const record: JobRecord = { v: 1, state: "starting", startedAt, ...job, ...owner };
      return createOrWarn(folder, `start-${randomUUID()}.json`, record, io);
    },
    adopt(job, known) {
      const { id, token, vendor, workflow, snapshot } = job;
      const record: JobRecord = {
        clientOptions: {},
        startedAt: snapshot.createdAt.toISOString(),
        ...known,
        v: 1,
        vendor,
        workflow,
        id,
        token,
        state: "unfinished",
        ...owner,
      };
      return createOrWarn(folder, fileName(record), record, io);
    },
    list: () => listRecords(folder),
    forget: ({ file }) => remove(file),
  };
}

/** How much of the name of a record without an id is its key: `start-` and eight digits. */
const START_KEY = "start-".length + 8;

/** How a system says that a user has no place to write: read-only, somebody else's, or none. A disk that is full, or a file in the way, can be mended. */
const NO_HOME = new Set(["EACCES", "EPERM", "EROFS", "ENOENT"]);

/** Where nothing can be recorded, such as without a home, an export runs all the same: whoever started it is told, and has the token. */
function createOrWarn(folder: string, name: string, first: JobRecord, { stderr }: Io): JobEntry {
  try {
    return createEntry(folder, name, first);
  } catch (error) {
    if (!(error instanceof DiskError) || !NO_HOME.has(systemCode(error.cause) ?? "")) throw error;
    printLine(
      stderr,
      `outhaul: ${error.message}. So this export will not be among outhaul jobs: keep its token, or set XDG_STATE_HOME to a folder that can be written`,
    );
    return unrecorded(first);
  }
}

function unrecorded(first: JobRecord): JobEntry {
  let record = first;
  let isKept = true;
  return {
    get record() {
      return record;
    },
    get isKept() {
      return isKept;
    },
    markAccepted({ id, token }) {
      record = { ...record, state: "unfinished", id, token };
    },
    update(changes) {
      record = { ...record, ...changes };
    },
    remove() {
      isKept = false;
    },
  };
}

function createEntry(folder: string, name: string, first: JobRecord): JobEntry {
  let record = first;
  let path = join(folder, name);
  let isKept = true;
  const write = () => {
    makeFolder(folder);
    writeWhole(path, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  };
  write();
  return {
    get record() {
      return record;
    },
    get isKept() {
      return isKept;
    },
    markAccepted(job) {
      const before = path;
      record = { ...record, state: "unfinished", id: job.id, token: job.token };
      path = join(folder, fileName(record));
      write();
      if (before !== path) remove(before);
    },
    update(changes) {
      record = { ...record, ...changes };
      write();
    },
    remove() {
      isKept = false;
      remove(path);
    },
  };
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (cause) {
    throw new DiskError(`cannot remove ${path}: ${reasonOf(cause)}`, { cause });
  }
}

function listRecords(folder: string): JobList {
  const records: StoredJob[] = [];
  const damaged: string[] = [];
  for (const name of recordNames(folder)) {
    const path = join(folder, name);
    const value = readJson(path);
    if (value === undefined) continue; // another process removed it just now
    if (isJobRecord(value)) records.push({ ...value, key: value.id ?? name.slice(0, START_KEY), file: path });
    else if (!isNewer(value))
      damaged.push(`${path} is damaged: mend it, or look for the export at the vendor and remove the file`);
  }
  return { records: records.sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1)), damaged };
}

function recordNames(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return []; // no job was ever started
    throw new UsageError(
      `cannot read ${folder}, where exports that were left are recorded: ${reasonOf(error)}`,
    );
  }
}

/** The contents of a file. Null if it cannot be read or is no JSON, undefined if there is none. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    return systemCode(error) === "ENOENT" ? undefined : null;
  }
}

/** True for the record of a newer version of this program, which is left to it. */
function isNewer(value: unknown): boolean {
  return typeof value === "object" && value !== null && "v" in value && Number(value.v) > 1;
}

/** The file of a job's record. Every process derives the same name. */
function fileName({ vendor, workflow, id, profile }: JobRecord): string {
  // Vendors that count the jobs of each account have the same id in two of them.
  const hash = createHash("sha256")
    .update(JSON.stringify([vendor, workflow, id, ...(profile === undefined ? [] : [profile])]))
    .digest("hex");
  return `${vendor}-${hash.slice(0, 24)}.json`;
}
