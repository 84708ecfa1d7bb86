import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { DownloadError } from "../../errors/download-error.js";
import type { SaveOptions } from "../../file/options.js";
import type { HeldBytes } from "../../file/sink.js";
import type { FileVersion } from "../../file/version.js";
import { fitFileName } from "../../file-name/safe.js";
import { fileError, noLinks, systemCodeOf } from "./file-error.js";
import type { FileSystem } from "./file-system.js";

/** A file that is not whole yet. */
export interface Partial {
  readonly path: string;
  readonly file: FileHandle;
  readonly held?: HeldBytes | undefined;
  begin?(version: FileVersion): Promise<void>;
  /** @throws {@link DownloadError} `LOCKED` where another process has taken it over */
  check?(): Promise<void>;
  /** The file has its final name. */
  release?(): Promise<void>;
  /** Whether the bytes are of use for another run. */
  keeps?(reason: unknown): boolean;
  /** The download failed. */
  abandon(reason: unknown): Promise<void>;
}

interface Sidecar {
  v: 1;
  source: string;
  etag?: string | undefined;
  lastModified?: string | undefined;
  total?: number | undefined;
}

/** After these the bytes are of no use; after all others another run may go on with them. */
const WORTHLESS =
  /^(DIGEST_MISMATCH|SIZE_MISMATCH|SOURCE_CHANGED|TOO_LARGE|DECODE_ERROR|UNEXPECTED_|NO_CONTENT)/;

/**
 * A partial file that outlives its process: a fixed name, a lock, and a sidecar that says of which version and source the bytes are. The
 * sidecar holds no address, only a hash of it.
 */
export async function openPartial(
  fs: FileSystem,
  directory: string,
  name: string,
  key: string,
  { mode = 0o666 }: SaveOptions,
): Promise<Partial> {
  const base = join(directory, `.${fitFileName(name, "", 240)}`);
  const path = `${base}.keep.part`;
  const sidecar = `${base}.keep.json`;
  const source = createHash("sha256").update(key).digest("hex").slice(0, 32);
  const lock = await takeLock(fs, `${base}.keep.lock`, path);
  try {
    // Never through a link that somebody put there.
    const { O_RDWR, O_CREAT, O_NOFOLLOW } = (await import("node:fs")).constants;
    const open = () => fs.open(path, O_RDWR | O_CREAT | (O_NOFOLLOW ?? 0), mode);
    let file = await open();
    let { size, nlink } = await file.stat();
    if (nlink > 1) {
      // It has its final name as well, from a run that was killed right then: that file is not ours to change.
      await file.close();
      await fs.rm(path);
      file = await open();
      ({ size, nlink } = await file.stat());
    }
    const known = await readSidecar(fs, sidecar);
    const usable = size > 0 && known?.source === source && size <= (known.total ?? size);
    if (!usable) await file.truncate(0);
    const held: HeldBytes | undefined = usable
      ? {
          bytes: size,
          version: {
            etag: known.etag,
            lastModified: known.lastModified,
            total: known.total,
            encoded: false,
            noRanges: false,
          },
          read: () => file.createReadStream({ start: 0, end: size - 1, autoClose: false }),
        }
      : undefined;
    return {
      path,
      file,
      held,
      async begin({ etag, lastModified, total, encoded }) {
        const note: Sidecar = encoded ? { v: 1, source: "" } : { v: 1, source, etag, lastModified, total };
        await fs.writeFile(`${sidecar}~`, JSON.stringify(note));
        await fs.rename(`${sidecar}~`, sidecar);
      },
      keeps,
      check: lock.check,
      async release() {
        await fs.rm(sidecar, { force: true });
        await lock.release();
      },
      async abandon(reason) {
        const mine = await lock.check().then(
          () => true,
          () => false,
        );
        if (!mine) return;
        const left = await fs.stat(path).catch(() => undefined);
        if (!left?.size || !keeps(reason)) {
          await fs.rm(path, { force: true }).catch(() => {});
          await fs.rm(sidecar, { force: true }).catch(() => {});
        }
        await lock.release().catch(() => {});
      },
    };
  } catch (error) {
    await lock.release().catch(() => {});
    throw fileError("open", path, error);
  }
}

function keeps(reason: unknown): boolean {
  return !(reason instanceof DownloadError && WORTHLESS.test(reason.code));
}

async function readSidecar(fs: FileSystem, path: string): Promise<Sidecar | undefined> {
  try {
    const note = JSON.parse(await fs.readFile(path, "utf8")) as globalThis.Partial<Sidecar>;
    const text = (value: unknown) => (typeof value === "string" ? value : undefined);
    const total = Number.isSafeInteger(note.total) ? note.total : undefined;
    return note.v === 1
      ? {
          v: 1,
          source: text(note.source) ?? "",
          etag: text(note.etag),
          lastModified: text(note.lastModified),
          total,
        }
      : undefined;
  } catch {
    return undefined; // none, or one that was cut: the bytes are then of nobody knows what
  }
}

interface Lock {
  check(): Promise<void>;
  release(): Promise<void>;
}

/** One process at a time; the lock of a process that is no more is taken over. */
async function takeLock(fs: FileSystem, path: string, part: string): Promise<Lock> {
  const mine = `${process.pid} ${hostname()} ${randomUUID()}`;
  // Temporary files are called so; `cleanupStale` knows them.
  const temporary = () => `${path}.${randomBytes(6).toString("hex")}.part`;
  const read = async () => fs.readFile(path, "utf8").catch(() => undefined);
  const locked = () =>
    new DownloadError("LOCKED", `download: another process saves to ${part}; if none does, remove ${path}`, {
      path: part,
    });
  for (let tries = 0; ; tries++) {
    try {
      await placeLock(fs, path, mine, temporary());
      break;
    } catch (error) {
      if (systemCodeOf(error) !== "EEXIST") throw fileError("lock", path, error);
      const theirs = await read();
      if (tries > 3 || (theirs !== undefined && isAlive(theirs))) throw locked();
      const stale = temporary();
      await fs.rename(path, stale).catch(() => {});
      const taken = await fs.readFile(stale, "utf8").catch(() => undefined);
      // Between the look and the move somebody else may have taken it over: give it back.
      if (taken !== undefined && taken !== theirs) await fs.link(stale, path).catch(() => {});
      await fs.rm(stale, { force: true });
    }
  }
  const check = async () => {
    if ((await read()) !== mine) throw locked();
  };
  return { check, release: async () => check().then(() => fs.rm(path, { force: true })) };
}

/** Makes a lock with its text in it: a process that is killed leaves no lock of nobody. Throws `EEXIST` where there is one. */
async function placeLock(fs: FileSystem, path: string, text: string, temporary: string): Promise<void> {
  await fs.writeFile(temporary, text, { flag: "wx" });
  try {
    await fs.link(temporary, path);
  } catch (error) {
    if (!noLinks(error)) throw error;
    await fs.writeFile(path, text, { flag: "wx" });
  } finally {
    await fs.rm(temporary, { force: true });
  }
}

function isAlive(lock: string): boolean {
  const [pid, host] = lock.split(" ");
  if (host !== hostname()) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) === "EPERM";
  }
}
