import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { ExportJob } from "@outhaul/shared";
import { xdgState } from "xdg-basedir";
import type { Io } from "../terminal/io.js";
import type { JobRecord } from "./record.js";

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

/** The unfinished jobs of this user. Each has a file of its own, so that many processes can write at once. */
export interface JobStore {
  readonly folder: string;
  /** Records a job that is about to be started. */
  begin(job: Pick<JobRecord, "vendor" | "workflow" | "clientOptions" | "target">): Promise<JobEntry>;
  /** Takes over the record of a job, or creates one for a job of another machine. */
  adopt(job: ExportJob, record: Partial<JobRecord>): Promise<JobEntry>;
  list(): JobRecord[];
}

/** Opens the job store in the user's state folder (XDG Base Directory Specification). */
export function openJobStore(io: Io): JobStore {
  const folder = join(xdgState ?? io.cwd, "outhaul", "jobs");
  const owner = { pid: process.pid, host: hostname() };
  return {
    folder,
    begin(job) {
      const startedAt = new Date().toISOString();
      const record: JobRecord = { v: 1, state: "starting", startedAt, ...job, ...owner };
      return createEntry(folder, `start-${randomUUID()}.json`, record);
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
      return createEntry(folder, fileName(job), record);
    },
    list: () => listRecords(folder),
  };
}

async function createEntry(folder: string, name: string, first: JobRecord): Promise<JobEntry> {
  const { default: writeFileAtomic } = await import("write-file-atomic");
  let record = first;
  let path = join(folder, name);
  let isKept = true;
  const write = () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileAtomic.sync(path, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
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
      path = join(folder, fileName(job));
      record = { ...record, state: "unfinished", id: job.id, token: job.token };
      write();
      if (before !== path) rmSync(before, { force: true });
    },
    update(changes) {
      record = { ...record, ...changes };
      write();
    },
    remove() {
      isKept = false;
      rmSync(path, { force: true });
    },
  };
}

function listRecords(folder: string): JobRecord[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return []; // no job was ever started
  }
  return names
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => {
      try {
        const record = JSON.parse(readFileSync(join(folder, name), "utf8")) as JobRecord; // this store wrote it
        return record.v === 1 ? [record] : [];
      } catch {
        return []; // another process removed it just now
      }
    })
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}

/** The file of a job's record. Every process derives the same name. */
function fileName({ vendor, workflow, id }: Pick<ExportJob, "vendor" | "workflow" | "id">): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([vendor, workflow, id]))
    .digest("hex");
  return `${vendor}-${hash.slice(0, 24)}.json`;
}
