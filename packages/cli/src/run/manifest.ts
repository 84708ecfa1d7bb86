import { readFileSync } from "node:fs";
import lockfile from "proper-lockfile";
import writeFileAtomic from "write-file-atomic";
import { UsageError } from "../errors/command-error.js";

/** What came of an export of a file of several. */
export interface ManifestEntry {
  readonly name: string;
  readonly fingerprint: string;
  readonly vendor: string;
  readonly workflow: string;
  /** `starting`: asked for, and no answer has come; `running`: the vendor works on it, or its file is to be fetched. */
  readonly state: "starting" | "running" | "done" | "failed";
  readonly options: Readonly<Record<string, string>>;
  readonly target: string;
  readonly id?: string;
  readonly token?: string;
  readonly file?: string;
  readonly sizeBytes?: number;
  readonly sha256?: string;
  readonly integrity?: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly error?: string;
}

/** The record of a file of exports, written whole after every change. One process at a time has it. */
export interface RunManifest {
  readonly entries: readonly ManifestEntry[];
  /** Puts an entry in the place of the one that has the same fingerprint, or that the same export has left behind it. */
  put(entry: ManifestEntry): void;
  release(): Promise<void>;
}

/**
 * @param onLost called when another process has taken it over: this one was asleep for so long
 * @throws {UsageError} where another process has it, or it is damaged
 */
export async function openRunManifest(path: string, onLost: () => void): Promise<RunManifest> {
  let release: () => Promise<void>;
  try {
    release = await lockfile.lock(path, {
      ...{ realpath: false, stale: 15_000, update: 5_000, onCompromised: onLost },
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // the library's own, or that of node:fs
    throw new UsageError(
      code === "ELOCKED"
        ? `another process runs these exports (it has ${path}); one that was killed is forgotten after 15 s`
        : `cannot write ${path}: ${code}`,
    );
  }
  let entries: ManifestEntry[];
  try {
    entries = readEntries(path);
  } catch (error) {
    await release();
    throw error;
  }
  return {
    get entries() {
      return entries;
    },
    put(entry) {
      const others = entries.filter(
        ({ fingerprint, name, state }) =>
          fingerprint !== entry.fingerprint &&
          !(name === entry.name && (state === "done" || state === "failed")),
      );
      entries = [...others, entry];
      writeFileAtomic.sync(path, `${JSON.stringify({ version: 1, exports: entries }, null, 2)}\n`);
    },
    release: () => release().catch(() => {}), // it was lost
  };
}

function readEntries(path: string): ManifestEntry[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return []; // the first run
  }
  try {
    const { version, exports } = JSON.parse(text) as { version: number; exports: ManifestEntry[] }; // written above
    if (version === 1 && Array.isArray(exports)) return exports;
  } catch {
    // told below
  }
  throw new UsageError(`${path} is no manifest of outhaul run: name another one with --manifest`);
}
