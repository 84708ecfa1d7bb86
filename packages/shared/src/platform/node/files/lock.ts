import { randomBytes, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { hostname } from "node:os";
import { DownloadError } from "../../../errors/download-error.js";
import { fileError, noLinks, systemCodeOf } from "./error.js";
import type { FileSystem } from "./file-system.js";
import { openNoFollow, readText } from "./own-file.js";

/** The right of one process to write a partial file. */
export interface Lock {
  /** Called before each write; a promise after a pause in which others may have thought that this process is no more. */
  hold(): Promise<void> | undefined;
  /** @throws {@link DownloadError} `LOCKED` where another process has taken it over */
  check(): Promise<void>;
  release(): Promise<void>;
}

/** A lock that somebody has. */
interface FoundLock {
  readonly owner: string;
  /** When its owner last said that it lives, by the clock of the file system. */
  readonly beatAt: number;
}

/** How often a lock is tried for: others may take a stale one over at the same moment. */
const MAX_TRIES = 5;
/** How often the owner of a lock says that it lives, and how long it is believed where nobody can look for it. */
const BEAT_MS = 30_000;
const MAX_SILENCE_MS = 300_000;

/**
 * Locks a partial file for this process. The lock of a process that is no more is taken over.
 * @throws {@link DownloadError} `LOCKED`, `FILE_ERROR`
 */
export async function acquireLock(fs: FileSystem, path: string, partPath: string): Promise<Lock> {
  const owner = `${process.pid} ${hostname()} ${randomUUID()} ${await startOf(fs, process.pid)}`;
  const locked = (cause?: unknown) =>
    new DownloadError(
      "LOCKED",
      `download: another process saves to ${partPath}; if none does, remove ${path}`,
      { path: partPath, cause },
    );
  for (let tries = 1; ; tries++) {
    const now = await placeLock(fs, path, owner).catch((error: unknown) => {
      throw fileError("lock", path, error);
    });
    if (now === undefined) break;
    const found = await readLock(fs, path).catch((error: unknown) => {
      throw locked(error); // whatever it is, it is not ours to remove
    });
    if (tries >= MAX_TRIES || (found && (await isAlive(fs, found, now)))) throw locked();
    await removeStaleLock(fs, path, found);
  }

  let beatAt = Date.now();
  const check = async () => {
    const found = await readLock(fs, path).catch(() => undefined);
    if (found?.owner !== owner) throw locked();
  };
  const beat = async () => {
    await check();
    beatAt = Date.now();
    await fs.utimes(path, beatAt / 1000, beatAt / 1000);
  };
  const timer = setInterval(() => void beat().catch(() => {}), BEAT_MS).unref();
  return {
    check,
    hold: () => (Math.abs(Date.now() - beatAt) > 2 * BEAT_MS ? beat() : undefined),
    async release() {
      clearInterval(timer);
      await check();
      await fs.rm(path, { force: true });
    },
  };
}

/** The name has the form of a download's temporary file, so that `cleanupStale` removes what a crash leaves. */
function temporaryName(path: string): string {
  return `${path}.${randomBytes(6).toString("hex")}.part`;
}

/**
 * Creates a lock with its text in it: a process that is killed leaves no lock without an owner. Where there is one, it returns the time of the file
 * system, which may be another computer's.
 */
async function placeLock(fs: FileSystem, path: string, owner: string): Promise<number | undefined> {
  const temporary = temporaryName(path);
  await fs.writeFile(temporary, owner, { flag: "wx" });
  try {
    const { mtimeMs } = await fs.stat(temporary);
    const place = async () => {
      try {
        await fs.link(temporary, path);
      } catch (error) {
        if (!noLinks(error)) throw error;
        await fs.writeFile(path, owner, { flag: "wx" });
      }
    };
    return (
      (await place().catch((error: unknown) => {
        if (systemCodeOf(error) !== "EEXIST") throw error;
        return mtimeMs;
      })) ?? undefined
    );
  } finally {
    await fs.rm(temporary, { force: true });
  }
}

/** Reads a lock; `undefined` if there is none any more. Throws for what is no plain file. */
async function readLock(fs: FileSystem, path: string): Promise<FoundLock | undefined> {
  try {
    const file = await openNoFollow(fs, path, constants.O_RDONLY);
    try {
      const found = await file.stat();
      if (!found.isFile()) throw new TypeError(`${path} is no plain file`);
      return { owner: await readText(file), beatAt: found.mtimeMs };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Removes the lock that was found, but gives it back if somebody else has taken it over in between. */
async function removeStaleLock(fs: FileSystem, path: string, found: FoundLock | undefined): Promise<void> {
  const stale = temporaryName(path);
  await fs.rename(path, stale).catch(() => {});
  const moved = await readLock(fs, stale).catch(() => undefined);
  if (moved && moved.owner !== found?.owner) await fs.link(stale, path).catch(() => {});
  await fs.rm(stale, { force: true });
}

/**
 * True if the owner of a lock may still be writing. A number of a process is given to another one sooner or later, in containers at once; so the time
 * counts at which it was started, and for what cannot be looked at, when it last said that it lives.
 */
async function isAlive(fs: FileSystem, { owner, beatAt }: FoundLock, now: number): Promise<boolean> {
  const [pid, host, , start = ""] = owner.split(" ");
  const isBelieved = now - beatAt < MAX_SILENCE_MS;
  if (host !== hostname()) return isBelieved;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (systemCodeOf(error) !== "EPERM") return false;
  }
  const isOwnPid = Number(pid) === process.pid;
  const found = await startOf(fs, Number(pid));
  if (start && found) return start === found;
  return isOwnPid ? start === found && isBelieved : isBelieved;
}

/** When a process was started, in the words of the system, where it tells. */
async function startOf(fs: FileSystem, pid: number): Promise<string> {
  const text = await fs.readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}
