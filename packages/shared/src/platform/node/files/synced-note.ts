import type { FileHandle } from "node:fs/promises";
import type { FileVersion } from "../../../file/version.js";
import type { FileSystem } from "./file-system.js";
import { writeSidecar } from "./sidecar.js";

/** After so many bytes they are synced at once, and after so long in any case. */
const SYNC_BYTES = 1 << 24;
const SYNC_MS = 250;

/** Keeps the note beside a partial file true: it never promises a byte that is not on the disk. Writing does not wait for it. */
export interface SyncedNote {
  /** Called at the first byte of each version. */
  begin(version: FileVersion): Promise<void>;
  written(position: number): void;
  /** Ends what is under way. */
  settle(): Promise<void>;
  /** Syncs what is written and notes it. */
  sync(): Promise<void>;
}

/** @param resumed the version of the bytes that an earlier run left, and how many they are */
export function createSyncedNote(
  fs: FileSystem,
  file: FileHandle,
  path: string,
  source: string,
  resumed: { version: FileVersion; bytes: number } | undefined,
): SyncedNote {
  let version = resumed?.version;
  let written = resumed?.bytes ?? 0;
  let synced = written;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function sync(): Promise<void> {
    const [bytes, of] = [written, version];
    if (!of || of.encoded || bytes <= synced) return;
    await file.datasync();
    if (version !== of) return; // the file began anew
    await writeSidecar(fs, path, source, of, bytes);
    synced = bytes;
  }

  function start(): void {
    clearTimeout(timer);
    timer = undefined;
    // A sync that fails promises nothing; if the disk is broken, the next write says so.
    running ??= sync()
      .catch(() => {})
      .finally(() => {
        running = undefined;
      });
  }

  async function settle(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    await running;
  }

  return {
    settle,
    async begin(begun) {
      version = undefined;
      await settle();
      version = begun;
      written = 0;
      synced = 0;
      await writeSidecar(fs, path, source, begun, 0);
    },
    written(position) {
      written = position;
      if (written - synced >= SYNC_BYTES) start();
      else timer ??= setTimeout(start, SYNC_MS).unref();
    },
    async sync() {
      await settle();
      await sync();
    },
  };
}
