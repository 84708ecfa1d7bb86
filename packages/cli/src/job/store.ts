import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { ExportJob } from "@outhaul/shared";
import { xdgState } from "xdg-basedir";
import type { Io } from "../terminal/io.js";

/** A job that has not come home: what another process needs to go on with it. Holds no secret. */
export interface JobRecord {
  readonly v: 1;
  readonly vendor: string;
  readonly workflow: string;
  /** `starting`: it was asked for, and no answer has come. */
  readonly state: "starting" | "unfinished";
  /** The vendor's last known word, as we call it: `running`. */
  readonly jobState?: string;
  readonly id?: string;
  readonly token?: string;
  /** The filled output template. */
  readonly target?: string;
  /** Options of the client that are no secrets. */
  readonly clientOptions: Readonly<Record<string, string>>;
  readonly startedAt: string;
  /** The process that works on it. */
  readonly pid: number;
  readonly host: string;
  /** What was told when the last process gave up. */
  readonly error?: string;
}

/** A record that can be changed by its process. */
export interface JobEntry {
  readonly record: JobRecord;
  /** Whether there is something to go on with. */
  readonly isKept: boolean;
  /** The vendor has accepted the job: from now on its token is kept. */
  accepted(job: ExportJob, more?: Partial<JobRecord>): void;
  update(more: Partial<JobRecord>): void;
  /** Nothing is left to go on with. */
  remove(): void;
}

/** The jobs of this user that have not come home, a file each, so that many processes can write at once. */
export interface JobStore {
  readonly folder: string;
  begin(
    record: Pick<JobRecord, "vendor" | "workflow" | "clientOptions"> & Partial<JobRecord>,
  ): Promise<JobEntry>;
  /** Takes over a record, or makes one for a job from elsewhere. */
  adopt(job: ExportJob, record: Partial<JobRecord>): Promise<JobEntry>;
  list(): JobRecord[];
}

export function openJobStore(io: Io): JobStore {
  const folder = join(xdgState ?? io.cwd, "outhaul", "jobs");
  const me = { pid: process.pid, host: hostname() };

  async function entry(first: JobRecord, name: string): Promise<JobEntry> {
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
      accepted(job, more = {}) {
        const before = path;
        path = join(folder, nameOf(job));
        record = { ...record, ...more, state: "unfinished", id: job.id, token: job.token };
        write();
        if (before !== path) rmSync(before, { force: true });
      },
      update(more) {
        record = { ...record, ...more };
        write();
      },
      remove() {
        isKept = false;
        rmSync(path, { force: true });
      },
    };
  }

  return {
    folder,
    begin: (given) =>
      entry(
        { v: 1, state: "starting", startedAt: new Date().toISOString(), ...given, ...me },
        `start-${randomUUID()}.json`,
      ),
    adopt(job, given) {
      const { id, token, vendor, workflow, snapshot } = job;
      const startedAt = snapshot.createdAt.toISOString();
      const record: JobRecord = {
        ...{ v: 1, clientOptions: {}, startedAt, ...given },
        ...{ vendor, workflow, id, token, state: "unfinished", ...me },
      };
      return entry(record, nameOf(job));
    },
    list() {
      let names: string[];
      try {
        names = readdirSync(folder);
      } catch {
        return []; // nothing was ever started
      }
      return names
        .filter((name) => name.endsWith(".json"))
        .flatMap((name) => {
          try {
            const record = JSON.parse(readFileSync(join(folder, name), "utf8")) as JobRecord; // written above
            return record.v === 1 ? [record] : [];
          } catch {
            return []; // its process has finished it in this moment
          }
        })
        .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
    },
  };
}

/** Whether a process works on the job, on this machine. */
export function isAttended({ pid, host }: JobRecord): boolean {
  if (host !== hostname() || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // it is somebody else's, and there
  }
}

/** One file a job, whichever process writes it. */
function nameOf({ vendor, workflow, id }: Pick<ExportJob, "vendor" | "workflow" | "id">): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([vendor, workflow, id]))
    .digest("hex");
  return `${vendor}-${hash.slice(0, 24)}.json`;
}
