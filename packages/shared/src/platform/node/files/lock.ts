import { randomBytes, randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { DownloadError } from "../../../errors/download-error.js";
import { fileError, noLinks, systemCodeOf } from "./error.js";
import type { FileSystem } from "./file-system.js";

/** The right of one process to write a partial file. */
export interface Lock {
  /** @throws {@link DownloadError} `LOCKED` where another process has taken it over */
  check(): Promise<void>;
  release(): Promise<void>;
}

/** How often a lock is tried for: others may take a stale one over at the same moment. */
const MAX_TRIES = 5;

/**
 * Locks a partial file for this process. The lock of a process that is no more is taken over.
 * @throws {@link DownloadError} `LOCKED`, `FILE_ERROR`
 */
export async function acquireLock(fs: FileSystem, path: string, partPath: string): Promise<Lock> {
  const owner = `${process.pid} ${hostname()} ${randomUUID()}`;
  const read = async () => fs.readFile(path, "utf8").catch(() => undefined);
  const locked = () =>
    new DownloadError(
      "LOCKED",
      `download: another process saves to ${partPath}; if none does, remove ${path}`,
      { path: partPath },
    );
  for (let tries = 1; ; tries++) {
    try {
      await placeLock(fs, path, owner);
      break;
    } catch (error) {
      if (systemCodeOf(error) !== "EEXIST") throw fileError("lock", path, error);
      const found = await read();
      if (tries >= MAX_TRIES || (found !== undefined && isAlive(found))) throw locked();
      await removeStaleLock(fs, path, found);
    }
  }
  const check = async () => {
    if ((await read()) !== owner) throw locked();
  };
  return { check, release: async () => check().then(() => fs.rm(path, { force: true })) };
}

/** The name has the form of a download's temporary file, so that `cleanupStale` removes what a crash leaves. */
function temporaryName(path: string): string {
  return `${path}.${randomBytes(6).toString("hex")}.part`;
}

/** Creates a lock with its text in it: a process that is killed leaves no lock without an owner. Throws `EEXIST` where there is one. */
async function placeLock(fs: FileSystem, path: string, owner: string): Promise<void> {
  const temporary = temporaryName(path);
  await fs.writeFile(temporary, owner, { flag: "wx" });
  try {
    await fs.link(temporary, path);
  } catch (error) {
    if (!noLinks(error)) throw error;
    await fs.writeFile(path, owner, { flag: "wx" });
  } finally {
    await fs.rm(temporary, { force: true });
  }
}

/** Removes the lock that was found, but gives it back if somebody else has taken it over in between. */
async function removeStaleLock(fs: FileSystem, path: string, found: string | undefined): Promise<void> {
  const stale = temporaryName(path);
  await fs.rename(path, stale).catch(() => {});
  const moved = await fs.readFile(stale, "utf8").catch(() => undefined);
  if (moved !== undefined && moved !== found) await fs.link(stale, path).catch(() => {});
  await fs.rm(stale, { force: true });
}

function isAlive(owner: string): boolean {
  const [pid, host] = owner.split(" ");
  if (host !== hostname()) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) === "EPERM";
  }
}
